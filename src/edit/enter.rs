//! Into functions and through wrappers on the way to a router, and which places outside of them are one still.

use std::rc::Rc;

use syn::{Expr, Path, ReturnType};

use super::names::written;
use super::package::{Found, Function, Module, Package, owner_name};
use super::returns::returns_early;
use super::walk::{Frame, Walk};

/// What holds a value that is a router once it is unwrapped.
const HOLDERS: [&str; 2] = ["Ok", "Some"];

impl<'s> Walk<'_, 's> {
    /// A call of a function of the package: what it returns is known by its type, or else by its body.
    pub(super) fn enter(
        &mut self,
        caller: &Rc<Frame<'s>>,
        function: Function<'s>,
        arguments: Vec<&'s Expr>,
        unwraps: &[&'s Expr],
    ) -> bool {
        let typed = match &function.signature.output {
            ReturnType::Type(_, returned) => self.is_router(&function.module, returned, !unwraps.is_empty()),
            ReturnType::Default => return false,
        };
        if self.frozen && typed {
            return true;
        }
        let frame = Rc::new(Frame { function, call: Some((arguments, caller.clone())) });
        let body = frame.function.block;
        let frozen = self.frozen;
        let sound: Vec<bool> = self.sites.iter().map(|site| site.sound).collect();
        if !returns_early(body) && self.block(&frame, body) {
            // The type is what callers get, whatever it was made of.
            self.sites.iter_mut().zip(sound).for_each(|(site, sound)| site.sound = sound && typed);
            return true;
        }
        self.sites.truncate(sound.len());
        self.frozen = frozen || typed;
        typed
    }

    /// `Wrapper::new(router)`, `layer.layer(router)`, `Ok(router)`: follows the only argument that is one. What was
    /// on the way so far is the wrapper.
    pub(super) fn wrapped(&mut self, frame: &Rc<Frame<'s>>, base: &'s Expr, links: &[&'s Expr]) -> bool {
        let mut arguments: Vec<&'s Expr> = Vec::new();
        if let Expr::Call(call) = base {
            arguments.extend(&call.args);
        }
        let stack = self.is_stack(frame, base);
        for (index, link) in links.iter().enumerate() {
            // What collects layers takes last what they are to stand around.
            let is_last = stack && index + 1 == links.len();
            match link {
                Expr::MethodCall(call) if is_last || self.words.layers.contains(&call.method.to_string()) => {
                    arguments.extend(&call.args);
                }
                _ => {}
            }
        }
        let outside = self.sites.len();
        let is_router = arguments.into_iter().any(|argument| self.follow(frame, argument));
        if is_router && !holds(base) {
            self.sites.iter_mut().take(outside).for_each(|site| site.sound = false);
        }
        is_router
    }

    fn is_stack(&self, frame: &Rc<Frame<'s>>, base: &Expr) -> bool {
        let Expr::Call(call) = base else { return false };
        let Expr::Path(path) = &*call.func else { return false };
        let full = frame.module().in_full(&path.path);
        full.split("::").any(|name| self.words.stacks.iter().any(|stack| stack == name))
    }
}

/// `Ok(..)`
fn holds(base: &Expr) -> bool {
    let Expr::Call(call) = base else { return false };
    matches!(&*call.func, Expr::Path(path) if HOLDERS.iter().any(|name| path.path.is_ident(name)))
}

impl<'s> Package<'s> {
    /// What a path to a type means, where `::name::Type` is of the crate of that name and of no module.
    pub(super) fn find_type(&self, module: &Rc<Module<'s>>, path: &Path) -> Option<Found<'s>> {
        if path.leading_colon.is_some() { None } else { self.find_path(module, path) }
    }

    /// `Self::name` in a method.
    pub(crate) fn own_method(&self, method: &Function<'s>, path: &Path) -> Option<Function<'s>> {
        let (path, owner) = (written(path), owner_name(method)?);
        let methods = self.methods(path.strip_prefix("Self::")?);
        methods.into_iter().find(|found| owner_name(found).as_ref() == Some(&owner))
    }
}
