//! Names of the modules that all runs share, where the owner has one of the usual names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::{
    catalog::{EditAt, Layer},
    project::{Packages, Project},
    templates::Templates,
};

/// What stands ahead of the usual name.
const AHEAD: &str = "auth_";

/// By usual name, the one that our module has instead: where the owner has something of the usual name, in a project
/// without any of our modules. In one that has them their names stay, whatever comes beside them.
///
/// Errors: a file that cannot be read.
pub(super) fn renamed(
    packages: Packages<'_>,
    layers: &[&Layer],
    templates: &Templates,
) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut taken = BTreeMap::new();
    let mut is_first_run = true;
    for (layer, usual) in declared(layers) {
        let project = packages.of(layer.toml.package);
        let other = format!("{AHEAD}{usual}");
        let source = source(layers, usual, templates);
        let is_ours = |name: &str| -> Result<bool> {
            Ok(file(project, name)?.is_some_and(|text| is_like(&text, source)))
        };
        if is_ours(usual)? {
            is_first_run = false;
        } else if is_ours(&other)? {
            is_first_run = false;
            found.insert(usual.to_owned(), other);
        } else if is_taken(project, usual)? && !is_taken(project, &other)? {
            taken.insert(usual.to_owned(), other);
        }
    }
    Ok(if is_first_run { taken } else { found })
}

/// The modules that layers put into the crate root, but for the context, whose name is chosen.
fn declared<'l>(layers: &[&'l Layer]) -> Vec<(&'l Layer, &'l str)> {
    let edits = layers.iter().flat_map(|layer| layer.toml.edit.iter().map(move |at| (*layer, at)));
    let is_module = |at: &EditAt| at.file == "{crate_root}" && at.kind() == Some("declare-module");
    edits
        .filter(|(_, at)| is_module(at))
        .filter_map(|(layer, at)| Some((layer, at.edit.get("module")?.as_str()?)))
        .filter(|(_, module)| !module.contains('{'))
        .collect()
}

/// The template of a module's file.
fn source<'t>(layers: &[&Layer], module: &str, templates: &'t Templates) -> &'t str {
    let files = [format!("src/{module}.rs"), format!("src/{module}/mod.rs")];
    let mut shared = layers.iter().flat_map(|layer| &layer.shared);
    let found = shared.find(|(_, destination)| files.contains(destination));
    found.and_then(|(template, _)| templates.source(template)).unwrap_or_default()
}

/// The text of a module of the crate root.
fn file(project: &Project, module: &str) -> Result<Option<String>> {
    let beside = project.text(&project.in_package(&format!("src/{module}.rs")))?;
    match beside {
        Some(text) => Ok(Some(text)),
        None => project.text(&project.in_package(&format!("src/{module}/mod.rs"))),
    }
}

/// Whether a file is one of ours, perhaps with changes of the owner's: it says the same of itself, or offers the same.
fn is_like(text: &str, source: &str) -> bool {
    let mut heads = source.lines().filter(|line| line.starts_with("//!") && !line.contains("<@"));
    let (ours, theirs) = (public_items(source), public_items(text));
    heads.any(|head| text.lines().any(|line| line == head)) || (!ours.is_empty() && ours.is_subset(&theirs))
}

fn is_taken(project: &Project, module: &str) -> Result<bool> {
    if file(project, module)?.is_some() {
        return Ok(true);
    }
    for root in ["src/main.rs", "src/lib.rs"] {
        let text = project.text(&project.in_package(root))?.unwrap_or_default();
        if text.lines().any(|line| declares(line, module)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `mod NAME` with whatever visibility, and something behind it; attributes may stand on the same line.
fn declares(line: &str, module: &str) -> bool {
    let mut line = line.trim_start();
    while let Some((_, rest)) = line.strip_prefix("#[").and_then(|inside| inside.split_once(']')) {
        line = rest.trim_start();
    }
    let behind = line.split_once("mod ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
    let rest = behind.and_then(|(_, name)| name.strip_prefix(module));
    rest.is_some_and(|rest| rest.starts_with([' ', ';', '{']))
}

/// The names of public functions and types in a Rust file, read line by line.
pub(crate) fn public_items(text: &str) -> BTreeSet<String> {
    let kinds = ["fn ", "async fn ", "struct ", "enum ", "const ", "type ", "trait "];
    let item = |line: &str| {
        let rest = line.trim_start().strip_prefix("pub ")?;
        let name = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
        Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
    };
    text.lines().filter_map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_declared_with_any_visibility() {
        for line in
            ["mod web;", "pub mod web {", "    pub(crate) mod web {}", "#[path = \"net/web.rs\"] mod web;"]
        {
            assert!(declares(line, "web"), "{line}");
        }
        for line in ["mod webs;", "// mod web;", "mod my_web;", "use web;", "let mod = 1;"] {
            assert!(!declares(line, "web"), "{line}");
        }
    }
}
