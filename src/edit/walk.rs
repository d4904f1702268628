//! From what is served back to where it was made, through variables, functions of the package and wrappers:
//! each place on the way where calls could be appended, and how far in they may go.

use std::collections::HashMap;
use std::rc::Rc;

use syn::{Block, Expr, ExprClosure, ExprMethodCall};

use super::factory::branches;
use super::find::{Survey, unroll};
use super::names::Names;
use super::package::{Found, Function, Module, Package, owner_name};
use super::served::result;
use super::site::{Guard, Site};
use super::source::Source;
use super::words::Words;

/// Expressions followed into each other at most.
pub(super) const DEPTH: usize = 48;

/// Expressions followed on one walk at most: a function may call itself twice, and so on.
const MOST: usize = 20_000;

/// A function on the way, and how the one before came to it.
pub(crate) struct Frame<'s> {
    pub(crate) function: Function<'s>,
    /// Its arguments, and who called it.
    pub(crate) call: Option<(Vec<&'s Expr>, Rc<Frame<'s>>)>,
}

impl<'s> Frame<'s> {
    pub(crate) fn source(&self) -> &'s Source<'s> {
        self.function.module.source
    }

    pub(crate) fn module(&self) -> &Rc<Module<'s>> {
        &self.function.module
    }
}

/// A walk from one served expression.
pub(crate) struct Walk<'w, 's> {
    pub(super) package: &'w Package<'s>,
    pub(super) words: &'s Words,
    surveys: HashMap<*const Source<'s>, (Rc<Survey<'s>>, Rc<Names>)>,
    /// From the served expression inwards.
    pub(crate) sites: Vec<Site<'s>>,
    /// See [`Site::closure`].
    pub(super) closure: Option<&'s ExprClosure>,
    pub(super) guards: Vec<Guard>,
    /// Set where calls must not go further in; what follows only proves what it is.
    pub(super) frozen: bool,
    depth: usize,
    followed: usize,
}

/// What a call in a chain means for calls of ours: may they stand further in?
pub(super) enum Link {
    /// It leaves the routes alone.
    Through,
    /// It adds routes, or stands around those before it.
    Stop,
    Unknown,
}

impl<'w, 's> Walk<'w, 's> {
    pub(crate) fn new(package: &'w Package<'s>, words: &'s Words) -> Self {
        Self {
            package,
            words,
            surveys: HashMap::new(),
            sites: Vec::new(),
            closure: None,
            guards: Vec::new(),
            frozen: false,
            depth: 0,
            followed: 0,
        }
    }

    /// The places on the way, from what is served inwards.
    pub(crate) fn way(self) -> Vec<Site<'s>> {
        let guards = Rc::new(self.guards);
        let sites = self.sites.into_iter().filter(|site| site.sound);
        sites.map(|site| Site { guards: guards.clone(), ..site }).collect()
    }

    /// Follows an expression; true if it is a router for certain.
    pub(crate) fn follow(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr) -> bool {
        if self.depth == DEPTH || self.followed == MOST {
            return false;
        }
        self.depth += 1;
        self.followed += 1;
        let known = self.sites.len();
        let is_router = self.expression(frame, bare(expr));
        if !is_router {
            self.sites.truncate(known);
        } else if self.sites.get(known).is_some_and(|site| is_lent(expr, site.whole)) {
            // Calls would take what is lent.
            self.sites.remove(known);
        }
        self.depth -= 1;
        is_router
    }

    fn expression(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr) -> bool {
        let (base, links) = unroll(expr);
        let (at, frozen) = (self.sites.len(), self.frozen);
        match self.chain(frame, base, &links) {
            true => true,
            false => {
                // No router itself, so perhaps made of one.
                self.sites.truncate(at);
                self.frozen = frozen;
                self.wrapped(frame, base, &links)
            }
        }
    }

    /// A chain whose own value is a router.
    fn chain(&mut self, frame: &Rc<Frame<'s>>, base: &'s Expr, links: &[&'s Expr]) -> bool {
        let field = self.router_field(frame, base, links);
        // What is copied may be lent, or be needed again: calls stand on the copy.
        let copy = usize::from(matches!(base, Expr::Path(_)) && links.first().is_some_and(is_copy));
        let mut head = field.max(copy);
        let mut method = None;
        let is_root = self.is_root(frame, base);
        // What is made for each worker goes by whatever is called on it.
        let unknown = if is_root && self.words.factory { &[] } else { links };
        for (index, link) in unknown.iter().enumerate() {
            let Expr::MethodCall(call) = link else { continue };
            if !self.words.knows(&call.method.to_string())
                && let Some(function) = self.method(frame, base, call)
            {
                (head, method) = (index + 1, Some((call, function)));
            }
        }
        head += links[head..].iter().take_while(|link| self.unwraps(link)).count();
        let (mut after, mut stopped) = (links.len(), false);
        for (index, link) in links.iter().enumerate().skip(head).rev() {
            match self.link(frame, link) {
                Link::Through => after = index,
                Link::Stop => {
                    (after, stopped) = (index + 1, true);
                    break;
                }
                Link::Unknown => return false,
            }
        }
        let first =
            self.ahead_of_layers(frame, &links[head..after]).map(|ahead| calls_among(&links[..head + ahead]));
        if !links[head..].iter().all(|link| !matches!(self.link(frame, link), Link::Unknown)) {
            return false;
        }
        if self.words.factory {
            let guards: Vec<_> = links[head..].iter().filter_map(|link| self.guard(frame, link)).collect();
            self.guards.extend(guards.into_iter().map(|call| Guard::of(frame, call)));
        }
        if !self.frozen {
            let start = frame.source().range(base).start;
            let start = match base {
                Expr::Call(call) => frame.source().range(&*call.func).start,
                _ => start,
            };
            let whole = links[..after].last().copied().unwrap_or(base);
            let after = calls_among(&links[..after]);
            let (frame, closure, guards) = (frame.clone(), self.closure, Rc::default());
            let (is_named, sound) = (false, true);
            let site = Site { frame, start, first, after, whole, is_root, is_named, sound, closure, guards };
            self.sites.push(site);
        }
        self.frozen |= stopped;
        match method {
            _ if is_root || field > 0 => true,
            Some((call, function)) => self.enter(frame, function, call.args.iter().collect(), &links[..head]),
            None => self.base(frame, base, &links[..head]),
        }
    }

    fn unwraps(&self, link: &Expr) -> bool {
        match link {
            Expr::Await(_) | Expr::Try(_) => true,
            Expr::MethodCall(call) => self.words.unwraps(&call.method.to_string()),
            _ => false,
        }
    }

    pub(super) fn is_root(&mut self, frame: &Rc<Frame<'s>>, base: &Expr) -> bool {
        let Expr::Call(call) = base else { return false };
        let Expr::Path(path) = &*call.func else { return false };
        let words = self.words;
        path.qself.is_none() && self.look(frame).1.means(&path.path, &words.roots)
    }

    /// A call that stands around everything, and perhaps lets not everybody through.
    fn guard(&mut self, frame: &Rc<Frame<'s>>, link: &'s Expr) -> Option<&'s ExprMethodCall> {
        let Expr::MethodCall(call) = link else { return None };
        let is_layer = self.words.layers.iter().any(|name| call.method == name);
        let harmless = call.args.len() == 1 && self.is_harmless(frame, &call.args[0], DEPTH / 4);
        (is_layer && !harmless).then_some(call)
    }

    pub(super) fn link(&mut self, frame: &Rc<Frame<'s>>, link: &'s Expr) -> Link {
        let Expr::MethodCall(call) = link else {
            return if self.unwraps(link) { Link::Through } else { Link::Unknown };
        };
        let name = call.method.to_string();
        match name {
            _ if self.words.factory => Link::Through,
            name if self.words.layers.contains(&name) => match self.guard(frame, link) {
                Some(_) => Link::Stop,
                None => Link::Through,
            },
            name if self.words.after.contains(&name) => Link::Stop,
            name if self.words.through.contains(&name) || self.words.unwraps(&name) => Link::Through,
            _ => Link::Unknown,
        }
    }

    pub(super) fn method(
        &self,
        frame: &Frame<'s>,
        base: &Expr,
        call: &ExprMethodCall,
    ) -> Option<Function<'s>> {
        let mut methods = self.package.methods(&call.method.to_string());
        if let (Expr::Path(path), Some(owner)) = (base, owner_name(&frame.function))
            && path.path.is_ident("self")
        {
            methods.retain(|method| owner_name(method).as_deref() == Some(owner.as_str()));
        }
        match methods.as_slice() {
            [one] if one.signature.receiver().is_some() => Some(one.clone()),
            _ => None,
        }
    }

    fn base(&mut self, frame: &Rc<Frame<'s>>, base: &'s Expr, unwraps: &[&'s Expr]) -> bool {
        match base {
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return false };
                match self.package.find_path(frame.module(), &path.path) {
                    Some(Found::Function(function)) => {
                        self.enter(frame, function, call.args.iter().collect(), unwraps)
                    }
                    _ => match self.package.own_method(&frame.function, &path.path) {
                        Some(own) => self.enter(frame, own, call.args.iter().collect(), unwraps),
                        None => false,
                    },
                }
            }
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self.variable(frame, &name.to_string(), frame.source().range(base).start),
                None => false,
            },
            Expr::Block(block) => self.block(frame, &block.block),
            Expr::Unsafe(block) => self.block(frame, &block.block),
            Expr::If(_) | Expr::Match(_) if self.one_root(frame, base) => true,
            Expr::If(_) | Expr::Match(_) => {
                // Which branch is taken is not known: nothing of it may get calls, nor may the whole.
                let known = self.sites.len().saturating_sub(1);
                let is_router = branches(base).into_iter().all(|branch| {
                    let frozen = std::mem::replace(&mut self.frozen, true);
                    let is_router = self.follow(frame, branch);
                    self.frozen = frozen;
                    is_router
                });
                if !self.frozen {
                    self.sites.truncate(known);
                }
                self.frozen = true;
                is_router
            }
            _ => false,
        }
    }

    pub(super) fn block(&mut self, frame: &Rc<Frame<'s>>, block: &'s Block) -> bool {
        result(block).is_some_and(|expr| self.follow(frame, expr))
    }

    pub(super) fn look(&mut self, frame: &Frame<'s>) -> &(Rc<Survey<'s>>, Rc<Names>) {
        let source = frame.source();
        self.surveys
            .entry(source)
            .or_insert_with(|| (Rc::new(Survey::of(source, &[], &[])), Rc::new(Names::of(&source.file))))
    }
}

/// How many links of a [`super::find::Chain`] these are, where a `?` belongs to the link before it.
pub(super) fn calls_among(links: &[&Expr]) -> usize {
    links.iter().filter(|link| !matches!(link, Expr::Try(_))).count()
}

/// `.clone()`
pub(super) fn is_copy(link: &&Expr) -> bool {
    matches!(link, Expr::MethodCall(call) if call.method == "clone")
}

/// Whether an expression is `&` before a place, which is `whole`.
fn is_lent(expr: &Expr, whole: &Expr) -> bool {
    let is_place = matches!(whole, Expr::Path(_) | Expr::Field(_));
    is_place && has_reference(expr) && std::ptr::eq(bare(expr), whole)
}

fn has_reference(expr: &Expr) -> bool {
    match expr {
        Expr::Reference(_) => true,
        Expr::Paren(inner) => has_reference(&inner.expr),
        Expr::Group(inner) => has_reference(&inner.expr),
        _ => false,
    }
}

/// An expression without parentheses and `&` around it.
pub(crate) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => bare(&inner.expr),
        Expr::Group(inner) => bare(&inner.expr),
        Expr::Reference(inner) => bare(&inner.expr),
        other => other,
    }
}
