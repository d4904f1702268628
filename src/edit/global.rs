//! A pool kept in a static, behind a function that hands it out.

use std::rc::Rc;

use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ReturnType, Type};

use super::find::Statement;
use super::package::{Found, Function, Module};
use super::pool::{Kind, Pool, Search};

/// Types that are filled once, by whoever comes first.
const CELLS: [&str; 5] = [" OnceCell ", " OnceLock ", " LazyLock ", " Lazy ", " LazyCell "];

impl<'s> Search<'_, 's> {
    /// The pool of a module of which a function was called before, which must be the one that filled it.
    pub(super) fn global(&self, statement: &Statement) -> Option<Pool> {
        let mut modules: Vec<Rc<Module<'s>>> = Vec::new();
        for call in self.calls_before(statement.start) {
            let Expr::Path(path) = &*call.func else { continue };
            let Some(Found::Function(function)) = self.package.find_path(self.frame.module(), &path.path)
            else {
                continue;
            };
            if !modules.iter().any(|known| Rc::ptr_eq(known, &function.module)) {
                modules.push(function.module);
            }
        }
        modules.iter().find_map(|module| {
            let words = format!(" {}", module.source.words(&module.source.file));
            let kept = words.contains(" static ") && CELLS.iter().any(|cell| words.contains(cell));
            let functions = self.package.functions(module).into_iter().filter(|_| kept);
            let expr = functions.filter_map(|function| self.handed_out(&function)).next()?;
            Some(Pool { expr, from: statement.clone() })
        })
    }

    /// How to call a function that does nothing but hand a pool out.
    fn handed_out(&self, function: &Function<'s>) -> Option<String> {
        let (here, there) = (self.frame.module(), &function.module);
        let signature = function.signature;
        let plain = function.owner.is_none() && signature.inputs.is_empty() && signature.asyncness.is_none();
        let text = there.source.text;
        let before = text[..there.source.range(signature).start].trim_end();
        let seen = Rc::ptr_eq(here, there) || before.ends_with("pub") || before.ends_with("pub(crate)");
        if !plain || !seen || here.root != there.root {
            return None;
        }
        let ReturnType::Type(_, kind) = &signature.output else { return None };
        let (kind, clone) = match &**kind {
            Type::Reference(inner) => (&*inner.elem, ".clone()"),
            kind => (kind, ""),
        };
        let Some(Kind::Pool) = self.of_type(there, kind) else { return None };
        let names = there.path.iter().map(String::as_str);
        let path: String = match (Rc::ptr_eq(here, there), here.path.is_empty()) {
            (true, _) => String::new(),
            (false, true) => names.map(|name| format!("{name}::")).collect(),
            (false, false) => ["crate"].into_iter().chain(names).map(|name| format!("{name}::")).collect(),
        };
        Some(format!("{path}{}(){clone}", function.name()))
    }

    fn calls_before(&self, end: usize) -> Vec<&'s ExprCall> {
        struct Calls<'s>(Vec<&'s ExprCall>);
        impl<'s> Visit<'s> for Calls<'s> {
            fn visit_expr_call(&mut self, call: &'s ExprCall) {
                self.0.push(call);
                visit::visit_expr_call(self, call);
            }
            fn visit_expr_closure(&mut self, _: &'s syn::ExprClosure) {}
            fn visit_item(&mut self, _: &'s syn::Item) {}
        }
        let mut calls = Calls(Vec::new());
        calls.visit_block(self.frame.function.block);
        calls.0.retain(|call| self.frame.source().range(*call).end <= end);
        calls.0
    }
}
