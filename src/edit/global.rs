//! A pool kept in a static, behind a function that hands it out.

use std::rc::Rc;

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ReceiverKind, ReturnType, Stmt, Type};

use super::find::{Statement, unroll};
use super::package::{Found, Function, Module, owner_name};
use super::pool::{Kind, Pool, Search, is_for_reading};
use super::walk::bare;

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
        let plain = function.owner.is_none() && signature.inputs.is_empty();
        let other = connects(function) || is_for_reading(&function.name());
        if !plain || other || here.root != there.root || !self.may_call(function) {
            return None;
        }
        let clone = self.hands_out(function)?;
        let names = there.path.iter().map(String::as_str);
        let path: String = match (Rc::ptr_eq(here, there), here.path.is_empty()) {
            (true, _) => String::new(),
            (false, true) => names.map(|name| format!("{name}::")).collect(),
            (false, false) => ["crate"].into_iter().chain(names).map(|name| format!("{name}::")).collect(),
        };
        Some(format!("{path}{}(){clone}", function.name()))
    }

    /// A method of a type that hands out the pool it keeps to itself: `db.pool()`. Only of a value that is ready may it
    /// be one that does more than that, and perhaps panics before.
    pub(super) fn lent_by(
        &self,
        value: &str,
        module: &Rc<Module<'s>>,
        item: &syn::ItemStruct,
        late: bool,
    ) -> Option<String> {
        let owner = item.ident.to_string();
        self.package.functions(module).into_iter().find_map(|function| {
            let of_it = owner_name(&function).as_deref() == Some(owner.as_str());
            let receiver = function.signature.receiver().map(|receiver| &receiver.kind);
            let shared = matches!(receiver, Some(ReceiverKind::Reference(_, _, None)));
            let plain = shared && function.signature.inputs.len() == 1;
            let name = function.name();
            let ready = late || is_field(function.block);
            if !of_it
                || !plain
                || connects(&function)
                || !ready
                || is_for_reading(&name)
                || !self.may_call(&function)
            {
                return None;
            }
            let clone = self.hands_out(&function)?;
            Some(format!("{value}.{name}(){clone}"))
        })
    }

    /// What stands behind a call of a function that returns a pool, or one to look at, for a pool of one's own.
    fn hands_out(&self, function: &Function<'s>) -> Option<&'static str> {
        let ReturnType::Type(_, kind) = &function.signature.output else { return None };
        let (kind, clone) = match &**kind {
            Type::Reference(inner) => (&*inner.elem, ".clone()"),
            kind => (kind, ""),
        };
        match self.of_type(&function.module, kind)? {
            Kind::Pool => Some(clone),
            _ => None,
        }
    }

    /// Whether a function can be called here, and answers at once.
    fn may_call(&self, function: &Function<'s>) -> bool {
        let (here, there) = (self.frame.module(), &function.module);
        let text = there.source.text;
        let before = text[..there.source.range(function.signature).start].trim_end();
        let seen = match here.root == there.root {
            true => Rc::ptr_eq(here, there) || before.ends_with("pub") || before.ends_with("pub(crate)"),
            false => before.ends_with("pub"),
        };
        seen && function.signature.asyncness.is_none() && !is_sometimes(before)
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

/// Whether a function opens a pool, which is another one each time unless it is kept.
fn connects(function: &Function) -> bool {
    let calls = function.module.source.words(function.block);
    let called = || calls.split(" (").filter_map(|before| before.rsplit(' ').next());
    called().any(|name| name.starts_with("connect")) && !called().any(|name| name.starts_with("get_or_"))
}

/// Whether the attributes that end a text leave what they stand before out of some builds.
fn is_sometimes(before: &str) -> bool {
    let lines = before.lines().rev().map(str::trim);
    let mut attributes =
        lines.skip_while(|line| line.starts_with("pub")).take_while(|line| line.starts_with(['#', '/']));
    attributes.any(|line| line.starts_with("#[cfg("))
}

/// `&self.field` or `self.field.clone()`
fn is_field(block: &Block) -> bool {
    let [Stmt::Expr(expr, None)] = block.stmts.as_slice() else { return false };
    let (base, links) = unroll(bare(expr));
    let known = |link: &&Expr| match link {
        Expr::Field(_) => true,
        Expr::MethodCall(call) => call.method == "clone",
        _ => false,
    };
    matches!(base, Expr::Path(path) if path.path.is_ident("self")) && links.iter().all(known)
}
