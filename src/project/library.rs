//! Another package of the workspace, whose library the package's own code is going to call.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use anyhow::Result;
use toml_edit::{DocumentMut, Item, TableLike};

use super::{Project, inherited, list, members, package_name, packages, read_manifest};
use crate::{
    nearest::hint,
    report::{Stop, stopped, usage},
};

/// A library beside a package.
#[derive(Debug)]
pub struct Library {
    pub package: Project,
    /// Its file.
    pub root: String,
    /// What the package's manifest calls it, or would.
    pub key: String,
    /// What the package's code calls it.
    pub crate_name: String,
    /// Its folder as seen from the package's.
    pub path: String,
}

impl Project {
    /// The library of the workspace's package `name`.
    ///
    /// Errors: this very package; no such package; one without a library; one that depends on this package, so that
    /// this one cannot depend on it.
    pub fn library_of(&self, name: &str) -> Result<Library> {
        if name == self.name {
            return usage(format!(
                "--context-package {name} is the package that the pages go into: leave the flag out, or name another one"
            ));
        }
        let document = read_manifest(&self.source, "")?;
        let members = members(&self.source, &document);
        let packages = packages(&self.source, &members);
        let names = || packages.iter().filter_map(|(_, document)| package_name(document));
        if !names().any(|known| known == name) {
            let others: Vec<String> =
                names().filter(|known| *known != self.name).map(str::to_owned).collect();
            let hint = hint(name, others.iter().map(String::as_str));
            return usage(format!(
                "--context-package: no package `{name}` in this workspace{hint}; beside {} there is {}",
                self.name,
                list(&others)
            ));
        }
        let shared = document.get("workspace").and_then(|workspace| workspace.get("dependencies"));
        self.check_direction(name, &packages, shared.and_then(Item::as_table_like))?;
        let package = Project::open(Arc::clone(&self.source), self.root.clone(), String::new(), Some(name))?;
        let (lib_name, path) = &package.library;
        let root = package.in_package(path);
        if self.text(&root)?.is_none() {
            let message = format!(
                "--context-package {name} has no library to put the context into: make {root}, and run this again; \
                 nothing was written"
            );
            return Err(stopped(Stop::Project, message));
        }
        let key = self.dependencies.get(name).and_then(|known| known.key.clone());
        let key = key.unwrap_or_else(|| name.to_owned());
        let crate_name = if key == name { lib_name.clone() } else { key.replace('-', "_") };
        let path = path_between(&self.package_dir, &package.package_dir);
        Ok(Library { root, key, crate_name, path, package })
    }

    /// Two packages cannot depend on each other.
    fn check_direction(
        &self,
        name: &str,
        packages: &[(String, DocumentMut)],
        shared: Option<&dyn TableLike>,
    ) -> Result<()> {
        let of = |(_, document): &(String, DocumentMut)| {
            Some((package_name(document)?.to_owned(), needed(document, shared)))
        };
        let needed: BTreeMap<String, Vec<String>> = packages.iter().filter_map(of).collect();
        let (mut open, mut seen) = (vec![name], BTreeSet::new());
        while let Some(next) = open.pop() {
            if next == self.name {
                let message = format!(
                    "--context-package {name} depends on {}, which would depend on it: choose a package that the \
                     pages can depend on; nothing was written",
                    self.name
                );
                return Err(stopped(Stop::Project, message));
            }
            if seen.insert(next) {
                open.extend(needed.get(next).into_iter().flatten().map(String::as_str));
            }
        }
        Ok(())
    }
}

/// What a package needs to be built, its tests aside.
fn needed(document: &DocumentMut, shared: Option<&dyn TableLike>) -> Vec<String> {
    let targets = document.get("target").and_then(Item::as_table_like).into_iter();
    let targets = targets.flat_map(TableLike::iter).map(|(_, target)| target);
    let tables = std::iter::once(document.as_item()).chain(targets);
    let sections = tables.flat_map(|table| ["dependencies", "build-dependencies"].map(|key| table.get(key)));
    let entries = sections.flatten().filter_map(Item::as_table_like).flat_map(TableLike::iter);
    entries
        .map(|(key, item)| {
            let package = inherited(key, item, shared).unwrap_or(item).get("package");
            package.and_then(Item::as_str).unwrap_or(key).to_owned()
        })
        .collect()
}

/// The way from one folder to another, both below the same root and empty or with a trailing `/`.
pub fn path_between(from: &str, to: &str) -> String {
    let parts =
        |folder: &'_ str| folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let (from, to): (Vec<String>, Vec<String>) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[common..].iter().map(|_| "..".to_owned());
    let way: Vec<String> = up.chain(to[common..].iter().cloned()).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

#[cfg(test)]
mod tests {
    use super::path_between;

    #[test]
    fn a_way_leads_up_and_down() {
        for (from, to, way) in [
            ("crates/server/", "crates/core/", "../core"),
            ("", "crates/core/", "crates/core"),
            ("server/", "", ".."),
            ("a/b/", "c/d/e/", "../../c/d/e"),
            ("a/", "a/b/", "b"),
            ("a/", "a/", "."),
        ] {
            assert_eq!(path_between(from, to), way);
        }
    }
}
