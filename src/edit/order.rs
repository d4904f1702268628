//! Whether routes of ours may stand behind those that a function adds, where the first of several that fit answers:
//! only if each of those is known, and takes none of our addresses. Anything else is a doubt.

use std::rc::Rc;

use syn::{Block, Expr, ExprCall, ExprMethodCall, Stmt};

use super::factory::only_result;
use super::find::unroll;
use super::package::{Found, Function, Package};
use super::routes::{addresses, name_of, text};
use super::served::result;
use super::site::Site;
use super::text::line_number;
use super::variables::parameter;
use super::walk::{Frame, Walk, bare};
use super::words::Words;

/// Expressions looked at most.
const MOST: usize = 2000;

/// What may take an address of ours, and where it is.
#[derive(Debug, Clone)]
pub(super) struct Doubt {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) says: String,
    /// Whether it does for certain.
    pub(super) is_taken: bool,
}

type Clear = Result<(), Doubt>;

/// Whether what a site holds leaves our addresses alone.
pub(super) fn keeps_clear<'s>(package: &Package<'s>, words: &'s Words, site: &Site<'s>) -> Clear {
    let mut order = Order { walk: Walk::new(package, words), package, words, left: MOST };
    if words.ours.is_empty() {
        return Err(order.unknown(&site.frame, site.whole));
    }
    match (site.is_named, site.whole) {
        (true, Expr::Path(path)) => match package.find_path(site.frame.module(), &path.path) {
            Some(Found::Function(function)) => order.made_by(&site.frame, site.whole, function, vec![]),
            _ => Err(order.unknown(&site.frame, site.whole)),
        },
        _ => order.router(&site.frame, site.whole),
    }
}

struct Order<'w, 's> {
    walk: Walk<'w, 's>,
    package: &'w Package<'s>,
    words: &'s Words,
    left: usize,
}

impl<'s> Order<'_, 's> {
    /// A router and everything that is called on it.
    fn router(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr) -> Clear {
        self.count(frame, expr)?;
        let (base, links) = unroll(bare(expr));
        let mut added = links.as_slice();
        match base {
            _ if self.walk.is_root(frame, base) => {}
            Expr::Call(call) => match self.function(frame, call) {
                Some(function) => self.made_by(frame, base, function, call.args.iter().collect())?,
                None => return Err(self.unknown(frame, base)),
            },
            Expr::Block(block) => match result(&block.block) {
                Some(result) => self.router(frame, result)?,
                None => return Err(self.unknown(frame, base)),
            },
            _ => match (links.first(), self.own_method(frame, base, &links)) {
                (Some(Expr::MethodCall(call)), Some(function)) => {
                    self.made_by(frame, base, function, call.args.iter().collect())?;
                    added = &links[1..];
                }
                _ => self.values(frame, base, Self::router)?,
            },
        }
        added.iter().try_for_each(|link| self.added(frame, link))
    }

    fn own_method(&self, frame: &Frame<'s>, base: &Expr, links: &[&'s Expr]) -> Option<Function<'s>> {
        let Some(Expr::MethodCall(call)) = links.first() else { return None };
        let is_own = matches!(base, Expr::Path(path) if path.path.is_ident("self"));
        is_own.then(|| self.walk.method(frame, base, call)).flatten()
    }

    fn function(&self, frame: &Frame<'s>, call: &ExprCall) -> Option<Function<'s>> {
        let Expr::Path(path) = &*call.func else { return None };
        match self.package.find_path(frame.module(), &path.path) {
            Some(Found::Function(function)) => Some(function),
            _ => self.package.own_method(&frame.function, &path.path),
        }
    }

    /// The router that a function returns.
    fn made_by(
        &mut self,
        caller: &Rc<Frame<'s>>,
        at: &'s Expr,
        function: Function<'s>,
        arguments: Vec<&'s Expr>,
    ) -> Clear {
        let Some(result) = only_result(function.block) else { return Err(self.unknown(caller, at)) };
        let frame = Rc::new(Frame { function, call: Some((arguments, caller.clone())) });
        self.router(&frame, result)
    }

    /// Everything that a variable may hold, or what was passed for a parameter.
    fn values(
        &mut self,
        frame: &Rc<Frame<'s>>,
        variable: &'s Expr,
        mut look: impl FnMut(&mut Self, &Rc<Frame<'s>>, &'s Expr) -> Clear,
    ) -> Clear {
        let name = match variable {
            Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
            _ => None,
        };
        let Some(name) = name else { return Err(self.unknown(frame, variable)) };
        let at = frame.source().range(variable).start;
        let values = self.walk.bindings(frame, &name, at);
        let passed = parameter(frame, &name).and_then(|(_, passed)| passed);
        values.iter().try_for_each(|value| look(self, frame, value.value))?;
        match (values.iter().any(|value| value.is_let && !value.is_cfg), passed) {
            (true, _) => Ok(()),
            (false, Some((argument, caller))) => look(self, &caller, argument),
            (false, None) => Err(self.unknown(frame, variable)),
        }
    }

    /// What a call on a router adds.
    fn added(&mut self, frame: &Rc<Frame<'s>>, link: &'s Expr) -> Clear {
        let Expr::MethodCall(call) = link else { return Err(self.unknown(frame, link)) };
        let (name, words) = (call.method.to_string(), self.words);
        if words.routes.at.contains(&name) {
            return match call.args.first().and_then(|path| text(self.package, frame, path)) {
                Some(path) => self.takes(frame, Place::Of(call), &path, false),
                None => Err(self.unknown_call(frame, call)),
            };
        }
        if words.routes.of.contains(&name) {
            return call.args.iter().try_for_each(|routes| self.routes(frame, routes));
        }
        match words.layers.contains(&name) || words.through.contains(&name) {
            true => Ok(()),
            false => Err(self.unknown_call(frame, call)),
        }
    }

    /// What is passed to a call that takes routes.
    fn routes(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr) -> Clear {
        self.count(frame, expr)?;
        let (base, links) = unroll(bare(expr));
        match base {
            Expr::Call(call) => self.routes_of_call(frame, base, call),
            Expr::Closure(closure) => match closure.inputs.first().and_then(name_of) {
                Some(name) => self.configured(frame, &closure.body, &name),
                None => Err(self.unknown(frame, base)),
            },
            Expr::Path(path) if links.is_empty() => {
                match self.package.find_path(frame.module(), &path.path) {
                    Some(Found::Function(function)) => self.handler(frame, base, function),
                    _ => self.values(frame, base, Self::routes),
                }
            }
            _ => Err(self.unknown(frame, base)),
        }
    }

    fn routes_of_call(&mut self, frame: &Rc<Frame<'s>>, at: &'s Expr, call: &'s ExprCall) -> Clear {
        if let Expr::Path(made) = &*call.func {
            let (names, words) = (self.walk.look(frame).1.clone(), &self.words.routes);
            let is_scope = names.means(&made.path, &words.scopes);
            if is_scope || names.means(&made.path, &words.resources) {
                return match call.args.first().and_then(|path| text(self.package, frame, path)) {
                    Some(path) => self.takes(frame, Place::At(at), &path, is_scope),
                    None => Err(self.unknown(frame, at)),
                };
            }
        }
        let Some(function) = self.function(frame, call) else { return Err(self.unknown(frame, at)) };
        let Some(result) = only_result(function.block) else { return Err(self.unknown(frame, at)) };
        let call = Some((call.args.iter().collect(), frame.clone()));
        self.routes(&Rc::new(Frame { function, call }), result)
    }

    /// A function that is handed over: a handler with its addresses in attributes, or one that adds routes.
    fn handler(&mut self, frame: &Rc<Frame<'s>>, at: &'s Expr, function: Function<'s>) -> Clear {
        let addresses = addresses(self.package, self.words, &function);
        if addresses.is_empty() {
            return self.configures(frame, at, function, 0);
        }
        addresses.into_iter().try_for_each(|address| match address {
            Some(address) => self.takes(frame, Place::At(at), &address.value(), false),
            None => Err(self.unknown(frame, at)),
        })
    }

    /// A function whose parameter of this number is what it adds routes to.
    fn configures(
        &mut self,
        caller: &Rc<Frame<'s>>,
        at: &'s Expr,
        function: Function<'s>,
        number: usize,
    ) -> Clear {
        let is_plain = matches!(function.signature.output, syn::ReturnType::Default);
        let name = match function.signature.inputs.iter().nth(number) {
            Some(syn::FnArg::Typed(input)) if is_plain => name_of(&input.pat),
            _ => None,
        };
        let Some(name) = name else { return Err(self.unknown(caller, at)) };
        let block = function.block;
        self.statements(&Rc::new(Frame { function, call: None }), block, &name)
    }

    fn statements(&mut self, frame: &Rc<Frame<'s>>, block: &'s Block, name: &str) -> Clear {
        block.stmts.iter().try_for_each(|statement| match statement {
            Stmt::Expr(expr, _) => self.configured(frame, expr, name),
            Stmt::Item(_) => Ok(()),
            other => match self.says(frame, other, name) {
                Some(line) => Err(doubt(frame, line)),
                None => Ok(()),
            },
        })
    }

    /// What an expression adds to the variable that is lent.
    fn configured(&mut self, frame: &Rc<Frame<'s>>, expr: &'s Expr, name: &str) -> Clear {
        self.count(frame, expr)?;
        let (base, links) = unroll(bare(expr));
        let is_it = |expr: &Expr| matches!(bare(expr), Expr::Path(path) if path.path.is_ident(name));
        match base {
            _ if is_it(base) => links.iter().try_for_each(|link| self.added(frame, link)),
            Expr::Block(block) if links.is_empty() => self.statements(frame, &block.block, name),
            Expr::Call(call) if links.is_empty() && call.args.iter().any(is_it) => {
                let lent: Vec<usize> =
                    (0..call.args.len()).filter(|number| is_it(&call.args[*number])).collect();
                match (self.function(frame, call), lent.as_slice()) {
                    (Some(function), [number]) => self.configures(frame, base, function, *number),
                    _ => Err(self.unknown(frame, base)),
                }
            }
            _ => match self.says(frame, expr, name) {
                Some(line) => Err(doubt(frame, line)),
                None => Ok(()),
            },
        }
    }

    /// The line of a piece of code that has the name.
    fn says(&self, frame: &Frame<'s>, piece: &impl syn::spanned::Spanned, name: &str) -> Option<usize> {
        let source = frame.source();
        let says = format!(" {}", source.words(piece)).contains(&format!(" {name} "));
        says.then(|| line_number(source.text, source.range(piece).start))
    }

    fn takes(&self, frame: &Frame<'s>, at: Place<'s>, their: &str, is_scope: bool) -> Clear {
        match self.words.ours.iter().find(|our| takes(their, our, is_scope)) {
            Some(our) => {
                let says = format!("`{their}` takes `{our}`");
                Err(Doubt { says, is_taken: true, ..doubt(frame, at.line(frame)) })
            }
            None => Ok(()),
        }
    }

    /// Not without end: functions may call themselves.
    fn count(&mut self, frame: &Frame<'s>, at: &Expr) -> Clear {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self.unknown(frame, at)),
        }
    }

    fn unknown(&self, frame: &Frame<'s>, at: &Expr) -> Doubt {
        doubt(frame, Place::At(at).line(frame))
    }

    fn unknown_call(&self, frame: &Frame<'s>, call: &ExprMethodCall) -> Doubt {
        doubt(frame, Place::Of(call).line(frame))
    }
}

/// What is at a place that nobody looked into.
fn doubt(frame: &Frame, line: usize) -> Doubt {
    let says = "what is added is not known".to_owned();
    Doubt { file: frame.module().file.clone(), line, says, is_taken: false }
}

enum Place<'s> {
    At(&'s Expr),
    Of(&'s ExprMethodCall),
}

impl Place<'_> {
    fn line(&self, frame: &Frame) -> usize {
        let source = frame.source();
        let start = match self {
            Place::At(expr) => source.range(*expr).start,
            Place::Of(call) => source.range(&call.method).start,
        };
        line_number(source.text, start)
    }
}

/// Whether a request for our address would go to theirs, be that one address or what all of a scope begin with.
fn takes(their: &str, our: &str, is_scope: bool) -> bool {
    let parts = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let varies = |part: &str| part.contains('{') || part.starts_with(':');
    let (theirs, ours) = (parts(their), parts(our));
    if theirs == [""] {
        return is_scope;
    }
    for (number, part) in theirs.iter().enumerate() {
        // A pattern may go on behind the next slash.
        if part.contains('{') && part.contains([':', '*']) {
            return true;
        }
        match ours.get(number) {
            Some(our) if our == part || varies(part) || varies(our) => {}
            _ => return false,
        }
    }
    is_scope || theirs.len() == ours.len()
}

#[cfg(test)]
mod tests {
    use super::takes;

    #[test]
    fn an_address_takes_what_fits_it() {
        let our = "/users/log-in/:token";
        for their in ["/users/log-in/{id}", "/users/{a}/{b}", "/{a}/log-in/x/", "/{all:.*}", "/users/{all}*"]
        {
            assert!(takes(their, our, false), "{their}");
        }
        for their in ["/", "", "/users", "/users/log-in", "/{a}", "/users/log-in/{id}/x", "/user/{all:.*}"] {
            assert!(!takes(their, our, false), "{their}");
        }
        for their in ["/", "", "/users", "/users/log-in/", "/{a}"] {
            assert!(takes(their, our, true), "{their}");
        }
        for their in ["/api", "/users/register", "/users/log-in/x/y"] {
            assert!(!takes(their, our, true), "{their}");
        }
    }
}
