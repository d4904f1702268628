//! What a server makes its router with, once for each worker: a closure or a function, perhaps behind a variable,
//! a parameter or a function that makes the closure.

use std::rc::Rc;

use syn::{Block, Expr, ExprClosure};

use super::entry::Served;
use super::package::{Found, Function};
use super::returns::returns_early;
use super::served::result;
use super::site::Site;
use super::variables::parameter;
use super::walk::{DEPTH, Frame, Walk, bare};

/// What a call of such a function makes.
pub(super) struct Made<'s> {
    /// The function it is written in.
    pub(super) frame: Rc<Frame<'s>>,
    /// The closure, where it is one.
    pub(super) closure: Option<&'s ExprClosure>,
    /// Whether it is a function of which nothing but the name is there.
    pub(super) is_named: bool,
    pub(super) expr: &'s Expr,
}

impl<'s> Walk<'_, 's> {
    /// Follows what is served; true if that is a router for certain, or makes one.
    pub(crate) fn served(&mut self, served: &Served<'s>) -> bool {
        let Served { frame, expr, .. } = served;
        if !self.words.factory {
            return self.follow(frame, expr);
        }
        let Some(made) = self.made(frame, expr, DEPTH) else { return self.follow(frame, expr) };
        self.closure = made.closure;
        if let (true, Expr::Path(name)) =
            (made.is_named && self.returns_router(&made.frame.function), bare(expr))
            && self.function(frame, &name.path).is_some_and(|function| function.is(&made.frame.function))
        {
            let start = frame.source().range(name).start;
            let (frame, guards) = (frame.clone(), Rc::default());
            let whole = bare(expr);
            let (first, after, is_root, is_named, sound, closure) = (None, 0, false, true, true, None);
            let site = Site { frame, start, first, after, whole, is_root, is_named, sound, closure, guards };
            self.sites.push(site);
        }
        self.follow(&made.frame, made.expr)
    }

    fn returns_router(&self, function: &Function<'s>) -> bool {
        match &function.signature.output {
            syn::ReturnType::Type(_, kind) => self.is_router(&function.module, kind, false),
            syn::ReturnType::Default => false,
        }
    }

    /// What `expr` makes when it is called.
    pub(super) fn made(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr, depth: usize) -> Option<Made<'s>> {
        let depth = depth.checked_sub(1)?;
        match bare(expr) {
            Expr::Closure(closure) => {
                let expr = match &*closure.body {
                    Expr::Block(body) => only_result(&body.block)?,
                    body => body,
                };
                Some(Made { frame: frame.clone(), closure: Some(closure), is_named: false, expr })
            }
            Expr::Block(block) => self.made(frame, result(&block.block)?, depth),
            Expr::MethodCall(call) if call.method == "clone" => self.made(frame, &call.receiver, depth),
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident().map(ToString::to_string) {
                    let at = frame.source().range(path).start;
                    if let Some(last) = self.bindings(frame, &name, at).pop() {
                        let certain = last.block.contains(&at) && !last.is_cfg;
                        return certain.then(|| self.made(frame, last.value, depth)).flatten();
                    }
                    if let Some((_, passed)) = parameter(frame, &name) {
                        let (argument, caller) = passed?;
                        return self.made(&caller, argument, depth);
                    }
                }
                let function = self.function(frame, &path.path)?;
                let expr = only_result(function.block)?;
                let is_named = is_plain(function.signature);
                let frame = Rc::new(Frame { function, call: None });
                Some(Made { frame, closure: None, is_named, expr })
            }
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return None };
                let function = self.function(frame, &path.path)?;
                let expr = only_result(function.block)?;
                let call = Some((call.args.iter().collect(), frame.clone()));
                self.made(&Rc::new(Frame { function, call }), expr, depth)
            }
            _ => None,
        }
    }

    /// Where each worker makes a router: whether all branches come from one chain, at which the calls may then stand,
    /// ahead of what the branches add.
    pub(super) fn one_root(&mut self, frame: &Rc<Frame<'s>>, choice: &'s Expr) -> bool {
        if !self.words.factory || self.frozen {
            return false;
        }
        let (known, guards) = (self.sites.len(), self.guards.len());
        let mut root: Option<Site<'s>> = None;
        for branch in branches(choice) {
            // What is around the one chain is met on each way to it.
            self.guards.truncate(guards);
            let is_router = self.follow(frame, branch);
            let found = self.sites.drain(known..).next_back().filter(|site| is_router && site.is_root);
            let frozen = std::mem::take(&mut self.frozen);
            match (found, &root) {
                (Some(found), None) if !frozen => root = Some(found),
                (Some(found), Some(root)) if !frozen && root.is(&found) => {}
                _ => {
                    self.guards.truncate(guards);
                    return false;
                }
            }
        }
        // What is around the branches is none of a chain.
        self.sites.truncate(known.saturating_sub(1));
        self.sites.extend(root);
        true
    }

    fn function(&self, frame: &Frame<'s>, path: &syn::Path) -> Option<Function<'s>> {
        match self.package.find_path(frame.module(), path)? {
            Found::Function(function) => Some(function),
            _ => None,
        }
    }
}

/// Whether a function is called with nothing, and makes what it returns at once.
fn is_plain(signature: &syn::Signature) -> bool {
    let takes_nothing = signature.inputs.is_empty() && signature.generics.params.is_empty();
    takes_nothing && signature.asyncness.is_none() && !matches!(signature.safety, syn::Safety::Unsafe(_))
}

/// What a choice may come to.
pub(super) fn branches(expr: &Expr) -> Vec<&Expr> {
    match bare(expr) {
        Expr::If(choice) => {
            let mut found: Vec<&Expr> = result(&choice.then_branch).into_iter().collect();
            if let Some((_, other)) = &choice.else_branch {
                found.extend(branches(other));
            }
            found
        }
        Expr::Match(choice) => choice.arms.iter().map(|arm| &*arm.body).collect(),
        Expr::Block(block) => result(&block.block).into_iter().collect(),
        other => vec![other],
    }
}

/// The value a block ends with, if it ends nowhere else.
pub(super) fn only_result(block: &Block) -> Option<&Expr> {
    result(block).filter(|_| !returns_early(block))
}
