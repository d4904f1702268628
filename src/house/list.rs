//! `templates list`: every layer and file, and where it comes from.

use std::io::{self, Write};

use super::{describe, files_of};
use crate::{
    catalog::Catalog,
    templates::{HEADER, Templates},
};

/// Writes the list. Returns the exit code, 0.
pub(super) fn run(templates: &Templates, catalog: &Catalog, out: &mut dyn Write) -> io::Result<u8> {
    for layer in catalog.layers() {
        writeln!(out, "{}  {}", layer.id, layer.toml.title)?;
        let toml = format!("{}/layer.toml", layer.id);
        for path in files_of(layer).chain([toml.as_str()]) {
            let from = match templates.house_of(path) {
                Some(house) => format!("  ({} by {})", describe(house, path, templates), house.name),
                None => String::new(),
            };
            writeln!(out, "  {path}{from}")?;
        }
    }
    for house in templates.houses() {
        writeln!(out, "\n{}", house.name)?;
        for name in &house.toml.leave_out {
            writeln!(out, "  without {name}")?;
        }
        for (flag, value) in &house.toml.flags {
            writeln!(out, "  --{flag} {value} by default")?;
        }
        if house.header.is_some() {
            writeln!(out, "  {HEADER} on top of each file")?;
        }
    }
    out.flush()?;
    Ok(0)
}
