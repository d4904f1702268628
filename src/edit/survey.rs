//! What is known of a Rust file once it is read: its chains, functions, variables and what is served.

use std::ops::Range;

use syn::{Block, Expr, ExprCall, ExprClosure, ExprMethodCall};

/// `root(..)` and everything that is appended to it with dots.
pub(crate) struct Chain<'s> {
    /// First byte of the root and last byte behind its closing parenthesis.
    pub(crate) root: Range<usize>,
    /// In the order they are written.
    pub(crate) links: Vec<Link<'s>>,
    /// The innermost function around it: an index into [`Survey::functions`].
    pub(crate) function: Option<usize>,
    /// The statement that holds it, seen from outside of closures.
    pub(crate) statement: Option<Statement>,
    /// The closures of the statement around it, from the outside in.
    pub(crate) closures: Vec<&'s ExprClosure>,
    /// What the chain stands in, if that has to change when the chain becomes several lines.
    pub(crate) around: Around<'s>,
}

/// One `.name(..)`, `.name` or `.await`, together with the `?` behind it.
pub(crate) struct Link<'s> {
    pub(crate) dot: usize,
    pub(crate) end: usize,
    pub(crate) call: Option<&'s ExprMethodCall>,
}

#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) start: usize,
    /// End of what stands before it: the statement above or the opening brace.
    pub(crate) floor: usize,
    /// Whether `.await` may stand here.
    pub(crate) is_async: bool,
}

/// The expression directly around a chain.
#[derive(Clone, Copy)]
pub(crate) enum Around<'s> {
    /// The body of a closure without braces, and the chain that begins with the call whose
    /// only argument the closure is.
    Closure(Option<&'s Expr>),
    /// One of several arguments of a call, and the chain that call begins.
    Argument(&'s ExprCall, &'s Expr),
    Other,
}

pub(crate) struct Function<'s> {
    pub(crate) name: String,
    pub(crate) block: &'s Block,
    /// From brace to brace.
    pub(crate) range: Range<usize>,
}

/// `let name = value` or `name = value`.
#[derive(Clone)]
pub(crate) struct Binding<'s> {
    pub(crate) name: String,
    pub(crate) value: &'s Expr,
    pub(crate) end: usize,
    /// The innermost block it stands in.
    pub(crate) block: Range<usize>,
    pub(crate) is_let: bool,
    /// Whether a `#[cfg(..)]` decides if it is there at all.
    pub(crate) is_cfg: bool,
}

/// What was found in a file.
#[derive(Default)]
pub(crate) struct Survey<'s> {
    /// Chains that start at a wanted root, except those inside the arguments of another.
    pub(crate) chains: Vec<Chain<'s>>,
    pub(crate) functions: Vec<Function<'s>>,
    pub(crate) bindings: Vec<Binding<'s>>,
    /// All method calls.
    pub(crate) calls: Vec<&'s ExprMethodCall>,
    /// Arguments of the functions and methods that serve.
    pub(crate) served: Vec<&'s Expr>,
}

/// The parts of a chain of any kind: what it starts with, and its links from there on.
pub(crate) fn unroll(expr: &Expr) -> (&Expr, Vec<&Expr>) {
    let mut links = Vec::new();
    let mut base = expr;
    loop {
        let next = match base {
            Expr::MethodCall(call) => &call.receiver,
            Expr::Field(field) => &field.base,
            Expr::Await(wait) => &wait.base,
            Expr::Try(question) => &question.expr,
            _ => break,
        };
        links.push(base);
        base = next;
    }
    links.reverse();
    (base, links)
}
