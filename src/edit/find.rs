//! Reads from a Rust file what is needed to choose a builder chain: the chains, the
//! functions, the variables and what is served. Code for tests is left out.

use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, ExprClosure, Pat, Signature, Stmt};

use super::names::Names;
use super::source::{Source, is_test};
pub(crate) use super::survey::{Around, Binding, Chain, Function, Link, Statement, Survey, unroll};

impl<'s> Survey<'s> {
    /// Looks through a file for chains that start at one of `roots` and for calls of `served`.
    pub(crate) fn of(source: &'s Source, roots: &'s [String], served: &'s [String]) -> Self {
        if is_test(&source.file.attrs) {
            return Self::default();
        }
        Self::with(source, roots, served, None)
    }

    /// Looks for the one chain that starts at a byte, whatever it starts with.
    pub(crate) fn at(source: &'s Source<'s>, start: usize) -> Self {
        Self::with(source, &[], &[], Some(start))
    }

    fn with(source: &'s Source<'s>, roots: &'s [String], served: &'s [String], start: Option<usize>) -> Self {
        let mut finder = Finder {
            source,
            start,
            roots,
            served,
            names: Names::of(&source.file),
            survey: Self::default(),
            blocks: Vec::new(),
            function: None,
            statement: None,
            around: Around::Other,
            outer: None,
            closures: Vec::new(),
            chains: 0,
            is_async: false,
        };
        finder.visit_file(&source.file);
        finder.survey
    }
}

struct Finder<'s> {
    source: &'s Source<'s>,
    /// Where the only chain wanted starts.
    start: Option<usize>,
    roots: &'s [String],
    served: &'s [String],
    names: Names,
    survey: Survey<'s>,
    blocks: Vec<Range<usize>>,
    function: Option<usize>,
    statement: Option<Statement>,
    around: Around<'s>,
    /// The chain whose first call has the expression we are at as its only argument.
    outer: Option<&'s Expr>,
    /// The closures of this function that we are in, and how many wanted chains.
    closures: Vec<&'s ExprClosure>,
    chains: usize,
    /// Whether we are in an async function or block.
    is_async: bool,
}

impl<'s> Finder<'s> {
    fn enter(&mut self, attributes: &[Attribute], signature: &Signature, block: &'s Block) {
        if is_test(attributes) {
            return;
        }
        let (name, range) = (signature.ident.to_string(), self.braces(block));
        self.survey.functions.push(Function { name, block, range });
        let closures = std::mem::take(&mut self.closures);
        let outside = (self.function, self.statement.take(), closures, self.is_async);
        self.function = Some(self.survey.functions.len() - 1);
        self.is_async = signature.asyncness.is_some();
        self.visit_block(block);
        (self.function, self.statement, self.closures, self.is_async) = outside;
    }

    fn braces(&self, block: &Block) -> Range<usize> {
        let braces = block.brace_token.span;
        self.source.bytes(braces.open()).start..self.source.bytes(braces.close()).end
    }

    fn bind(&mut self, name: String, value: &'s Expr, attributes: &[Attribute], is_let: bool) {
        let end = self.source.range(value).end;
        let block = self.blocks.last().cloned().unwrap_or(0..self.source.text.len());
        let is_cfg = attributes.iter().any(|attribute| attribute.path().is_ident("cfg"));
        self.survey.bindings.push(Binding { name, value, end, block, is_let, is_cfg });
    }

    /// Notes what a call serves.
    fn note_served(&mut self, expr: &'s Expr) {
        match expr {
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return };
                if self.names.means(&path.path, self.served) {
                    self.survey.served.extend(&call.args);
                }
            }
            Expr::MethodCall(call) => {
                self.survey.calls.push(call);
                if self.served.iter().any(|name| call.method == name) {
                    self.survey.served.extend(&call.args);
                }
            }
            _ => {}
        }
    }

    fn is_root(&self, base: &Expr) -> bool {
        if let Some(start) = self.start {
            let first = match base {
                Expr::Call(call) => self.source.range(&*call.func),
                _ => self.source.range(base),
            };
            return self.survey.chains.is_empty() && first.start == start;
        }
        let Expr::Call(call) = base else { return false };
        let Expr::Path(path) = &*call.func else { return false };
        path.qself.is_none() && self.names.means(&path.path, self.roots)
    }

    fn chain(&self, base: &'s Expr, links: &[&'s Expr]) -> Chain<'s> {
        let mut root = self.source.range(base);
        if let Expr::Call(call) = base {
            // Without attributes, which belong to the statement.
            root.start = self.source.range(&*call.func).start;
        }
        let mut chain = Chain {
            root,
            links: Vec::new(),
            function: self.function,
            statement: self.statement.clone(),
            closures: self.closures.clone(),
            around: self.around,
        };
        for link in links {
            let (dot, end, call) = match link {
                Expr::MethodCall(call) => {
                    (call.dot_token.spans[0], call.paren_token.span.close(), Some(call))
                }
                Expr::Field(field) => {
                    (field.dot_token.spans[0], syn::spanned::Spanned::span(&field.member), None)
                }
                Expr::Await(wait) => (wait.dot_token.spans[0], wait.await_token.span, None),
                Expr::Try(question) => {
                    let end = self.source.bytes(question.question_token.spans[0]).end;
                    match chain.links.last_mut() {
                        Some(last) => last.end = end,
                        None => chain.root.end = end,
                    }
                    continue;
                }
                _ => continue,
            };
            let (dot, end) = (self.source.bytes(dot).start, self.source.bytes(end).end);
            chain.links.push(Link { dot, end, call });
        }
        chain
    }

    fn visit_arguments(&mut self, links: &[&'s Expr]) {
        for link in links {
            if let Expr::MethodCall(call) = link {
                for argument in &call.args {
                    self.around = Around::Other;
                    self.visit_expr(argument);
                }
            }
        }
    }

    /// Visits what a chain that is not wanted starts with.
    fn visit_base(&mut self, base: &'s Expr, whole: &'s Expr, outer: Option<&'s Expr>) {
        self.around = Around::Other;
        match base {
            Expr::Call(call) if call.args.len() == 1 => {
                self.visit_expr(&call.func);
                self.outer = Some(whole);
                // Brackets behind a name shorter than an indent are no reason for rustfmt to begin a line.
                if self.source.range(&*call.func).len() > 3 && self.is_root(unroll(&call.args[0]).0) {
                    self.around = Around::Argument(call, whole);
                }
                self.visit_expr(&call.args[0]);
            }
            Expr::Call(call) if call.args.len() > 1 => {
                self.visit_expr(&call.func);
                for argument in &call.args {
                    self.around = Around::Argument(call, whole);
                    self.visit_expr(argument);
                }
            }
            Expr::Closure(closure) => {
                self.closures.push(closure);
                self.around = Around::Closure(outer);
                self.visit_expr(&closure.body);
                self.closures.pop();
            }
            _ => visit::visit_expr(self, base),
        }
    }
}

impl<'s> Visit<'s> for Finder<'s> {
    fn visit_item_mod(&mut self, item: &'s syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'s syn::ItemImpl) {
        if !is_test(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'s syn::ItemFn) {
        self.enter(&item.attrs, &item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'s syn::ImplItemFn) {
        self.enter(&item.attrs, &item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'s syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.enter(&item.attrs, &item.sig, block);
        }
    }

    fn visit_block(&mut self, block: &'s Block) {
        let braces = self.braces(block);
        let mut floor = braces.start + 1;
        self.blocks.push(braces);
        for statement in &block.stmts {
            let range = self.source.range(statement);
            let outside = self.statement.clone();
            if self.closures.is_empty() {
                self.statement = Some(Statement { start: range.start, floor, is_async: self.is_async });
            }
            self.around = Around::Other;
            self.visit_stmt(statement);
            self.statement = outside;
            floor = range.end;
        }
        self.blocks.pop();
    }

    fn visit_expr_async(&mut self, block: &'s syn::ExprAsync) {
        let outside = std::mem::replace(&mut self.is_async, true);
        visit::visit_expr_async(self, block);
        self.is_async = outside;
    }

    fn visit_stmt(&mut self, statement: &'s Stmt) {
        match statement {
            Stmt::Local(local) if is_test(&local.attrs) => {}
            _ => visit::visit_stmt(self, statement),
        }
    }

    fn visit_local(&mut self, local: &'s syn::Local) {
        if let Some(init) = &local.init {
            let mut idents = Idents(Vec::new());
            idents.visit_pat(&local.pat);
            for name in idents.0 {
                self.bind(name, &init.expr, &local.attrs, true);
            }
        }
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'s Expr) {
        if let Expr::Assign(assign) = expr
            && let Expr::Path(path) = &*assign.left
            && let Some(name) = path.path.get_ident()
        {
            self.bind(name.to_string(), &assign.right, &assign.attrs, false);
        }
        let (base, links) = unroll(expr);
        let outer = self.outer.take().filter(|_| links.is_empty());
        self.note_served(base);
        for link in &links {
            self.note_served(link);
        }
        if !self.is_root(base) {
            self.visit_base(base, expr, outer);
            return self.visit_arguments(&links);
        }
        if self.chains == 0 {
            let chain = self.chain(base, &links);
            self.survey.chains.push(chain);
        }
        self.chains += 1;
        visit::visit_expr(self, base);
        self.visit_arguments(&links);
        self.chains -= 1;
    }
}

struct Idents(Vec<String>);

impl<'s> Visit<'s> for Idents {
    fn visit_pat(&mut self, pat: &'s Pat) {
        if let Pat::Ident(ident) = pat {
            self.0.push(ident.ident.to_string());
        }
        visit::visit_pat(self, pat);
    }
}
