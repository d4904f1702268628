//! Which versions of its dependencies a project has, and with what.

use semver::{Version, VersionReq};

use super::Project;

impl Project {
    /// The version of a direct dependency, or of one the package would inherit from its workspace, as far as the
    /// manifest or the lock file tells.
    pub fn version_of(&self, name: &str) -> Option<Version> {
        let asked = self.dependencies.get(name).or_else(|| self.workspace_dependencies.get(name))?;
        asked.version.clone().or_else(|| self.locked(name))
    }

    /// The features it asks for of a direct dependency, or of one the package would inherit from its workspace.
    pub(crate) fn features_of(&self, name: &str) -> &[String] {
        let asked = self.dependencies.get(name).or_else(|| self.workspace_dependencies.get(name));
        asked.map_or(&[], |asked| &asked.features)
    }

    /// The highest version of a crate in `Cargo.lock`.
    pub(crate) fn locked(&self, name: &str) -> Option<Version> {
        self.entries(name).into_iter().map(|(version, _)| version).max()
    }

    /// What these versions of a crate depend on in `Cargo.lock`. Of what is optional there is what somebody turns on.
    pub(crate) fn locked_below(&self, name: &str, versions: &VersionReq) -> Vec<String> {
        let entries = self.entries(name).into_iter().filter(|(version, _)| versions.matches(version));
        entries.flat_map(|(_, below)| below).collect()
    }

    /// The versions of a crate in `Cargo.lock`, each with the names of what it depends on.
    fn entries(&self, name: &str) -> Vec<(Version, Vec<String>)> {
        let lock = self.text("Cargo.lock").ok().flatten().unwrap_or_default();
        let is_named = format!("name = \"{name}\"");
        // Behind them there may be others, such as `[[patch.unused]]`.
        let packages = lock.split("[[").filter_map(|entry| entry.strip_prefix("package]]"));
        let entries = packages.filter(|entry| entry.lines().any(|line| line == is_named));
        let parsed = entries.filter_map(|entry| {
            let version =
                entry.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))?;
            // ` "name",`, or ` "name 1.2.3",` where there are several of the name.
            let below = entry.lines().filter_map(|line| line.strip_prefix(" \"")?.split([' ', '"']).next());
            Some((Version::parse(version).ok()?, below.map(str::to_owned).collect()))
        });
        parsed.collect()
    }
}

/// The lowest version a requirement such as `1.2` or `^0.8.1` allows; `None` for `*`, `0`, `>=1` and the like.
pub(crate) fn lowest(requirement: &str) -> Option<Version> {
    let digits = requirement.trim().trim_start_matches(['^', '~', '=']).trim();
    let mut parts = digits.split('.').map(str::parse::<u64>);
    let major = parts.next()?.ok()?;
    let minor = parts.next().transpose().ok()?;
    let patch = parts.next().and_then(Result::ok);
    if major == 0 && minor.is_none() {
        return None;
    }
    Some(Version::new(major, minor.unwrap_or(0), patch.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_in_the_lock_file_is_that_of_a_package() {
        let lock = "version = 4\n\n[[package]]\nname = \"mail\"\nversion = \"0.11.7\"\ndependencies = [\n \"tls 0.2.1\",\n]\n\n\
                    [[patch.unused]]\nname = \"mail\"\nversion = \"0.12.0\"\n";
        for lock in [lock.to_owned(), lock.replace('\n', "\r\n")] {
            let files = [
                ("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n"),
                ("Cargo.lock", lock.as_str()),
            ];
            let project = Project::from_files(files, None).unwrap();
            assert_eq!(project.locked("mail"), Some(Version::new(0, 11, 7)));
            assert_eq!(project.locked_below("mail", &VersionReq::STAR), ["tls"]);
        }
    }
}
