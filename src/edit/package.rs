//! The files of a package as modules, read one by one when a path leads into them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use syn::{Block, Expr, ImplItem, Item, ItemStruct, Path, Signature, Type, Visibility};

use super::imports::{given_path, import};
use super::names::written;
use super::source::{Source, is_test};

/// Files read at most; whoever serves a router is found within far fewer.
pub(crate) const FILES: usize = 96;
/// Imports followed one after the other at most.
const HOPS: usize = 12;

/// A crate of the package: the file its modules hang on, and the name others call it by, if it is a library.
#[derive(Debug, Clone)]
pub struct Root {
    pub file: String,
    pub library: Option<String>,
}

/// A crate, and a path of modules in it.
type Place = (usize, Vec<String>);

/// The modules of a package's crates.
pub(crate) struct Package<'s> {
    load: &'s dyn Fn(&str) -> Option<&'s Source<'s>>,
    roots: &'s [Root],
    files: RefCell<HashMap<String, Option<&'s Source<'s>>>>,
    modules: RefCell<HashMap<Place, Option<Rc<Module<'s>>>>>,
}

/// A module, whether it has a file of its own or not.
pub(crate) struct Module<'s> {
    pub(crate) file: String,
    pub(crate) source: &'s Source<'s>,
    items: &'s [Item],
    /// From the root of its crate.
    pub(crate) path: Vec<String>,
    pub(crate) root: usize,
    /// Where the files of its modules are: empty, or with a trailing `/`.
    folder: String,
    imports: HashMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

/// A function or method with a body.
#[derive(Clone)]
pub(crate) struct Function<'s> {
    pub(crate) module: Rc<Module<'s>>,
    pub(crate) signature: &'s Signature,
    pub(crate) block: &'s Block,
    /// The type whose method it is.
    pub(crate) owner: Option<&'s Type>,
}

impl Function<'_> {
    pub(crate) fn name(&self) -> String {
        self.signature.ident.to_string()
    }

    /// Whether both are one and the same.
    pub(crate) fn is(&self, other: &Function) -> bool {
        std::ptr::eq(self.block, other.block)
    }
}

/// What a path means.
#[derive(Clone)]
pub(crate) enum Found<'s> {
    Module(Rc<Module<'s>>),
    Function(Function<'s>),
    Struct(Rc<Module<'s>>, &'s ItemStruct),
    Alias(Rc<Module<'s>>, &'s Type),
    /// Another item of the package: an enum, a static.
    Other(Rc<Module<'s>>, String),
}

impl<'s> Package<'s> {
    pub(crate) fn new(load: &'s dyn Fn(&str) -> Option<&'s Source<'s>>, roots: &'s [Root]) -> Self {
        Self { load, roots, files: RefCell::default(), modules: RefCell::default() }
    }

    pub(crate) fn roots(&self) -> &'s [Root] {
        self.roots
    }

    fn file(&self, path: &str) -> Option<&'s Source<'s>> {
        if let Some(known) = self.files.borrow().get(path) {
            return *known;
        }
        let source = (self.load)(path);
        self.files.borrow_mut().insert(path.to_owned(), source);
        source
    }

    /// The texts read so far, by file.
    pub(crate) fn read(&self) -> Vec<(String, &'s Source<'s>)> {
        let files = self.files.borrow();
        let mut read: Vec<_> =
            files.iter().filter_map(|(path, file)| Some((path.clone(), (*file)?))).collect();
        read.sort_by(|one, other| one.0.cmp(&other.0));
        read
    }

    /// The modules read so far.
    fn loaded(&self) -> Vec<Rc<Module<'s>>> {
        let modules = self.modules.borrow();
        let mut loaded: Vec<_> = modules.values().flatten().cloned().collect();
        loaded.sort_by(|one, other| (one.root, &one.path).cmp(&(other.root, &other.path)));
        loaded
    }

    /// The module at the top of a crate.
    pub(crate) fn top(&self, root: usize) -> Option<Rc<Module<'s>>> {
        self.remember((root, vec![]), || {
            let file = self.roots.get(root)?.file.clone();
            let source = self.file(&file)?;
            let folder = file.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            Some(Module::new(file, source, &source.file.items, vec![], root, folder))
        })
    }

    fn remember(&self, key: Place, make: impl FnOnce() -> Option<Module<'s>>) -> Option<Rc<Module<'s>>> {
        if let Some(known) = self.modules.borrow().get(&key) {
            return known.clone();
        }
        let module = make().map(Rc::new);
        self.modules.borrow_mut().insert(key, module.clone());
        module
    }

    /// The module `name` that `parent` declares.
    pub(crate) fn child(&self, parent: &Module<'s>, name: &str) -> Option<Rc<Module<'s>>> {
        let item = parent.items.iter().find_map(|item| match item {
            Item::Mod(item) if item.ident == name && !is_test(&item.attrs) => Some(item),
            _ => None,
        })?;
        let path = [&parent.path[..], &[name.to_owned()]].concat();
        self.remember((parent.root, path.clone()), || {
            let folder = format!("{}{name}/", parent.folder);
            if let Some((_, items)) = &item.content {
                return Some(Module::new(
                    parent.file.clone(),
                    parent.source,
                    items,
                    path,
                    parent.root,
                    folder,
                ));
            }
            let given = item.attrs.iter().find(|attribute| attribute.path().is_ident("path"));
            let files = match given {
                Some(attribute) => vec![given_path(attribute, &parent.file)?],
                None => vec![format!("{}{name}.rs", parent.folder), format!("{folder}mod.rs")],
            };
            let (file, source) =
                files.into_iter().find_map(|file| Some((file.clone(), self.file(&file)?)))?;
            let folder = match (given, file.rsplit_once('/')) {
                (Some(_), Some((above, _))) => format!("{above}/"),
                _ => folder,
            };
            Some(Module::new(file, source, &source.file.items, path, parent.root, folder))
        })
    }

    /// What a path written in `module` means, if it is something of this package.
    pub(crate) fn find(&self, module: &Rc<Module<'s>>, path: &[String]) -> Option<Found<'s>> {
        self.follow(module, path, HOPS)
    }

    /// See [`Package::find`].
    pub(crate) fn find_path(&self, module: &Rc<Module<'s>>, path: &Path) -> Option<Found<'s>> {
        let path: Vec<String> = written(path).split("::").map(str::to_owned).collect();
        self.find(module, &path)
    }

    fn follow(&self, module: &Rc<Module<'s>>, path: &[String], hops: usize) -> Option<Found<'s>> {
        let (first, rest) = path.split_first()?;
        let hops = hops.checked_sub(1)?;
        let mut found = match first.as_str() {
            "crate" => Found::Module(self.top(module.root)?),
            "self" => Found::Module(module.clone()),
            "super" => Found::Module(self.above(module)?),
            name => self.named(module, name, rest.is_empty(), hops).or_else(|| self.library(name))?,
        };
        for (index, name) in rest.iter().enumerate() {
            let last = index + 1 == rest.len();
            found = match found {
                Found::Module(inner) if name == "super" => Found::Module(self.above(&inner)?),
                Found::Module(inner) => self.named(&inner, name, last, hops)?,
                Found::Struct(inner, item) => self.method(&inner, &item.ident.to_string(), name)?,
                Found::Other(inner, owner) => self.method(&inner, &owner, name)?,
                Found::Alias(inner, Type::Path(alias)) => match self.find_path(&inner, &alias.path)? {
                    Found::Struct(inner, item) => self.method(&inner, &item.ident.to_string(), name)?,
                    _ => return None,
                },
                Found::Function(_) | Found::Alias(..) => return None,
            };
        }
        Some(found)
    }

    fn above(&self, module: &Module<'s>) -> Option<Rc<Module<'s>>> {
        let (_, path) = module.path.split_last()?;
        let mut above = self.top(module.root)?;
        for name in path {
            above = self.child(&above, name)?;
        }
        Some(above)
    }

    /// The library of this package, which its programs call by its name.
    fn library(&self, name: &str) -> Option<Found<'s>> {
        let root = self.roots.iter().position(|root| root.library.as_deref() == Some(name))?;
        self.top(root).map(Found::Module)
    }

    /// What a module knows by a name: its own, imported, or from a `*`. A function and a module may share a name:
    /// at the end of a path it is the function, further ahead the module.
    fn named(&self, module: &Rc<Module<'s>>, name: &str, last: bool, hops: usize) -> Option<Found<'s>> {
        let own = self.own(module, name, last);
        if last && matches!(own, Some(Found::Module(_))) {
            let imported = self.imported(module, name, last, hops);
            return imported.filter(|found| matches!(found, Found::Function(_))).or(own);
        }
        own.or_else(|| self.imported(module, name, last, hops))
    }

    fn imported(&self, module: &Rc<Module<'s>>, name: &str, last: bool, hops: usize) -> Option<Found<'s>> {
        if let Some(path) = module.imports.get(name) {
            // `use name;` says nothing about what it is.
            return if path.as_slice() == [name] { None } else { self.follow(module, path, hops) };
        }
        let globs = module.globs.iter().filter(|glob| !matches!(glob.as_slice(), [one] if one == name));
        globs.filter_map(|glob| self.follow(module, glob, hops)).find_map(|found| match found {
            Found::Module(inner) if !Rc::ptr_eq(&inner, module) => {
                let hops = hops.checked_sub(1)?;
                self.named(&inner, name, last, hops)
            }
            _ => None,
        })
    }

    fn own(&self, module: &Rc<Module<'s>>, name: &str, last: bool) -> Option<Found<'s>> {
        let mut alike = module.items.iter().filter_map(|item| match item {
            Item::Fn(item) if last && item.sig.ident == name && !is_test(&item.attrs) => Some(item),
            _ => None,
        });
        if let Some(item) = alike.next() {
            let (signature, block) = (&item.sig, &*item.block);
            let found = Function { module: module.clone(), signature, block, owner: None };
            // Which of several is there depends on how it is built.
            return alike.next().is_none().then_some(Found::Function(found));
        }
        module.items.iter().find_map(|item| match item {
            Item::Mod(item) if item.ident == name && !is_test(&item.attrs) => {
                self.child(module, name).map(Found::Module)
            }
            Item::Struct(item) if item.ident == name => Some(Found::Struct(module.clone(), item)),
            Item::Type(item) if item.ident == name => Some(Found::Alias(module.clone(), &item.ty)),
            Item::Enum(item) if item.ident == name => Some(Found::Other(module.clone(), name.to_owned())),
            Item::Trait(item) if item.ident == name => Some(Found::Other(module.clone(), name.to_owned())),
            _ => None,
        })
    }

    fn method(&self, module: &Rc<Module<'s>>, owner: &str, name: &str) -> Option<Found<'s>> {
        methods(module, name)
            .into_iter()
            .find(|found| owner_name(found).as_deref() == Some(owner))
            .map(Found::Function)
    }

    /// The value of a constant.
    pub(crate) fn constant(&self, module: &Rc<Module<'s>>, path: &Path) -> Option<&'s Expr> {
        let mut path: Vec<String> = module.in_full(path).split("::").map(str::to_owned).collect();
        let name = path.pop()?;
        let module = match self.find(module, &path) {
            Some(Found::Module(module)) => module,
            None if path.is_empty() => module.clone(),
            _ => return None,
        };
        module.items.iter().find_map(|item| match item {
            Item::Const(item) if item.ident == name => Some(&*item.expr),
            _ => None,
        })
    }

    /// The attributes of a function that is no method.
    pub(crate) fn attributes(&self, function: &Function<'s>) -> &'s [syn::Attribute] {
        let items = function.module.items.iter();
        let mut found = items.filter_map(|item| match item {
            Item::Fn(item) if std::ptr::eq(&*item.block, function.block) => Some(item.attrs.as_slice()),
            _ => None,
        });
        found.next().unwrap_or_default()
    }

    /// The methods of a name in all modules read so far.
    pub(crate) fn methods(&self, name: &str) -> Vec<Function<'s>> {
        self.loaded().iter().flat_map(|module| methods(module, name)).collect()
    }

    /// The functions of a module that are not methods.
    pub(crate) fn functions(&self, module: &Rc<Module<'s>>) -> Vec<Function<'s>> {
        let functions = module.items.iter().filter_map(|item| match item {
            Item::Fn(item) if !is_test(&item.attrs) => {
                let (signature, block) = (&item.sig, &*item.block);
                Some(Function { module: module.clone(), signature, block, owner: None })
            }
            _ => None,
        });
        let methods = module.items.iter().filter_map(|item| match item {
            Item::Impl(item) if !is_test(&item.attrs) => Some(impl_functions(module, item)),
            _ => None,
        });
        functions.collect::<Vec<_>>().into_iter().chain(methods.flatten()).collect()
    }

    /// The modules a module declares, in their order.
    pub(crate) fn children(&self, module: &Rc<Module<'s>>) -> Vec<Rc<Module<'s>>> {
        let names = module.items.iter().filter_map(|item| match item {
            Item::Mod(item) if !is_test(&item.attrs) => Some(item.ident.to_string()),
            _ => None,
        });
        names.filter_map(|name| self.child(module, &name)).collect()
    }
}

pub(crate) fn owner_name(function: &Function) -> Option<String> {
    match function.owner? {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn methods<'s>(module: &Rc<Module<'s>>, name: &str) -> Vec<Function<'s>> {
    let impls = module.items.iter().filter_map(|item| match item {
        Item::Impl(item) if !is_test(&item.attrs) => Some(item),
        _ => None,
    });
    impls
        .flat_map(|item| impl_functions(module, item))
        .filter(|function| function.signature.ident == name)
        .collect()
}

fn impl_functions<'s>(module: &Rc<Module<'s>>, item: &'s syn::ItemImpl) -> Vec<Function<'s>> {
    let functions = item.items.iter().filter_map(|inner| match inner {
        ImplItem::Fn(inner) if !is_test(&inner.attrs) => {
            let (signature, block) = (&inner.sig, &inner.block);
            Some(Function { module: module.clone(), signature, block, owner: Some(&item.self_ty) })
        }
        _ => None,
    });
    functions.collect()
}

impl<'s> Module<'s> {
    fn new(
        file: String,
        source: &'s Source<'s>,
        items: &'s [Item],
        path: Vec<String>,
        root: usize,
        folder: String,
    ) -> Self {
        let (mut imports, mut globs) = (HashMap::new(), Vec::new());
        for item in items {
            if let Item::Use(item) = item {
                import(&item.tree, &mut Vec::new(), &mut imports, &mut globs);
            }
        }
        Self { file, source, items, path, root, folder, imports, globs }
    }

    /// A path as the module's own imports make it longer.
    pub(crate) fn in_full(&self, path: &Path) -> String {
        let written = written(path);
        let (first, rest) = written.split_once("::").unwrap_or((&written, ""));
        let Some(full) = self.imports.get(first) else { return written };
        let full = full.join("::");
        if rest.is_empty() { full } else { format!("{full}::{rest}") }
    }

    /// Whether code in this module may use what `there` declares with this visibility.
    pub(crate) fn sees(&self, there: &Module, visibility: &Visibility) -> bool {
        let inside = self.root == there.root && self.path.starts_with(&there.path);
        match visibility {
            Visibility::Public(_) => true,
            Visibility::Restricted(to) if to.path.is_ident("crate") => self.root == there.root,
            _ => inside,
        }
    }
}
