//! Which Rust a project is compiled with, as far as its files say.

use semver::Version;
use toml_edit::DocumentMut;

use super::{Project, lowest};

/// The lowest Rust that has to compile the project.
#[derive(Debug, PartialEq, Eq)]
pub struct Rust {
    pub version: Version,
    /// What says so: `rust-version 1.90 in Cargo.toml`.
    pub found: String,
}

impl Project {
    /// The lower of what the manifest says and of what the toolchain file does, which is read when first asked for.
    /// None where neither names a version: `stable` is new enough for us.
    pub fn rust(&self) -> Option<&Rust> {
        let toolchain =
            || ["rust-toolchain", "rust-toolchain.toml"].iter().find_map(|file| self.pinned(file));
        let lowest = || {
            let found = |version: &Version| {
                format!("rust-version {}.{} in {}", version.major, version.minor, self.manifest)
            };
            let said = self.rust_version.as_ref();
            let said = said.map(|version| Rust { version: version.clone(), found: found(version) });
            said.into_iter().chain(toolchain()).min_by(|a, b| a.version.cmp(&b.version))
        };
        self.rust.get_or_init(lowest).as_ref()
    }

    /// Whether the project is compiled with a Rust below `needs`.
    pub fn is_too_old_for(&self, needs: Option<&str>) -> bool {
        let needs = needs.and_then(lowest);
        needs.is_some_and(|needs| self.rust().is_some_and(|has| has.version < needs))
    }

    /// The version that a toolchain file beside the package or the workspace names, in either of its two forms.
    fn pinned(&self, name: &str) -> Option<Rust> {
        // One that cannot be read is for rustup to complain about.
        let text = |path: String| Some((self.text(&path).ok()??, path));
        let (text, path) = [self.in_package(name), name.to_owned()].into_iter().find_map(text)?;
        let document = text.parse::<DocumentMut>().ok();
        let channel = document.as_ref().and_then(|toml| toml.get("toolchain")?.get("channel")?.as_str());
        let channel = channel.unwrap_or(&text).trim();
        // `1.90.0-x86_64-unknown-linux-gnu` is a channel as well.
        let version = channel.split('-').next().and_then(lowest)?;
        Some(Rust { found: format!("{path} says {channel}"), version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust_of(manifest: &str, toolchain: (&str, &str)) -> Option<String> {
        let manifest = format!("[package]\nname = \"hello\"\nedition = \"2021\"\n{manifest}");
        let files = [("Cargo.toml", manifest.as_str()), ("src/main.rs", ""), toolchain];
        let project = Project::from_files(files, None).expect("a project");
        project.rust().map(|rust| format!("{} ({})", rust.version, rust.found))
    }

    #[test]
    fn the_lower_of_manifest_and_toolchain_file_counts() {
        let none = ("README.md", "");
        let old = ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.86.0\"\n");
        let said = "rust-version = \"1.90\"\n";
        assert_eq!(rust_of("", none), None);
        assert_eq!(rust_of(said, none).as_deref(), Some("1.90.0 (rust-version 1.90 in Cargo.toml)"));
        assert_eq!(rust_of("", old).as_deref(), Some("1.86.0 (rust-toolchain.toml says 1.86.0)"));
        assert_eq!(rust_of(said, old), rust_of("", old));
        assert_eq!(rust_of("rust-version = \"1.85\"\n", old).as_deref().map(|text| &text[..4]), Some("1.85"));
    }

    #[test]
    fn a_channel_without_a_number_says_nothing() {
        for channel in ["stable", "nightly-2025-01-01", "[toolchain]\nchannel = \"beta\"\n", ""] {
            assert_eq!(rust_of("", ("rust-toolchain.toml", channel)), None, "{channel}");
        }
        let old_form = rust_of("", ("rust-toolchain", "1.80.1-x86_64-unknown-linux-gnu\n"));
        assert!(old_form.expect("a version").starts_with("1.80.1 (rust-toolchain says 1.80.1-x86"));
    }
}
