//! What the paths in a Rust file mean, as far as its own `use` lines tell.

use std::collections::{HashMap, HashSet};

use syn::visit::{self, Visit};
use syn::{File, Item, Path, UseTree};

use super::source::is_test;

/// The segments of a path without generic arguments, such as `module::Type::new`.
pub(crate) fn written(path: &Path) -> String {
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names.join("::")
}

/// Imported names with their full paths, and the types the file defines itself.
#[derive(Default)]
pub(crate) struct Names {
    imported: HashMap<String, String>,
    defined: HashSet<String>,
}

impl Names {
    /// Reads all `use` and type items of a file.
    pub(crate) fn of(file: &File) -> Self {
        let mut names = Self::default();
        names.visit_file(file);
        names
    }

    fn import(&mut self, tree: &UseTree, prefix: &str) {
        let join = |name: &dyn ToString| match prefix {
            "" => name.to_string(),
            _ => format!("{prefix}::{}", name.to_string()),
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &join(&path.ident)),
            UseTree::Name(leaf) if leaf.ident == "self" => {
                let last = prefix.rsplit("::").next().unwrap_or(prefix);
                self.imported.insert(last.to_owned(), prefix.to_owned());
            }
            UseTree::Name(leaf) => drop(self.imported.insert(leaf.ident.to_string(), join(&leaf.ident))),
            UseTree::Rename(leaf) => {
                let path = if leaf.ident == "self" { prefix.to_owned() } else { join(&leaf.ident) };
                self.imported.insert(leaf.rename.to_string(), path);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, prefix)),
            UseTree::Glob(_) => {}
        }
    }

    /// Whether a name comes from a `use`.
    pub(crate) fn imports(&self, name: &str) -> bool {
        self.imported.contains_key(name)
    }

    /// Whether a path means one of `wanted`. Several spellings of one thing may be wanted,
    /// `Type::new` and `module::Type::new`; then an imported `Type` has to come from there.
    pub(crate) fn means(&self, path: &Path, wanted: &[String]) -> bool {
        let written = written(path);
        let (first, rest) = written.split_once("::").unwrap_or((&written, ""));
        let Some(full) = self.imported.get(first) else {
            return wanted.contains(&written) && !self.defined.contains(first);
        };
        let full = if rest.is_empty() { full.clone() } else { format!("{full}::{rest}") };
        let longer =
            |short: &str| wanted.iter().any(|other| other.len() > short.len() && ends_with(other, short));
        wanted.iter().any(|wanted| ends_with(&full, wanted) && (full == *wanted || !longer(wanted)))
    }
}

fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|start| start.is_empty() || start.ends_with("::"))
}

impl<'s> Visit<'s> for Names {
    fn visit_item(&mut self, item: &'s Item) {
        match item {
            Item::Mod(item) if is_test(&item.attrs) => {}
            Item::Use(item) => self.import(&item.tree, ""),
            Item::Struct(item) => drop(self.defined.insert(item.ident.to_string())),
            Item::Enum(item) => drop(self.defined.insert(item.ident.to_string())),
            _ => visit::visit_item(self, item),
        }
    }
}
