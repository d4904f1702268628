//! Embeds `templates/` as a table of `(path, text)`, sorted by path.
//!
//! A build script, not a macro: on stable Rust only a build script can tell cargo that a *new* file matters.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use walkdir::WalkDir;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("templates");
    let mut table = "/// Our own, sorted by path.\npub static TEMPLATES: &[(&str, &str)] = &[\n".to_owned();
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_dir() {
            println!("cargo::rerun-if-changed={}", entry.path().display());
            continue;
        }
        let inside = entry.path().strip_prefix(&folder)?;
        let path = inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        writeln!(table, "    ({path:?}, include_str!({:?})),", entry.path())?;
    }
    table.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("embedded.rs"), table)?;
    Ok(())
}
