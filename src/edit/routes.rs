//! The addresses a package answers: from what it serves inwards, through chains, variables and functions, each with
//! what it is nested below. What cannot be followed is left out: no evidence is no proof.

use std::collections::HashSet;
use std::rc::Rc;

use serde::Deserialize;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprLit, ExprMethodCall, FnArg, Lit, LitStr, Pat, ReturnType};

use super::arena::Arena;
use super::entry;
use super::find::unroll;
use super::package::{Found, Function, Package};
use super::served::result;
use super::text::line_number;
use super::variables::parameter;
use super::walk::{Frame, Walk, bare};
use super::words::Words;

/// Expressions and calls looked at most: functions may call themselves, each time below another address.
const MOST: usize = 4000;

/// By which words an address is given; of a framework, in the edit of its router.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RouteWords {
    /// Methods whose first argument is an address.
    pub at: Vec<String>,
    /// Methods whose first argument is what the addresses of the second begin with.
    pub below: Vec<String>,
    /// Methods that take routes as they are.
    pub of: Vec<String>,
    /// Functions that make something for an address.
    pub resources: Vec<String>,
    /// Functions that make something for what addresses begin with.
    pub scopes: Vec<String>,
    /// Attributes of handlers, with an address.
    pub attributes: Vec<String>,
    /// Functions and methods for one method of HTTP, whose routes live side by side at one address.
    pub methods: Vec<String>,
}

/// An address, and where it is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub path: String,
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// The methods of HTTP it answers, in small letters; none, where that is not known or does not matter.
    pub methods: Vec<String>,
}

/// The routes of a package that are not in our module.
pub(super) fn routes<'s>(package: &Package<'s>, words: &'s Words, made: &'s Arena<Expr>) -> Vec<Route> {
    let mut served = entry::served(package, words, made);
    if served.is_empty() {
        served = entry::makers(package, words);
    }
    let walk = Walk::new(package, words);
    let (seen, called, lent) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut search = Search { package, words, walk, seen, called, lent, found: Vec::new() };
    for served in served {
        search.expression(&served.frame, served.expr, "");
    }
    search.found.sort();
    search.found.dedup();
    search.found
}

struct Search<'w, 's> {
    package: &'w Package<'s>,
    words: &'s Words,
    walk: Walk<'w, 's>,
    seen: HashSet<(*const Expr, String)>,
    called: HashSet<(*const ExprMethodCall, String)>,
    /// Functions that were lent what they add routes to.
    lent: HashSet<(*const Block, String)>,
    found: Vec<Route>,
}

impl<'s> Search<'_, 's> {
    /// Looks through an expression whose addresses begin with `below`.
    fn expression(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr, below: &str) {
        let expr = bare(expr);
        if self.has_enough() || !self.seen.insert((expr, below.to_owned())) {
            return;
        }
        let (base, links) = unroll(expr);
        let below = self.base(frame, base, below);
        for link in links {
            if let Expr::MethodCall(call) = link {
                self.call(frame, call, &below);
            }
        }
    }

    fn has_enough(&self) -> bool {
        self.seen.len() + self.called.len() + self.lent.len() >= MOST
    }

    /// What a chain starts with. Returns what the addresses of its calls begin with.
    fn base(&mut self, frame: &Rc<Frame<'s>>, base: &'s Expr, below: &str) -> String {
        match bare(base) {
            Expr::Call(call) => return self.function_call(frame, call, below),
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                let known = name.is_some_and(|name| self.variable(frame, &name, base, below));
                if let (false, Some(Found::Function(function))) =
                    (known, self.package.find_path(frame.module(), &path.path))
                    && !self.handler(&function, below)
                {
                    self.enter(frame, function, vec![], below);
                }
            }
            Expr::Closure(closure) => {
                let names = closure.inputs.iter().filter_map(name_of).collect();
                self.called_on(frame, &closure.body, names, below);
                self.expression(frame, &closure.body, below);
            }
            Expr::Block(block) => self.block(frame, &block.block, below),
            Expr::Unsafe(block) => self.block(frame, &block.block, below),
            Expr::Async(block) => self.block(frame, &block.block, below),
            Expr::If(choice) => {
                self.block(frame, &choice.then_branch, below);
                if let Some((_, other)) = &choice.else_branch {
                    self.expression(frame, other, below);
                }
            }
            Expr::Match(choice) => {
                choice.arms.iter().for_each(|arm| self.expression(frame, &arm.body, below));
            }
            _ => {}
        }
        below.to_owned()
    }

    fn function_call(&mut self, frame: &Rc<Frame<'s>>, call: &'s syn::ExprCall, below: &str) -> String {
        let Expr::Path(function) = &*call.func else { return below.to_owned() };
        let words = &self.words.routes;
        let names = self.walk.look(frame).1.clone();
        let is_resource = names.means(&function.path, &words.resources);
        if is_resource || names.means(&function.path, &words.scopes) {
            let Some(path) = call.args.first().and_then(|path| text(self.package, frame, path)) else {
                // Below what is not known, nothing is.
                return UNKNOWN.to_owned();
            };
            let path = joined(below, &path);
            if is_resource && let Some(first) = call.args.first() {
                self.add(frame, &path, first, vec![]);
            }
            return path;
        }
        match self.package.find_path(frame.module(), &function.path) {
            Some(Found::Function(function)) => {
                self.enter(frame, function, call.args.iter().collect(), below);
            }
            _ => call.args.iter().for_each(|argument| self.expression(frame, argument, below)),
        }
        below.to_owned()
    }

    fn call(&mut self, frame: &Rc<Frame<'s>>, call: &'s ExprMethodCall, below: &str) {
        if self.has_enough() || !self.called.insert((call, below.to_owned())) {
            return;
        }
        let name = call.method.to_string();
        let words = &self.words.routes;
        if words.at.contains(&name) {
            let first = call.args.first();
            if let Some((first, path)) =
                first.and_then(|first| Some((first, text(self.package, frame, first)?)))
            {
                let methods = call.args.get(1).and_then(|handler| self.methods(handler));
                self.add(frame, &joined(below, &path), first, methods.unwrap_or_default());
            }
        } else if words.below.contains(&name) {
            let (Some(first), Some(inner)) = (call.args.first(), call.args.get(1)) else { return };
            let path = text(self.package, frame, first);
            let below = path.map_or(UNKNOWN.to_owned(), |path| joined(below, &path));
            self.expression(frame, inner, &below);
        } else if words.of.contains(&name) {
            call.args.iter().for_each(|argument| self.expression(frame, argument, below));
        } else if !self.words.knows(&name)
            && let [one] = self.package.methods(&name).as_slice()
        {
            self.enter(frame, one.clone(), call.args.iter().collect(), below);
        }
    }

    /// The values a variable or parameter may have; false if there is none of that name.
    fn variable(&mut self, frame: &Rc<Frame<'s>>, name: &str, at: &Expr, below: &str) -> bool {
        let values = self.walk.bindings(frame, name, frame.source().range(at).start);
        values.iter().for_each(|value| self.expression(frame, value.value, below));
        let parameter = parameter(frame, name);
        if let (true, Some((_, Some((argument, caller))))) = (values.is_empty(), &parameter) {
            self.expression(caller, argument, below);
        }
        !values.is_empty() || parameter.is_some()
    }

    fn enter(
        &mut self,
        caller: &Rc<Frame<'s>>,
        function: Function<'s>,
        arguments: Vec<&'s Expr>,
        below: &str,
    ) {
        if function.module.path.first() == Some(&self.words.module) {
            return;
        }
        let body = function.block;
        let frame = Rc::new(Frame { function, call: Some((arguments, caller.clone())) });
        if matches!(frame.function.signature.output, ReturnType::Default) {
            let inputs = frame.function.signature.inputs.iter();
            let names = inputs.filter_map(|input| match input {
                FnArg::Typed(input) => name_of(&input.pat),
                FnArg::Receiver(_) => None,
            });
            self.called_on_in(&frame, names.collect(), below, |calls| calls.visit_block(body));
        }
        self.block(&frame, body, below);
    }

    fn block(&mut self, frame: &Rc<Frame<'s>>, block: &'s Block, below: &str) {
        if let Some(expr) = result(block) {
            self.expression(frame, expr, below);
        }
    }

    /// What is called on something that a function or closure is lent to add routes to.
    fn called_on(&mut self, frame: &Rc<Frame<'s>>, body: &'s Expr, names: Vec<String>, below: &str) {
        self.called_on_in(frame, names, below, |calls| calls.visit_expr(body));
    }

    fn called_on_in(
        &mut self,
        frame: &Rc<Frame<'s>>,
        names: Vec<String>,
        below: &str,
        look: impl FnOnce(&mut CalledOn<'s>),
    ) {
        let mut calls = CalledOn { names, found: Vec::new(), lent: Vec::new() };
        if !calls.names.is_empty() {
            look(&mut calls);
        }
        for call in calls.found {
            self.call(frame, call, below);
        }
        for call in calls.lent {
            let Expr::Path(path) = &*call.func else { continue };
            if let Some(Found::Function(function)) = self.package.find_path(frame.module(), &path.path)
                && matches!(function.signature.output, ReturnType::Default)
                && !self.has_enough()
                && self.lent.insert((function.block, below.to_owned()))
            {
                self.enter(frame, function, call.args.iter().collect(), below);
            }
        }
    }

    /// The addresses that the attributes of a handler give it; false if it has none such.
    fn handler(&mut self, function: &Function<'s>, below: &str) -> bool {
        let mut is_handler = false;
        for text in addresses(self.package, self.words, function) {
            is_handler = true;
            if let Some(text) = text.filter(|_| below != UNKNOWN) {
                let source = function.module.source;
                let line = line_number(source.text, source.bytes(text.span()).start);
                let file = function.module.file.clone();
                let path = joined(below, &text.value());
                self.found.push(Route { path, file, line, methods: vec![] });
            }
        }
        is_handler
    }

    /// The methods of HTTP of `get(..).post(..)`; nothing where it may be others too.
    fn methods(&self, handler: &Expr) -> Option<Vec<String>> {
        let (base, links) = unroll(bare(handler));
        let Expr::Call(first) = base else { return None };
        let Expr::Path(first) = &*first.func else { return None };
        let first = first.path.segments.last()?.ident.to_string();
        let known = |name: &str| self.words.routes.methods.iter().find(|method| *method == name).cloned();
        let mut methods = vec![known(&first)?];
        for link in links {
            let Expr::MethodCall(call) = link else { return None };
            let name = call.method.to_string();
            match known(&name) {
                Some(method) => methods.push(method),
                None if self.words.layers.contains(&name) => {}
                None => return None,
            }
        }
        Some(methods)
    }

    fn add(&mut self, frame: &Frame<'s>, path: &str, at: &Expr, methods: Vec<String>) {
        if !path.starts_with(UNKNOWN) {
            let source = frame.source();
            let line = line_number(source.text, source.range(at).start);
            let file = frame.module().file.clone();
            self.found.push(Route { path: path.to_owned(), file, line, methods });
        }
    }
}

/// The addresses that the attributes of a handler give it, as far as they are written out.
pub(super) fn addresses<'s>(
    package: &Package<'s>,
    words: &Words,
    handler: &Function<'s>,
) -> Vec<Option<LitStr>> {
    let attributes = package.attributes(handler).iter().filter(|attribute| {
        let name = attribute.path().segments.last().map(|last| last.ident.to_string());
        name.is_some_and(|name| words.routes.attributes.contains(&name))
    });
    let address = |attribute: &syn::Attribute| {
        let list = attribute.meta.require_list().ok()?;
        syn::parse2::<LitStr>(list.tokens.clone().into_iter().next()?.into()).ok()
    };
    attributes.map(address).collect()
}

/// A text that is written out, perhaps as a constant.
pub(super) fn text<'s>(package: &Package<'s>, frame: &Frame<'s>, expr: &Expr) -> Option<String> {
    let literal = match bare(expr) {
        Expr::Path(path) => bare(package.constant(frame.module(), &path.path)?),
        written => written,
    };
    match literal {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// What addresses begin with where that is not known.
const UNKNOWN: &str = "?";

fn joined(below: &str, path: &str) -> String {
    match (below, path) {
        (UNKNOWN, _) => UNKNOWN.to_owned(),
        ("", path) => path.to_owned(),
        (below, "/") => below.to_owned(),
        (below, path) => format!("{}{path}", below.trim_end_matches('/')),
    }
}

pub(super) fn name_of(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(ident) => Some(ident.ident.to_string()),
        Pat::Type(typed) => name_of(&typed.pat),
        _ => None,
    }
}

/// Calls on variables of some names, and those that lend one to a function.
struct CalledOn<'s> {
    names: Vec<String>,
    found: Vec<&'s ExprMethodCall>,
    lent: Vec<&'s syn::ExprCall>,
}

impl CalledOn<'_> {
    fn knows(&self, expr: &Expr) -> bool {
        matches!(bare(expr), Expr::Path(path) if self.names.iter().any(|name| path.path.is_ident(name)))
    }
}

impl<'s> Visit<'s> for CalledOn<'s> {
    fn visit_expr_method_call(&mut self, call: &'s ExprMethodCall) {
        let mut base = &*call.receiver;
        while let Expr::MethodCall(inner) = base {
            base = &inner.receiver;
        }
        if self.knows(base) {
            self.found.push(call);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'s syn::ExprCall) {
        if call.args.iter().any(|argument| self.knows(argument)) {
            self.lent.push(call);
        }
        visit::visit_expr_call(self, call);
    }

    // Another thing may have the name in there.
    fn visit_expr_closure(&mut self, _: &'s syn::ExprClosure) {}

    fn visit_item(&mut self, _: &'s syn::Item) {}
}
