//! Which packages a workspace has.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use toml_edit::{DocumentMut, Item, TableLike};

use super::{read_manifest, relative, source::Source};

/// The folder of the workspace that has `folder` as a member, if it is another one.
pub(super) fn workspace_root(folder: &Path) -> Result<Option<PathBuf>> {
    for above in folder.ancestors().skip(1) {
        let Ok(text) = fs::read_to_string(above.join("Cargo.toml")) else { continue };
        if !text.contains("[workspace") {
            continue;
        }
        let source = Source::disk(above);
        let members = members(&source, &read_manifest(&source, "")?);
        let inside = relative(above, folder);
        return Ok(members.iter().any(|member| format!("{member}/") == inside).then(|| above.to_path_buf()));
    }
    Ok(None)
}

/// `, such as backend`, or nothing: the folders directly in one that have a manifest.
pub(super) fn projects_in(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let found = entries.filter(|entry| entry.path().join("Cargo.toml").is_file());
    let mut names: Vec<String> =
        found.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.truncate(3);
    if names.is_empty() { String::new() } else { format!(", such as {}", names.join(" or ")) }
}

/// The folders of a workspace's members: those listed, where a `*` in a segment stands for any text, and
/// the path dependencies of the root package; without those excluded.
pub(super) fn members(source: &Source, document: &DocumentMut) -> Vec<String> {
    let Some(workspace) = document.get("workspace") else { return vec![] };
    let list = |key: &str| -> Vec<String> {
        let values = workspace.get(key).and_then(Item::as_array);
        values.into_iter().flatten().filter_map(|value| Some(plain_path(value.as_str()?))).collect()
    };
    let mut members: Vec<String> =
        list("members").iter().flat_map(|pattern| expand(source, pattern)).collect();
    let dependencies = document.get("dependencies").and_then(Item::as_table_like);
    for (_, item) in dependencies.into_iter().flat_map(TableLike::iter) {
        members.extend(item.get("path").and_then(Item::as_str).map(plain_path));
    }
    let excluded = list("exclude");
    members.retain(|member| {
        let is_in = |folder: &String| member == folder || member.starts_with(&format!("{folder}/"));
        !excluded.iter().any(is_in)
    });
    members
}

/// The root package and the members that have a manifest, with their folders: empty, or with a trailing `/`.
pub(super) fn packages(source: &Source, members: &[String]) -> Vec<(String, DocumentMut)> {
    let folders = members.iter().map(|member| format!("{member}/"));
    let folders = std::iter::once(String::new()).chain(folders);
    folders.filter_map(|folder| Some((folder.clone(), read_manifest(source, &folder).ok()?))).collect()
}

fn plain_path(path: &str) -> String {
    path.trim_start_matches("./").trim_end_matches('/').to_owned()
}

/// The members that a pattern stands for; of one without a `*`, that one.
fn expand(source: &Source, pattern: &str) -> Vec<String> {
    if !pattern.contains('*') {
        return vec![pattern.to_owned()];
    }
    let folders = pattern.split('/').fold(vec![String::new()], |above, segment| {
        above.iter().flat_map(|folder| fitting(source, folder, segment)).collect()
    });
    let is_member = |member: &String| matches!(source.text(&format!("{member}/Cargo.toml")), Ok(Some(_)));
    folders.into_iter().filter(is_member).collect()
}

/// What `segment` of a pattern stands for in a folder.
fn fitting(source: &Source, folder: &str, segment: &str) -> Vec<String> {
    let inside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let Some((start, end)) = segment.split_once('*') else { return vec![inside(segment)] };
    let fits = |name: &String| {
        name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
    };
    source.names_in(folder).iter().filter(|name| fits(name)).map(|name| inside(name)).collect()
}
