//! What is known of a router without going to where it is made: its type, and the layers around it.

use std::rc::Rc;

use syn::{Block, Expr, Member, Type};

use super::find::unroll;
use super::package::{Found, Module};
use super::variables::parameter;
use super::walk::{DEPTH, Frame, Walk, bare, is_copy};

impl<'s> Walk<'_, 's> {
    /// Whether a layer is one of those known to let every request through.
    pub(super) fn is_harmless(&mut self, frame: &Rc<Frame<'s>>, layer: &'s Expr, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let (base, links) = unroll(bare(layer));
        let path = match base {
            Expr::Path(path) => &path.path,
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => &path.path,
                _ => return false,
            },
            Expr::Struct(literal) => &literal.path,
            _ => return false,
        };
        if let (Some(name), Expr::Path(_)) = (path.get_ident(), base) {
            let bindings = self.bindings(frame, &name.to_string(), frame.source().range(base).start);
            if let [one] = bindings.as_slice() {
                return self.is_harmless(frame, one.value, depth);
            }
        }
        let full = match self.package.find_path(frame.module(), path) {
            Some(Found::Function(function)) => match &function.signature.output {
                syn::ReturnType::Type(_, kind) => match &**kind {
                    Type::Path(kind) if links.is_empty() => function.module.in_full(&kind.path),
                    _ => return false,
                },
                syn::ReturnType::Default => return false,
            },
            // The owner's own, whatever its name.
            Some(_) => return false,
            None if self.is_method_of_own(frame, path) => return false,
            None => frame.module().in_full(path),
        };
        let names: Vec<&str> = full.split("::").collect();
        if names.iter().any(|name| self.words.stacks.iter().any(|stack| stack == name)) {
            let mut layers = links.iter().filter_map(|link| match link {
                Expr::MethodCall(call) if self.words.layers.contains(&call.method.to_string()) => {
                    call.args.first()
                }
                _ => None,
            });
            let plain = links.iter().all(|link| match link {
                Expr::MethodCall(call) => self.words.layers.contains(&call.method.to_string()),
                _ => false,
            });
            return plain && layers.all(|layer| self.is_harmless(frame, layer, depth));
        }
        names.iter().any(|name| self.words.harmless.iter().any(|known| known == name))
    }

    /// `Type::name` of a type of the package.
    fn is_method_of_own(&self, frame: &Frame<'s>, path: &syn::Path) -> bool {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let Some((_, owner)) = names.split_last().filter(|(_, owner)| !owner.is_empty()) else {
            return false;
        };
        matches!(self.package.find(frame.module(), owner), Some(found) if !matches!(found, Found::Module(_)))
    }

    /// How many links lead to a field of `self` or of a parameter that is a router by its type, with a copy of it.
    pub(super) fn router_field(&self, frame: &Frame<'s>, base: &Expr, links: &[&Expr]) -> usize {
        let is_router = || {
            let (Expr::Path(path), Expr::Field(field)) = (base, links.first()?) else { return None };
            let name = path.path.get_ident()?.to_string();
            let owner = match name.as_str() {
                "self" => frame.function.owner?,
                name => parameter(frame, name)?.0,
            };
            let Type::Path(owner) = without_references(owner) else { return None };
            let Found::Struct(module, item) = self.package.find_path(frame.module(), &owner.path)? else {
                return None;
            };
            let Member::Named(name) = &field.member else { return None };
            let field = item.fields.iter().find(|field| field.ident.as_ref() == Some(name))?;
            Some(self.is_router(&module, &field.ty, false))
        };
        if self.words.factory || is_router() != Some(true) {
            return 0;
        }
        1 + usize::from(links.get(1).is_some_and(is_copy))
    }

    /// Whether a type is that of a router, perhaps as the result of something that may fail.
    pub(super) fn is_router(&self, module: &Rc<Module<'s>>, kind: &Type, unwrapped: bool) -> bool {
        self.is_router_behind(module, kind, unwrapped, DEPTH)
    }

    fn is_router_behind(&self, module: &Rc<Module<'s>>, kind: &Type, unwrapped: bool, depth: usize) -> bool {
        let (Type::Path(path), Some(depth)) = (kind, depth.checked_sub(1)) else { return false };
        let Some(last) = path.path.segments.last() else { return false };
        let argument =
            || first_type(last).is_some_and(|inner| self.is_router_behind(module, inner, false, depth));
        match self.package.find_type(module, &path.path) {
            Some(Found::Alias(inner, alias)) => {
                // `Result<T> = std::result::Result<T, Error>`
                let fails = unwrapped && matches!(alias, Type::Path(alias) if fails(&alias.path));
                return self.is_router_behind(&inner, alias, unwrapped, depth) || fails && argument();
            }
            Some(_) => return false,
            None => {}
        }
        let full = module.in_full(&path.path);
        if self.words.types.contains(&full) {
            return true;
        }
        unwrapped && fails(&path.path) && argument()
    }
}

/// Whether a type may hold a value or none, by its name: `Result`, `AppResult`.
fn fails(path: &syn::Path) -> bool {
    let last = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    last.ends_with("Result") || last == "Option"
}

fn first_type(segment: &syn::PathSegment) -> Option<&Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn without_references(kind: &Type) -> &Type {
    match kind {
        Type::Reference(inner) => without_references(&inner.elem),
        kind => kind,
    }
}

/// Whether a function has a `return` with a value besides its last expression.
pub(super) fn returns_early(block: &Block) -> bool {
    struct Returns(usize);
    impl<'s> syn::visit::Visit<'s> for Returns {
        fn visit_expr_return(&mut self, back: &'s syn::ExprReturn) {
            // To give up early says nothing of the router.
            let gives_up = matches!(back.expr.as_deref(), Some(Expr::Call(call))
                if matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err")));
            self.0 += usize::from(!gives_up);
        }
        fn visit_expr_closure(&mut self, _: &'s syn::ExprClosure) {}
        fn visit_expr_async(&mut self, _: &'s syn::ExprAsync) {}
        fn visit_item(&mut self, _: &'s syn::Item) {}
    }
    let mut returns = Returns(0);
    syn::visit::Visit::visit_block(&mut returns, block);
    let last = matches!(block.stmts.last(), Some(syn::Stmt::Expr(Expr::Return(_), _)));
    returns.0 > usize::from(last)
}
