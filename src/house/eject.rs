//! `templates eject`: copies of built-in files, with a record of what they were copied from.

use anyhow::{Context as _, Result};
use toml_edit::{DocumentMut, Item, Table};

use super::{Target, Written, named};
use crate::{
    World,
    catalog::Catalog,
    report::{Stop, stopped},
    templates::{API, BASE, HOUSE_TOML, Templates},
};

/// Copies what `names` mean into the house. Returns the exit code, 0.
///
/// Errors: a name that there is not; a file that is in the house with other content.
pub(super) fn run(
    names: &[String],
    target: &Target,
    built_in: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<u8> {
    let house = target.read()?;
    let mut paths = Vec::new();
    for name in names {
        paths.extend(named(name, catalog)?);
    }
    paths.sort();
    paths.dedup();
    let text = |path: &str| built_in.source(path).unwrap_or_default().to_owned();
    let taken: Vec<&str> = paths
        .iter()
        .filter(|path| house.files.get(*path).is_some_and(|there| *there != text(path)))
        .map(String::as_str)
        .collect();
    if !taken.is_empty() {
        let message = format!(
            "nothing was written, because {} has its own {}: `templates diff` shows how they differ, \
             `templates merge` takes our changes over",
            target.name,
            taken.join(", ")
        );
        return Err(stopped(Stop::Conflict, message));
    }
    let mut writes = Vec::new();
    for path in &paths {
        writes.push(Written {
            path: path.clone(),
            before: house.files.get(path).cloned(),
            after: text(path),
        });
        writes.push(base(path, house.bases.get(path), &text(path)));
    }
    writes.push(record(target, &paths)?);
    target.write(&writes, world.disk)?;
    for path in &paths {
        writeln!(world.err, "{:>12} {}/{path}", "copied", target.name)?;
    }
    Ok(0)
}

/// The original, kept: what we change later can only be told, and merged, against it.
pub(super) fn base(path: &str, before: Option<&String>, text: &str) -> Written {
    Written { path: format!("{BASE}/{path}"), before: before.cloned(), after: text.to_owned() }
}

/// `house.toml` with a line for each of `paths`: what it was copied from.
pub(super) fn record(target: &Target, paths: &[String]) -> Result<Written> {
    let before = target.house_toml()?;
    let place = format!("{}/{HOUSE_TOML}", target.name);
    let start = before.clone().unwrap_or_else(|| {
        format!("# The version of the template API this house is written for.\napi = {API}\n")
    });
    let mut document: DocumentMut = start.parse().with_context(|| place.clone())?;
    let from = document.entry("from").or_insert_with(|| Item::Table(Table::new()));
    let from = from.as_table_like_mut().with_context(|| format!("{place}: `from` is a table"))?;
    for path in paths {
        from.insert(path, concat!("cargo-gen-auth ", env!("CARGO_PKG_VERSION")).into());
    }
    Ok(Written { path: HOUSE_TOML.to_owned(), before, after: document.to_string() })
}
