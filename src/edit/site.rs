//! Places on the way from what is served to where it is made.

use std::rc::Rc;

use syn::{Expr, ExprClosure, ExprMethodCall};

use super::walk::{Frame, Link, Walk};

/// A chain that calls could be appended to: behind its first `after` links.
#[derive(Clone)]
pub(crate) struct Site<'s> {
    pub(crate) frame: Rc<Frame<'s>>,
    /// Where what the chain starts with begins.
    pub(crate) start: usize,
    pub(crate) after: usize,
    /// Behind how many of its links those of the calls stand that add routes, if these have to be further in.
    pub(crate) first: Option<usize>,
    /// What stands there so far.
    pub(crate) whole: &'s Expr,
    /// Whether it starts with a function that makes a router.
    pub(crate) is_root: bool,
    /// Whether it is the name of such a function, handed over to be called.
    pub(crate) is_named: bool,
    /// The closure that makes what is served, if one does: a chain in it is made by each worker.
    pub(crate) closure: Option<&'s ExprClosure>,
    /// Whether what the chain makes is a router, and nothing made of one.
    pub(crate) sound: bool,
    /// Layers around what is served, wherever the calls stand, that may keep requests out.
    pub(crate) guards: Rc<Vec<Guard>>,
}

impl Site<'_> {
    pub(crate) fn is(&self, other: &Site) -> bool {
        self.frame.function.is(&other.frame.function)
            && self.start == other.start
            && self.after == other.after
    }
}

/// A layer around everything that may keep requests out.
#[derive(Debug, Clone)]
pub struct Guard {
    pub file: String,
    /// The call, as far as it stands on one line.
    pub call: String,
}

impl Guard {
    pub(super) fn of(frame: &Frame, call: &ExprMethodCall) -> Self {
        let source = frame.source();
        let range = source.range(&call.method).start..source.bytes(call.paren_token.span.close()).end;
        let line = source.text[range].lines().next().unwrap_or_default();
        Guard { file: frame.module().file.clone(), call: format!(".{line}") }
    }
}

impl<'s> Walk<'_, 's> {
    /// Where among these links routes may be added ahead of layers that let everything through: where nothing but what
    /// answers for all other addresses is behind them. It keeps the layers around the new routes.
    pub(super) fn ahead_of_layers(&mut self, frame: &Rc<Frame<'s>>, links: &[&'s Expr]) -> Option<usize> {
        let (mut at, mut has_layer) = (links.len(), false);
        while let Some(Expr::MethodCall(call)) = at.checked_sub(1).map(|last| links[last]) {
            let name = call.method.to_string();
            let answers_the_rest = self.words.fallbacks.contains(&name);
            if !answers_the_rest && !matches!(self.link(frame, links[at - 1]), Link::Through) {
                break;
            }
            has_layer |= self.words.layers.contains(&name);
            at -= 1;
        }
        has_layer.then_some(at)
    }
}
