//! What a server makes its router with, once for each worker: a closure or a function, perhaps behind a variable,
//! a parameter or a function that makes the closure.

use std::rc::Rc;

use syn::{Block, Expr, ExprClosure};

use super::entry::Served;
use super::package::{Found, Function};
use super::returns::returns_early;
use super::served::result;
use super::variables::parameter;
use super::walk::{DEPTH, Frame, Walk, bare};

/// What a call of such a function makes.
pub(super) struct Made<'s> {
    /// The function it is written in.
    pub(super) frame: Rc<Frame<'s>>,
    /// The closure, where it is one.
    pub(super) closure: Option<&'s ExprClosure>,
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
        self.follow(&made.frame, made.expr)
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
                Some(Made { frame: frame.clone(), closure: Some(closure), expr })
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
                Some(Made { frame: Rc::new(Frame { function, call: None }), closure: None, expr })
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

    fn function(&self, frame: &Frame<'s>, path: &syn::Path) -> Option<Function<'s>> {
        match self.package.find_path(frame.module(), path)? {
            Found::Function(function) => Some(function),
            _ => None,
        }
    }
}

/// The value a block ends with, if it ends nowhere else.
fn only_result(block: &Block) -> Option<&Expr> {
    result(block).filter(|_| !returns_early(block))
}
