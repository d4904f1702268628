//! The packages of the same folder that a package is built with.

use std::{collections::BTreeSet, sync::Arc};

use toml_edit::{DocumentMut, Item, TableLike};

use super::{Project, inherited, read_manifest};

impl Project {
    /// The packages that this one depends on by a path, and those that they do, tests aside: nearest first. One
    /// outside of the project's folder, or that cannot be read, is left out.
    pub fn below(&self) -> Vec<Project> {
        let root = read_manifest(&self.source, "").ok();
        let shared =
            root.as_ref().and_then(|root| root.get("workspace")?.get("dependencies")?.as_table_like());
        let mut seen = BTreeSet::from([self.package_dir.clone()]);
        let mut found: Vec<Project> = Vec::new();
        let mut open = self.folders_below(&self.package_dir, shared);
        while !open.is_empty() {
            let mut next = Vec::new();
            for folder in open.into_iter().filter(|folder| seen.insert(folder.clone())) {
                next.extend(self.folders_below(&folder, shared));
                found.extend(Project::open(Arc::clone(&self.source), self.root.clone(), folder, None));
            }
            open = next;
        }
        found
    }

    /// The folders of the path dependencies of the package in `folder`.
    fn folders_below(&self, folder: &str, shared: Option<&dyn TableLike>) -> Vec<String> {
        let document = read_manifest(&self.source, folder).unwrap_or_else(|_| DocumentMut::new());
        let entries = document.get("dependencies").and_then(Item::as_table_like).into_iter();
        let entries = entries.flat_map(TableLike::iter).filter_map(|(key, item)| {
            // The workspace's paths begin where the workspace does.
            let (from, item) = inherited(key, item, shared).map_or((folder, item), |item| ("", item));
            joined(from, item.get("path")?.as_str()?)
        });
        entries.collect()
    }
}

/// The folder at `path` as seen from `folder`: empty, or with a trailing `/`; `None` outside of the root.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')).filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.iter().map(|part| format!("{part}/")).collect()).filter(|_| !path.starts_with('/'))
}
