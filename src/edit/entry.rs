//! What the programs of a package serve: found from `main` on, through the functions it calls.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use proc_macro2::{Delimiter, Punct, Spacing, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, Path, Token};

use super::arena::Arena;
use super::home::has_modules_beside;
use super::names::Names;
use super::package::{Found, Function, Module, Package};
use super::served::result;
use super::source::{Source, is_test};
use super::text::line_number;
use super::walk::Frame;
use super::words::Words;

/// Functions looked through at most.
const FUNCTIONS: usize = 400;

/// Methods of one name looked through at most.
const METHODS: usize = 8;

/// An expression that is served, and the function in which.
#[derive(Clone)]
pub(crate) struct Served<'s> {
    pub(crate) frame: Rc<Frame<'s>>,
    pub(crate) expr: &'s Expr,
    pub(crate) how: How,
}

impl Served<'_> {
    /// Its file and line.
    pub(crate) fn place(&self) -> (String, usize) {
        let source = self.frame.source();
        (self.frame.module().file.clone(), line_number(source.text, source.range(self.expr).start))
    }
}

/// What the way in which something is served says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// By a function, which takes nothing but routers and their like.
    Function,
    /// By a method that takes more than that, so for certain what answers requests.
    Connection,
    /// By any method of that name: it may be an address.
    Method,
}

/// Everything served by the programs of a package or, in a package without, by the functions of its library.
pub(crate) fn served<'s>(package: &Package<'s>, words: &'s Words, made: &'s Arena<Expr>) -> Vec<Served<'s>> {
    let mut search = Search::new(package, words, made);
    let programs = (0..package.roots().len()).filter(|root| package.roots()[*root].library.is_none());
    let mut mains = Vec::new();
    for root in programs {
        let Some(Found::Function(main)) =
            package.top(root).and_then(|top| package.find(&top, &["main".to_owned()]))
        else {
            continue;
        };
        mains.push(main.clone());
        search.from(vec![main]);
        // Which one of `src/bin/` is meant nobody says, so all of these are looked through.
        if !search.found.is_empty() && has_modules_beside(&package.roots()[root]) {
            return search.found;
        }
    }
    if !search.found.is_empty() {
        return search.found;
    }
    for main in mains {
        // Handed back to a runtime that serves it.
        if let Some(expr) =
            result(main.block).filter(|_| matches!(main.signature.output, syn::ReturnType::Type(..)))
        {
            let frame = Rc::new(Frame { function: main, call: None });
            search.found.push(Served { frame, expr, how: How::Method });
        }
    }
    let libraries = (0..package.roots().len()).filter(|root| package.roots()[*root].library.is_some());
    for root in libraries {
        let Some(top) = package.top(root) else { continue };
        let mut functions = package.functions(&top);
        search.from(functions.clone());
        if search.found.is_empty() {
            functions.clear();
            owners(package, &top, words).iter().for_each(|child| functions.extend(package.functions(child)));
            search.from(functions);
        }
    }
    search.found
}

/// The modules that a crate root declares, without ours: what an earlier run has written, or this one will, serves
/// nothing and makes no router of the owner's.
fn owners<'s>(package: &Package<'s>, top: &Rc<Module<'s>>, words: &Words) -> Vec<Rc<Module<'s>>> {
    let children = package.children(top).into_iter();
    children.filter(|child| child.path.last() != Some(&words.module)).collect()
}

/// What the functions return that make routers, of a library or named in `main`, unless another of them calls them.
pub(crate) fn makers<'s>(package: &Package<'s>, words: &'s Words) -> Vec<Served<'s>> {
    let mut makers: Vec<Function<'s>> = Vec::new();
    for (root, crate_root) in package.roots().iter().enumerate() {
        let Some(top) = package.top(root) else { continue };
        let main = match package.find(&top, &["main".to_owned()]) {
            Some(Found::Function(main)) => format!(" {}", main.module.source.words(main.block)),
            _ => String::new(),
        };
        // A program may hand one to a server of another package.
        let is_used = |function: &Function| {
            crate_root.library.is_some() || main.contains(&format!(" {} ", function.name()))
        };
        let modules = [vec![top.clone()], owners(package, &top, words)].concat();
        let functions = modules.iter().flat_map(|module| package.functions(module));
        makers
            .extend(functions.filter(|function| is_used(function) && makes_router(package, function, words)));
    }
    let called = |function: &Function| {
        let call = format!(" {} (", function.name());
        makers.iter().any(|other| {
            let body = other.module.source.words(other.block);
            !other.is(function) && format!(" {body}").contains(&call)
        })
    };
    let free: Vec<Function<'s>> = makers.iter().filter(|function| !called(function)).cloned().collect();
    free.into_iter().filter_map(returned).collect()
}

/// What a function serves, or else returns, that a person has named.
pub(crate) fn named<'s>(
    package: &Package<'s>,
    words: &'s Words,
    made: &'s Arena<Expr>,
    file: &str,
    function: &str,
) -> Vec<Served<'s>> {
    let mut search = Search::new(package, words, made);
    let name = function.rsplit("::").next().unwrap_or(function);
    let inside = file.rsplit_once("src/").map_or(file, |(_, inside)| inside);
    let path = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    let mut found = Vec::new();
    for root in 0..package.roots().len() {
        let Some(mut module) = package.top(root) else { continue };
        if module.file != file {
            let inner = path.split('/').try_fold(module, |module, name| package.child(&module, name));
            let Some(inner) = inner.filter(|inner| inner.file == file) else { continue };
            module = inner;
        }
        let functions = package.functions(&module).into_iter();
        for function in functions.filter(|function| function.name() == name) {
            search.look(&Rc::new(Frame { function: function.clone(), call: None }));
            match search.found.is_empty() {
                true => found.extend(returned(function)),
                false => found.append(&mut search.found),
            }
        }
    }
    found
}

fn returned<'s>(function: Function<'s>) -> Option<Served<'s>> {
    let expr = result(function.block)?;
    Some(Served { frame: Rc::new(Frame { function, call: None }), expr, how: How::Function })
}

/// Whether a function says that it returns a router, perhaps in something else.
fn makes_router<'s>(package: &Package<'s>, function: &Function<'s>, words: &Words) -> bool {
    match &function.signature.output {
        syn::ReturnType::Type(_, kind) => {
            let returned = format!(" {}", function.module.source.words(kind));
            let names = words.types.iter().filter_map(|path| path.rsplit("::").next());
            // A type of the package's own may have the name.
            let own = |name: &str| package.find(&function.module, &[name.to_owned()]).is_some();
            names.into_iter().any(|name| returned.contains(&format!(" {name} ")) && !own(name))
        }
        syn::ReturnType::Default => false,
    }
}

struct Search<'w, 's> {
    package: &'w Package<'s>,
    words: &'s Words,
    made: &'s Arena<Expr>,
    names: HashMap<*const Source<'s>, Rc<Names>>,
    seen: Vec<*const Block>,
    found: Vec<Served<'s>>,
}

impl<'w, 's> Search<'w, 's> {
    fn new(package: &'w Package<'s>, words: &'s Words, made: &'s Arena<Expr>) -> Self {
        Search { package, words, made, names: HashMap::new(), seen: Vec::new(), found: Vec::new() }
    }

    /// Looks through functions and those they call.
    fn from(&mut self, functions: Vec<Function<'s>>) {
        let start = functions.into_iter().map(|function| Rc::new(Frame { function, call: None }));
        let mut open: VecDeque<Rc<Frame<'s>>> = start.collect();
        while let Some(frame) = open.pop_front() {
            let block: *const Block = frame.function.block;
            if self.seen.contains(&block) {
                self.again(&frame);
                continue;
            }
            if self.seen.len() == FUNCTIONS {
                continue;
            }
            self.seen.push(block);
            open.extend(self.look(&frame));
        }
    }

    /// A function that serves what each of its callers gives it serves as many routers.
    fn again(&mut self, frame: &Rc<Frame<'s>>) {
        let same = |served: &&Served<'s>| served.frame.function.is(&frame.function);
        let Some(first) = self.found.iter().find(same).map(|served| served.frame.clone()) else { return };
        // Whose method is called is not known, so neither is what it is given.
        if first.call.is_none() || frame.function.owner.is_some() || self.found.len() > FUNCTIONS {
            return;
        }
        let own = self.found.iter().filter(|served| Rc::ptr_eq(&served.frame, &first));
        let own: Vec<Served<'s>> =
            own.map(|served| Served { frame: frame.clone(), ..served.clone() }).collect();
        self.found.extend(own);
    }

    /// Notes what a function serves; returns the functions it calls.
    fn look(&mut self, frame: &Rc<Frame<'s>>) -> Vec<Rc<Frame<'s>>> {
        let Calls { served, calls, methods, .. } = self.calls(&frame.function);
        let served = served.into_iter();
        self.found.extend(served.map(|(expr, how)| Served { frame: frame.clone(), expr, how }));
        let mut called = Vec::new();
        for (path, arguments) in calls {
            let found = match self.package.find_path(frame.module(), path) {
                Some(Found::Function(function)) => Some(function),
                _ => self.package.own_method(&frame.function, path),
            };
            called.extend(found.map(|found| (found, arguments)));
        }
        for call in methods {
            // Whose method it is, is not known: whatever may serve is looked at.
            for method in self.package.methods(&call.method.to_string()).into_iter().take(METHODS) {
                called.push((method, call.args.iter().collect()));
            }
        }
        called.retain(|(function, _)| {
            // What it returns may name a router because it is what serves one.
            !makes_router(self.package, function, self.words)
                || self.calls(function).served.iter().any(|(_, how)| *how == How::Function)
        });
        called
            .into_iter()
            .map(|(function, arguments)| Rc::new(Frame { function, call: Some((arguments, frame.clone())) }))
            .collect()
    }

    fn calls(&mut self, function: &Function<'s>) -> Calls<'s> {
        let source = function.module.source;
        let names = self.names.entry(source).or_insert_with(|| Rc::new(Names::of(&source.file))).clone();
        let (words, made) = (self.words, self.made);
        let mut calls = Calls { words, names, made, served: vec![], calls: vec![], methods: vec![] };
        calls.visit_block(function.block);
        calls
    }
}

struct Calls<'s> {
    words: &'s Words,
    names: Rc<Names>,
    made: &'s Arena<Expr>,
    served: Vec<(&'s Expr, How)>,
    calls: Vec<(&'s Path, Vec<&'s Expr>)>,
    methods: Vec<&'s ExprMethodCall>,
}

impl<'s> Calls<'s> {
    fn is_qualified(&self, path: &Path) -> bool {
        path.get_ident().is_none_or(|name| self.names.imports(&name.to_string()))
    }

    /// The expressions in a macro, which need not be Rust as a whole: runs of names, dots and brackets.
    fn in_macro(&mut self, tokens: TokenStream) {
        let whole = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone());
        if let Ok(all) = whole {
            return all.into_iter().for_each(|expr| self.made_visit(expr));
        }
        let mut run: Vec<TokenTree> = Vec::new();
        let end = TokenTree::Punct(Punct::new(';', Spacing::Alone));
        for token in tokens.into_iter().chain([end]) {
            if belongs(&token) {
                run.push(token);
                continue;
            }
            let pieces = std::mem::take(&mut run);
            match syn::parse2::<Expr>(pieces.iter().cloned().collect()) {
                Ok(expr) => self.made_visit(expr),
                Err(_) => pieces.into_iter().for_each(|piece| self.in_group(piece)),
            }
            self.in_group(token);
        }
    }

    fn in_group(&mut self, token: TokenTree) {
        if let TokenTree::Group(group) = token {
            self.in_macro(group.stream());
        }
    }

    fn made_visit(&mut self, expr: Expr) {
        if let Some(expr) = self.made.keep(expr) {
            self.visit_expr(expr);
        }
    }
}

/// Whether a token can be part of a chain of calls.
fn belongs(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => [':', '.', '?', '&'].contains(&punct.as_char()),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        TokenTree::Literal(_) => false,
    }
}

impl<'s> Visit<'s> for Calls<'s> {
    fn visit_expr_call(&mut self, call: &'s ExprCall) {
        if let Expr::Path(path) = &*call.func {
            // A function of that name alone may be anybody's.
            match self.names.means(&path.path, &self.words.serve) && self.is_qualified(&path.path) {
                true => self.served.extend(call.args.last().map(|last| (last, How::Function))),
                false => self.calls.push((&path.path, call.args.iter().collect())),
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'s ExprMethodCall) {
        match self.words.serve.iter().any(|name| call.method == name) && !call.args.is_empty() {
            true => {
                let how = if call.args.len() > 1 { How::Connection } else { How::Method };
                self.served.extend(call.args.last().map(|last| (last, how)));
            }
            false => self.methods.push(call),
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, invoked: &'s syn::Macro) {
        self.in_macro(invoked.tokens.clone());
    }

    fn visit_local(&mut self, local: &'s syn::Local) {
        if !is_test(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_item(&mut self, _: &'s syn::Item) {}
}
