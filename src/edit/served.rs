//! Which of several chains is the one that is served: follows variables, functions of the
//! same file, branches and wrappers from the served expression back to a chain.

use std::collections::{BTreeSet, HashSet};

use syn::{Block, Expr, Stmt};

use super::find::{Binding, Chain, Survey, unroll};
use super::names::written;
use super::source::Source;

/// The chains (indexes into [`Survey::chains`]) that any of `expressions` comes from.
pub(crate) fn chains_of<'s>(
    source: &Source,
    survey: &Survey<'s>,
    expressions: impl IntoIterator<Item = &'s Expr>,
) -> BTreeSet<usize> {
    let mut trail = Trail { source, survey, seen: HashSet::new(), found: BTreeSet::new() };
    for expr in expressions {
        trail.follow(expr);
    }
    trail.found
}

/// The value a block ends with.
pub(crate) fn result(block: &Block) -> Option<&Expr> {
    match block.stmts.last()? {
        Stmt::Expr(Expr::Return(back), _) => back.expr.as_deref(),
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}

struct Trail<'t, 's> {
    source: &'t Source<'t>,
    survey: &'t Survey<'s>,
    seen: HashSet<usize>,
    found: BTreeSet<usize>,
}

impl<'s> Trail<'_, 's> {
    /// Follows an expression; true if it led to a chain.
    fn follow(&mut self, expr: &'s Expr) -> bool {
        let (base, links) = unroll(expr);
        let range = self.source.range(base);
        let is_chain = |chain: &Chain| chain.root.end == range.end && matches!(base, Expr::Call(_));
        if let Some(chain) = self.survey.chains.iter().position(is_chain) {
            self.found.insert(chain);
            return true;
        }
        if !self.seen.insert(range.start) {
            return false;
        }
        // `self.routes()`, or a wrapper that takes the value: `layer.wrap(value)`.
        self.base(base, range.start)
            || links.into_iter().any(|link| match link {
                Expr::MethodCall(call) => self.function(&call.method.to_string()) || self.all(&call.args),
                _ => false,
            })
    }

    fn base(&mut self, base: &'s Expr, at: usize) -> bool {
        match base {
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self.variable(&name.to_string(), at) || self.function(&name.to_string()),
                None => self.function(&last_name(&written(&path.path))),
            },
            Expr::Call(call) => {
                let known = match &*call.func {
                    Expr::Path(path) => self.function(&last_name(&written(&path.path))),
                    _ => false,
                };
                known || self.all(&call.args)
            }
            Expr::Closure(closure) => self.follow(&closure.body),
            Expr::Block(block) => self.block(&block.block),
            Expr::Async(block) => self.block(&block.block),
            Expr::Unsafe(block) => self.block(&block.block),
            Expr::Paren(paren) => self.follow(&paren.expr),
            Expr::Reference(reference) => self.follow(&reference.expr),
            Expr::If(choice) => {
                let one = self.block(&choice.then_branch);
                let other = choice.else_branch.as_ref().is_some_and(|(_, other)| self.follow(other));
                one || other
            }
            Expr::Match(choice) => self.all(choice.arms.iter().map(|arm| &*arm.body)),
            Expr::Return(back) => back.expr.as_ref().is_some_and(|expr| self.follow(expr)),
            _ => false,
        }
    }

    fn all(&mut self, expressions: impl IntoIterator<Item = &'s Expr>) -> bool {
        let mut led = false;
        for expr in expressions {
            led |= self.follow(expr);
        }
        led
    }

    fn block(&mut self, block: &'s Block) -> bool {
        result(block).is_some_and(|expr| self.follow(expr))
    }

    /// The results of the functions of this name in the file.
    fn function(&mut self, name: &str) -> bool {
        let survey = self.survey;
        let mut led = false;
        for function in survey.functions.iter().filter(|function| function.name == name) {
            led |= self.block(function.block);
        }
        led
    }

    /// What a variable holds at `at`: its last value before, and if that was set in a branch,
    /// also the one before that.
    fn variable(&mut self, name: &str, at: usize) -> bool {
        let survey = self.survey;
        let function = self.function_around(at);
        let mut values: Vec<&Binding<'s>> = survey
            .bindings
            .iter()
            .filter(|binding| binding.name == name && binding.end <= at)
            .filter(|binding| binding.block.contains(&at) || !binding.is_let)
            .filter(|binding| self.function_around(binding.end) == function)
            .collect();
        values.sort_by_key(|binding| binding.end);
        let mut led = false;
        while let Some(binding) = values.pop() {
            led |= self.follow(binding.value);
            if binding.block.contains(&at) {
                break;
            }
        }
        led
    }

    fn function_around(&self, at: usize) -> Option<usize> {
        let ranges = self.survey.functions.iter().map(|function| self.source.range(function.block));
        let around = ranges.enumerate().filter(|(_, range)| range.contains(&at));
        around.min_by_key(|(_, range)| range.len()).map(|(index, _)| index)
    }
}

fn last_name(path: &str) -> String {
    path.rsplit("::").next().unwrap_or(path).to_owned()
}
