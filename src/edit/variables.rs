//! What a variable holds that a router is taken from: its values so far, or what was passed for it.

use std::rc::Rc;

use syn::{Expr, FnArg, Pat, Type};

use super::find::{Binding, unroll};
use super::walk::{Frame, Link, Walk, bare};

impl<'s> Walk<'_, 's> {
    /// The values a variable may have had before `at`, the last one last.
    pub(super) fn bindings(&mut self, frame: &Rc<Frame<'s>>, name: &str, at: usize) -> Vec<Binding<'s>> {
        let body = frame.source().range(frame.function.block);
        let (survey, _) = self.look(frame);
        let inner = survey.functions.iter().map(|function| function.range.clone());
        let inner: Vec<_> = inner.filter(|range| body.start < range.start && range.end <= body.end).collect();
        let mut values: Vec<Binding<'s>> = survey
            .bindings
            .iter()
            .filter(|binding| binding.name == name && binding.end <= at && body.contains(&binding.end))
            .filter(|binding| binding.block.contains(&at) || !binding.is_let)
            .filter(|binding| !inner.iter().any(|inner| inner.contains(&binding.end)))
            .cloned()
            .collect();
        values.sort_by_key(|binding| binding.end);
        // What stands before a variable of that name was declared is another one's.
        let declared = values.iter().rposition(|value| value.is_let && !value.is_cfg).unwrap_or(0);
        values.split_off(declared)
    }

    /// Follows what a variable holds at `at`; true if it is a router for certain.
    pub(super) fn variable(&mut self, frame: &Rc<Frame<'s>>, name: &str, at: usize) -> bool {
        let mut values = self.bindings(frame, name, at);
        while let Some(value) = values.pop() {
            if value.block.contains(&at) && !value.is_cfg {
                return self.tuple(value.value) || self.follow(frame, value.value);
            }
            // Set in a branch: one may go past it if it only stands around what was there before.
            let past = self.goes_past(frame, name, value.value);
            if !past {
                self.frozen = true;
            }
        }
        let Some((kind, passed)) = parameter(frame, name) else { return false };
        let typed = self.is_router(frame.module(), kind, false);
        match passed {
            Some((argument, caller)) => self.follow(&caller, argument) || typed,
            None => typed,
        }
    }

    /// A router taken out of a pair that such a call makes.
    fn tuple(&mut self, value: &'s Expr) -> bool {
        let parts = matches!(bare(value), Expr::MethodCall(call) if self.words.parts.contains(&call.method.to_string()));
        self.frozen |= parts;
        parts
    }

    fn goes_past(&mut self, frame: &Rc<Frame<'s>>, name: &str, value: &'s Expr) -> bool {
        let (base, links) = unroll(bare(value));
        let same = matches!(base, Expr::Path(path) if path.path.is_ident(name));
        same && links.iter().all(|link| matches!(self.link(frame, link), Link::Through))
    }
}

/// What a caller passed, and who that is.
pub(super) type Passed<'s> = Option<(&'s Expr, Rc<Frame<'s>>)>;

/// The type of a parameter, and what was passed for it where that is known.
pub(super) fn parameter<'s>(frame: &Frame<'s>, name: &str) -> Option<(&'s Type, Passed<'s>)> {
    let inputs = frame.function.signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_)));
    let (number, kind) = inputs.enumerate().find_map(|(number, input)| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(ident) if ident.ident == name => Some((number, &*input.ty)),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })?;
    let call = frame.call.as_ref();
    Some((kind, call.and_then(|(arguments, caller)| Some((*arguments.get(number)?, caller.clone())))))
}
