//! What the programs of a package serve: found from `main` on, through the functions it calls.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, Path, Token};

use super::arena::Arena;
use super::names::Names;
use super::package::{Found, Function, Package};
use super::served::result;
use super::source::{Source, is_test};
use super::walk::Frame;
use super::words::Words;

/// Functions looked through at most.
const FUNCTIONS: usize = 400;

/// An expression that is served, and the function in which.
#[derive(Clone)]
pub(crate) struct Served<'s> {
    pub(crate) frame: Rc<Frame<'s>>,
    pub(crate) expr: &'s Expr,
}

/// Everything served by the programs of a package or, in a package without, by the functions of its library.
pub(crate) fn served<'s>(package: &Package<'s>, words: &'s Words, made: &'s Arena<Expr>) -> Vec<Served<'s>> {
    let mut search =
        Search { package, words, made, names: HashMap::new(), seen: Vec::new(), found: Vec::new() };
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
        if !search.found.is_empty() {
            return search.found;
        }
    }
    for main in mains {
        // Handed back to a runtime that serves it.
        if let Some(expr) =
            result(main.block).filter(|_| matches!(main.signature.output, syn::ReturnType::Type(..)))
        {
            let frame = Rc::new(Frame { function: main, call: None });
            search.found.push(Served { frame, expr });
        }
    }
    let libraries = (0..package.roots().len()).filter(|root| package.roots()[*root].library.is_some());
    for root in libraries {
        let Some(top) = package.top(root) else { continue };
        let mut functions = package.functions(&top);
        search.from(functions.clone());
        if search.found.is_empty() {
            functions.clear();
            package.children(&top).iter().for_each(|child| functions.extend(package.functions(child)));
            search.from(functions);
        }
    }
    search.found
}

struct Search<'w, 's> {
    package: &'w Package<'s>,
    words: &'s Words,
    made: &'s Arena<Expr>,
    names: HashMap<*const Source<'s>, Rc<Names>>,
    seen: Vec<*const Block>,
    found: Vec<Served<'s>>,
}

impl<'s> Search<'_, 's> {
    /// Looks through functions and those they call.
    fn from(&mut self, functions: Vec<Function<'s>>) {
        let start = functions.into_iter().map(|function| Rc::new(Frame { function, call: None }));
        let mut open: VecDeque<Rc<Frame<'s>>> = start.collect();
        while let Some(frame) = open.pop_front() {
            let block: *const Block = frame.function.block;
            if self.seen.contains(&block) || self.seen.len() == FUNCTIONS {
                continue;
            }
            self.seen.push(block);
            open.extend(self.look(&frame));
        }
    }

    /// Notes what a function serves; returns the functions it calls.
    fn look(&mut self, frame: &Rc<Frame<'s>>) -> Vec<Rc<Frame<'s>>> {
        let source = frame.source();
        let names = self.names.entry(source).or_insert_with(|| Rc::new(Names::of(&source.file))).clone();
        let mut calls = Calls {
            words: self.words,
            names: &names,
            made: self.made,
            served: vec![],
            calls: vec![],
            methods: vec![],
        };
        calls.visit_block(frame.function.block);
        let Calls { served, calls, methods, .. } = calls;
        self.found.extend(served.into_iter().map(|expr| Served { frame: frame.clone(), expr }));
        let mut called = Vec::new();
        for (path, arguments) in calls {
            let found = match self.package.find_path(frame.module(), path) {
                Some(Found::Function(function)) => function,
                _ => continue,
            };
            called.push((found, arguments));
        }
        for call in methods {
            if let [one] = self.package.methods(&call.method.to_string()).as_slice() {
                called.push((one.clone(), call.args.iter().collect()));
            }
        }
        let makes_router = |function: &Function| match &function.signature.output {
            syn::ReturnType::Type(_, kind) => {
                let words = format!(" {}", source_words(function, kind));
                self.words.types.iter().any(|name| words.contains(&format!(" {name} ")))
            }
            syn::ReturnType::Default => false,
        };
        let called = called.into_iter().filter(|(function, _)| !makes_router(function));
        called
            .map(|(function, arguments)| Rc::new(Frame { function, call: Some((arguments, frame.clone())) }))
            .collect()
    }
}

fn source_words(function: &Function, kind: &syn::Type) -> String {
    function.module.source.words(kind)
}

struct Calls<'n, 's> {
    words: &'s Words,
    names: &'n Names,
    made: &'s Arena<Expr>,
    served: Vec<&'s Expr>,
    calls: Vec<(&'s Path, Vec<&'s Expr>)>,
    methods: Vec<&'s ExprMethodCall>,
}

impl<'s> Calls<'_, 's> {
    fn is_qualified(&self, path: &Path) -> bool {
        path.get_ident().is_none_or(|name| self.names.imports(&name.to_string()))
    }

    /// `path(..)` in the words of a macro, which need not be Rust as a whole.
    fn in_macro(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (number, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let is_call = group.delimiter() == Delimiter::Parenthesis;
            let start = tokens[..number]
                .iter()
                .rposition(|token| !matches!(token, TokenTree::Ident(_)) && !is_colon(token))
                .map_or(0, |before| before + 1);
            let written: TokenStream = tokens[start..number].iter().cloned().chain([token.clone()]).collect();
            let call = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(written).ok();
            let call =
                call.filter(|call| is_call && call.len() == 1).and_then(|call| call.into_iter().next());
            match call.filter(|call| matches!(call, Expr::Call(_))).and_then(|call| self.made.keep(call)) {
                Some(call) => self.visit_expr(call),
                None => self.in_macro(group.stream()),
            }
        }
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

impl<'s> Visit<'s> for Calls<'_, 's> {
    fn visit_expr_call(&mut self, call: &'s ExprCall) {
        if let Expr::Path(path) = &*call.func {
            // A function of that name alone may be anybody's.
            match self.names.means(&path.path, &self.words.serve) && self.is_qualified(&path.path) {
                true => self.served.extend(call.args.last()),
                false => self.calls.push((&path.path, call.args.iter().collect())),
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'s ExprMethodCall) {
        match self.words.serve.iter().any(|name| call.method == name) && !call.args.is_empty() {
            true => self.served.extend(call.args.last()),
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
