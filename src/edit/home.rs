//! Which crate of a package our modules go to, and what its code calls them.

use std::path::Path;
use std::rc::Rc;

use super::mount::Mount;
use super::package::{Found, Module, Root};

impl<'s> Mount<'_, 's> {
    /// The crate our modules go to for code in the one that begins in `root`: the same. But modules of a program that
    /// is not directly in `src/` would be programs too, or not be found; they go to the library, which it calls by name.
    pub(super) fn home(&self, root: &str) -> Option<&Root> {
        let roots = self.package.roots();
        let own = roots.iter().find(|other| other.file == root)?;
        let library = || roots.iter().find(|other| other.library.is_some() && has_modules_beside(other));
        if has_modules_beside(own) { Some(own) } else { library().or(Some(own)) }
    }

    /// What stands before the path of one of our modules.
    pub(super) fn prefix(&self, module: &Rc<Module<'s>>) -> String {
        let root = &self.package.roots()[module.root].file;
        match self.home(root) {
            Some(Root { file, library: Some(library) }) if file != root => {
                let hidden = if self.is_hidden(module, library) { "::" } else { "" };
                format!("{hidden}{library}::")
            }
            _ if module.path.is_empty() => String::new(),
            _ => "crate::".to_owned(),
        }
    }

    /// Whether the name of a library means something else in a module: one of its own, say.
    fn is_hidden(&self, module: &Rc<Module<'s>>, library: &str) -> bool {
        let named = self.package.find(module, &[library.to_owned()]);
        let is_library = |root: usize| self.package.roots()[root].library.as_deref() == Some(library);
        !matches!(named, Some(Found::Module(top)) if top.path.is_empty() && is_library(top.root))
    }
}

/// Whether what the file of a crate declares as a module stands beside it, and is no program itself.
pub(super) fn has_modules_beside(root: &Root) -> bool {
    Path::new(&root.file).parent().is_some_and(|folder| folder.ends_with("src"))
}
