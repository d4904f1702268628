//! Embeds `templates/` as a table of `(path, text)`, sorted by path, and each `layer.toml` besides as JSON, which the
//! program reads in less than a third of the time.
//!
//! A build script, not a macro: on stable Rust only a build script can tell cargo that a *new* file matters.

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

use walkdir::WalkDir;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("templates");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(&folder) {
        let entry = entry?;
        if entry.file_type().is_dir() {
            println!("cargo::rerun-if-changed={}", entry.path().display());
            continue;
        }
        let inside = entry.path().strip_prefix(&folder)?;
        let path = inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        files.insert(path, entry.into_path());
    }
    let mut texts = "/// Our own, sorted by path.\npub static TEMPLATES: &[(&str, &str)] = &[\n".to_owned();
    let mut digests = "/// Each layer.toml, and what it says in JSON.\n\
                       static DIGESTS: &[(&str, &str, &str)] = &[\n"
        .to_owned();
    for (path, file) in files {
        writeln!(texts, "    ({path:?}, include_str!({file:?})),")?;
        if path.ends_with("/layer.toml") {
            let json = digest(&fs::read_to_string(&file)?).map_err(|error| format!("{path}: {error}"))?;
            writeln!(digests, "    ({path:?}, include_str!({file:?}), {json:?}),")?;
        }
    }
    let embedded = format!("{texts}];\n\n{digests}];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("embedded.rs"), embedded)?;
    Ok(())
}

fn digest(toml: &str) -> Result<String, Box<dyn Error>> {
    let value: serde_json::Value = toml_edit::de::from_str(toml)?;
    Ok(serde_json::to_string(&value)?)
}
