//! Where a connection pool of the wanted kind can be reached from a statement: a variable, a parameter, or a
//! field of one. Types are followed through the package's own structs, aliases and functions.

use std::rc::Rc;

use syn::{Expr, Fields, FnArg, GenericArgument, Local, Member, Pat, PathArguments, ReturnType, Type};

use super::find::{Statement, unroll};
use super::lets::{Let, binds};
use super::moves::may_be_moved;
use super::package::{Found, Module, Package};
use super::walk::{self, Frame, bare};
use super::words::{Pools, Words};

/// Structs looked into, and variables followed, at most.
const DEPTH: usize = 4;

/// A pool within reach.
pub(crate) struct Pool {
    /// An expression that is a pool of one's own: `state.db.clone()`.
    pub(crate) expr: String,
    /// Behind which it can be had; statements further down may have moved it.
    pub(crate) from: Statement,
}

/// What is known of a value.
#[derive(Clone)]
pub(super) enum Kind<'s> {
    Pool,
    /// Behind an `Arc` or its like, or behind what lends it by this method.
    Shared(Box<Kind<'s>>, Option<&'s str>),
    Struct(Rc<Module<'s>>, &'s syn::ItemStruct),
}

pub(crate) struct Search<'w, 's> {
    pub(crate) package: &'w Package<'s>,
    pub(crate) words: &'s Words,
    pub(crate) pools: &'s Pools,
    pub(crate) frame: &'w Rc<Frame<'s>>,
}

impl<'s> Search<'_, 's> {
    /// The pool nearest to a statement of the function.
    pub(crate) fn at(&self, statement: &Statement) -> Option<Pool> {
        let lets = self.lets();
        let before = |found: &&Let| found.end <= statement.start && found.block.contains(&statement.start);
        let visible: Vec<&Let> = lets.iter().filter(before).collect();
        for found in visible.iter().rev() {
            let Some((name, kind)) = self.of_let(found.local) else { continue };
            let again = |other: &&&Let| other.end > found.end && binds(&other.local.pat, &name);
            let hidden = visible.iter().any(|other| again(&other));
            let gone = hidden || may_be_moved(self.frame, &name, found.end..statement.start);
            let Some(expr) = self.reach(&name, &kind, !gone, DEPTH) else { continue };
            let from = match gone {
                false => statement.clone(),
                true => found.next.clone()?,
            };
            return Some(Pool { expr, from });
        }
        self.parameters(statement, &visible).or_else(|| self.global(statement))
    }

    fn parameters(&self, statement: &Statement, lets: &[&Let]) -> Option<Pool> {
        let function = &self.frame.function;
        let body = self.frame.source().range(function.block);
        let first = function.block.stmts.first().map(|first| Statement {
            start: self.frame.source().range(first).start,
            floor: body.start + 1,
            is_async: function.signature.asyncness.is_some(),
        });
        for input in &function.signature.inputs {
            let (name, kind) = match input {
                FnArg::Receiver(_) => {
                    match function.owner.and_then(|owner| self.of_type(self.frame.module(), owner)) {
                        Some(kind) => ("self".to_owned(), kind),
                        None => continue,
                    }
                }
                FnArg::Typed(input) => match (&*input.pat, self.of_type(self.frame.module(), &input.ty)) {
                    (Pat::Ident(name), Some(kind)) => (name.ident.to_string(), kind),
                    (pattern, _) => match self.extracted(pattern, &input.ty) {
                        Some(found) => found,
                        None => continue,
                    },
                },
            };
            let hidden = lets.iter().any(|other| binds(&other.local.pat, &name));
            let gone = hidden || may_be_moved(self.frame, &name, body.start..statement.start);
            let Some(expr) = self.reach(&name, &kind, !gone, DEPTH) else { continue };
            let from = match gone {
                false => statement.clone(),
                true => first.clone()?,
            };
            return Some(Pool { expr, from });
        }
        None
    }

    /// `Wrapper(name): Wrapper<Type>`
    fn extracted(&self, pattern: &Pat, kind: &Type) -> Option<(String, Kind<'s>)> {
        let (Pat::TupleStruct(pattern), Type::Path(path)) = (pattern, kind) else { return None };
        let (Some(Pat::Ident(name)), 1) = (pattern.elems.first(), pattern.elems.len()) else { return None };
        let inner = argument(path.path.segments.last()?, 0)?;
        Some((name.ident.to_string(), self.of_type(self.frame.module(), inner)?))
    }

    /// The expression for the pool in a value, if there is one in sight. `late` is where the value is ready to be used.
    fn reach(&self, value: &str, kind: &Kind<'s>, late: bool, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // What is only read from may be opened in that way.
            Kind::Pool if is_for_reading(value) => None,
            Kind::Pool => Some(format!("{value}.clone()")),
            Kind::Shared(inner, lend) => match (&**inner, lend) {
                (Kind::Pool, _) if is_for_reading(value) => None,
                (Kind::Pool, Some(lend)) => Some(format!("{value}.{lend}().clone()")),
                (Kind::Pool, None) => Some(format!("(*{value}).clone()")),
                (Kind::Shared(..), _) => None,
                (inner, _) => self.reach(value, inner, late, depth + 1),
            },
            Kind::Struct(module, item) => {
                let fields: Vec<_> = match &item.fields {
                    Fields::Named(fields) => {
                        let named = fields.named.iter();
                        named.filter_map(|field| Some((field.ident.as_ref()?.to_string(), field))).collect()
                    }
                    Fields::Unnamed(fields) => {
                        let unnamed = fields.unnamed.iter().enumerate();
                        unnamed.map(|(number, field)| (number.to_string(), field)).collect()
                    }
                    Fields::Unit => vec![],
                };
                let seen =
                    fields.into_iter().filter(|(_, field)| self.frame.module().sees(module, &field.vis));
                let mut kinds =
                    seen.filter_map(|(name, field)| Some((name, self.of_type(module, &field.ty)?)));
                let field =
                    kinds.find_map(|(name, kind)| self.reach(&format!("{value}.{name}"), &kind, late, depth));
                field.or_else(|| self.lent_by(value, module, item, late))
            }
        }
    }

    pub(super) fn of_type(&self, module: &Rc<Module<'s>>, kind: &Type) -> Option<Kind<'s>> {
        self.of_type_behind(module, kind, walk::DEPTH)
    }

    fn of_type_behind(&self, module: &Rc<Module<'s>>, kind: &Type, depth: usize) -> Option<Kind<'s>> {
        let depth = depth.checked_sub(1)?;
        let path = match kind {
            Type::Reference(inner) => return self.of_type_behind(module, &inner.elem, depth),
            Type::Paren(inner) => return self.of_type_behind(module, &inner.elem, depth),
            Type::Path(path) if path.qself.is_none() => &path.path,
            _ => return None,
        };
        let last = path.segments.last()?;
        if last.ident == "Self" && path.segments.len() == 1 {
            return self.of_type_behind(module, self.frame.function.owner?, depth);
        }
        match self.package.find_type(module, path) {
            Some(Found::Struct(inner, item)) => return Some(Kind::Struct(inner, item)),
            Some(Found::Alias(inner, alias)) => return self.of_type_behind(&inner, alias, depth),
            Some(_) => return None,
            None => {}
        }
        if ["Arc", "Rc", "Box"].contains(&last.ident.to_string().as_str()) {
            let inner = self.of_type_behind(module, argument(last, 0)?, depth)?;
            return Some(Kind::Shared(Box::new(inner), None));
        }
        let full = module.in_full(path);
        if let Some(lend) = self.lends(&full) {
            let inner = self.of_type_behind(module, argument(last, 0)?, depth)?;
            return Some(Kind::Shared(Box::new(inner), Some(lend)));
        }
        let full = with_argument(&full, last);
        self.pools.types.iter().any(|known| fits(&full, known)).then_some(Kind::Pool)
    }

    /// What a function returns, or what is in it if it is unwrapped.
    fn of_result(&self, module: &Rc<Module<'s>>, kind: &Type, owner: Option<&'s Type>) -> Option<Kind<'s>> {
        let Type::Path(path) = kind else { return self.of_type(module, kind) };
        let last = path.path.segments.last()?;
        if ["Result", "Option"].contains(&last.ident.to_string().as_str()) {
            return self.of_result(module, argument(last, 0)?, owner);
        }
        match owner {
            Some(owner) if path.path.is_ident("Self") => self.of_type(module, owner),
            _ => self.of_type(module, kind),
        }
    }

    fn of_let(&self, local: &'s Local) -> Option<(String, Kind<'s>)> {
        let init = local.init.as_ref()?;
        match &local.pat {
            Pat::Ident(name) => Some((name.ident.to_string(), self.of_expr(&init.expr, DEPTH)?)),
            Pat::Type(typed) => match &*typed.pat {
                Pat::Ident(name) => {
                    let kind = self.of_type(self.frame.module(), &typed.ty);
                    Some((name.ident.to_string(), kind.or_else(|| self.of_expr(&init.expr, DEPTH))?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of_expr(&self, expr: &'s Expr, depth: usize) -> Option<Kind<'s>> {
        let depth = depth.checked_sub(1)?;
        let (base, links) = unroll(bare(expr));
        let mut links = links.as_slice();
        let mut kind = match base {
            Expr::Struct(literal) => self.of_type_path(&literal.path)?,
            Expr::Path(path) => self.of_variable(&path.path.get_ident()?.to_string(), base, depth)?,
            Expr::Match(matched) if hands_on(matched) => self.of_expr(&matched.expr, depth)?,
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return None };
                match self.package.find_path(self.frame.module(), &path.path) {
                    Some(Found::Function(function)) => match &function.signature.output {
                        ReturnType::Type(_, kind) => {
                            self.of_result(&function.module, kind, function.owner)?
                        }
                        ReturnType::Default => return None,
                    },
                    Some(Found::Struct(module, item)) => Kind::Struct(module, item),
                    _ => {
                        let full = self.frame.module().in_full(&path.path);
                        let (owner, name) = full.rsplit_once("::")?;
                        let of = path.path.segments.iter().nth_back(1);
                        let kind = of.map_or_else(|| owner.to_owned(), |of| with_argument(owner, of));
                        if ["Arc", "Rc", "Box"]
                            .iter()
                            .any(|kind| owner == *kind || owner.ends_with(&format!("::{kind}")))
                        {
                            Kind::Shared(Box::new(self.of_expr(call.args.first()?, depth)?), None)
                        } else if let Some(lend) = self.lends(owner) {
                            let inner = match self.of_expr(call.args.first()?, depth)? {
                                // Made of an `Arc`, it holds what is in there.
                                Kind::Shared(inner, None) if name == "from" => inner,
                                inner => Box::new(inner),
                            };
                            Kind::Shared(inner, Some(lend))
                        } else if self.pools.types.iter().any(|known| fits(&kind, known))
                            && name.starts_with("connect")
                        {
                            Kind::Pool
                        } else {
                            let built = self.pools.builders.iter().any(|known| fits(&kind, known));
                            let last = links.iter().position(|link| {
                                matches!(link, Expr::MethodCall(call)
                                if call.method.to_string().starts_with("connect"))
                            })?;
                            if !built {
                                return None;
                            }
                            links = &links[last + 1..];
                            Kind::Pool
                        }
                    }
                }
            }
            _ => return None,
        };
        for link in links {
            kind = match link {
                Expr::Await(_) | Expr::Try(_) => kind,
                Expr::MethodCall(call) if call.method == "clone" => kind,
                Expr::MethodCall(call) if self.words.unwraps(&call.method.to_string()) => kind,
                Expr::Field(field) => self.of_field(kind, &field.member)?,
                _ => return None,
            };
        }
        Some(kind)
    }

    /// The method of a type that lends what is in it.
    fn lends(&self, path: &str) -> Option<&'s str> {
        self.words.lenders.iter().find(|(kind, _)| fits(path, kind)).map(|(_, method)| method.as_str())
    }

    fn of_type_path(&self, path: &syn::Path) -> Option<Kind<'s>> {
        match self.package.find_path(self.frame.module(), path)? {
            Found::Struct(module, item) => Some(Kind::Struct(module, item)),
            _ => None,
        }
    }

    fn of_field(&self, kind: Kind<'s>, member: &Member) -> Option<Kind<'s>> {
        let (module, item) = match kind {
            Kind::Shared(inner, _) => return self.of_field(*inner, member),
            Kind::Struct(module, item) => (module, item),
            Kind::Pool => return None,
        };
        let is = |number: usize, field: &syn::Field| match member {
            Member::Named(name) => field.ident.as_ref() == Some(name),
            Member::Unnamed(index) => index.index as usize == number,
        };
        let found = item.fields.iter().enumerate().find(|(number, field)| is(*number, field));
        self.of_type(&module, &found?.1.ty)
    }

    fn of_variable(&self, name: &str, at: &Expr, depth: usize) -> Option<Kind<'s>> {
        let at = self.frame.source().range(at).start;
        let lets = self.lets();
        let last = lets
            .iter()
            .rfind(|found| found.end <= at && found.block.contains(&at) && binds(&found.local.pat, name));
        if let Some(last) = last {
            return match &last.local.pat {
                Pat::Ident(_) => self.of_expr(&last.local.init.as_ref()?.expr, depth),
                _ => Some(self.of_let(last.local)?.1),
            };
        }
        self.frame.function.signature.inputs.iter().find_map(|input| match input {
            FnArg::Typed(input) if binds(&input.pat, name) => self.of_type(self.frame.module(), &input.ty),
            _ => None,
        })
    }
}

/// `Ok(pool) => pool` in a `match`.
fn hands_on(matched: &syn::ExprMatch) -> bool {
    matched.arms.iter().any(|arm| {
        let Pat::TupleStruct(pattern) = &arm.pat else { return false };
        let is_ok = pattern.path.segments.last().is_some_and(|last| last.ident == "Ok");
        let Some(Pat::Ident(name)) = pattern.elems.first().filter(|_| is_ok) else { return false };
        let result = match &*arm.body {
            Expr::Block(block) => match block.block.stmts.last() {
                Some(syn::Stmt::Expr(last, None)) => last,
                _ => return false,
            },
            body => body,
        };
        matches!(result, Expr::Path(path) if path.path.is_ident(&name.ident))
    })
}

fn argument(segment: &syn::PathSegment, number: usize) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.iter().filter(|argument| matches!(argument, GenericArgument::Type(_))).nth(number)? {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    }
}

/// `path::Kind<Argument>` where the last segment of a path has one.
fn with_argument(full: &str, last: &syn::PathSegment) -> String {
    let inner = match argument(last, 0) {
        Some(Type::Path(inner)) => inner.path.segments.last(),
        _ => None,
    };
    inner.map_or_else(|| full.to_owned(), |inner| format!("{full}<{}>", inner.ident))
}

pub(super) fn is_for_reading(value: &str) -> bool {
    let mut words = value.split(|c: char| !c.is_alphanumeric());
    words.any(|word| ["read", "reader", "readonly", "replica", "ro"].contains(&word))
}

/// Whether a path as its module makes it longer means the known one: `pool::Kind` is `a::pool::Kind`.
fn fits(path: &str, known: &str) -> bool {
    path == known || known.ends_with(&format!("::{path}"))
}
