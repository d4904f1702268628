//! Which programs and library a package has.

use toml_edit::{DocumentMut, Item};

use super::{Project, source::Source};
use crate::edit::Root;

impl Project {
    /// The crates of the package, the programs first; only those whose file is there.
    pub fn roots(&self) -> Vec<Root> {
        let mut roots: Vec<Root> = Vec::new();
        let mut add = |path: &str, library: Option<String>| {
            let file = self.in_package(path);
            let is_there = matches!(self.text(&file), Ok(Some(_)));
            if is_there && !roots.iter().any(|root| root.file == file) {
                roots.push(Root { file, library });
            }
        };
        add("src/main.rs", None);
        self.programs.iter().for_each(|path| add(path, None));
        let (name, path) = &self.library;
        add(path, Some(name.clone()));
        let beside = self.names_in(&self.in_package("src/bin"));
        for name in beside {
            let file = if name.ends_with(".rs") { "" } else { "/main.rs" };
            add(&format!("src/bin/{name}{file}"), None);
        }
        roots
    }
}

/// `path` of the first `[[bin]]`, else of `[lib]`, else the usual place; the first that is there.
pub(super) fn crate_root(document: &DocumentMut, source: &Source, package_dir: &str) -> Option<String> {
    let bins = document.get("bin").and_then(Item::as_array_of_tables);
    let bin = bins.and_then(|bins| bins.iter().find_map(|bin| bin.get("path")?.as_str()));
    let lib = || document.get("lib")?.get("path")?.as_str();
    let paths = bin.or_else(lib).into_iter().chain(["src/main.rs", "src/lib.rs"]);
    // One that cannot be read is there: who reads it says why.
    paths.map(|path| format!("{package_dir}{path}")).find(|path| !matches!(source.text(path), Ok(None)))
}

/// The files that `[[bin]]`s name; the name of `[lib]` in code, and its file.
pub(super) fn named_targets(document: &DocumentMut, package: &str) -> (Vec<String>, (String, String)) {
    let bins = document.get("bin").and_then(Item::as_array_of_tables).into_iter().flatten();
    let programs = bins.filter_map(|bin| Some(bin.get("path")?.as_str()?.to_owned())).collect();
    let lib = |key: &str| Some(document.get("lib")?.get(key)?.as_str()?.to_owned());
    let library = (
        lib("name").unwrap_or_else(|| package.replace('-', "_")),
        lib("path").unwrap_or_else(|| "src/lib.rs".to_owned()),
    );
    (programs, library)
}
