//! Why a router is left to a person, and what to paste where.

use std::rc::Rc;

use syn::Expr;

use super::entry::{How, Served};
use super::factory::Made;
use super::find::unroll;
use super::mount::{Mount, Refusal};
use super::order::Doubt;
use super::place::Place;
use super::site::Site;
use super::text::{line_number, line_start};
use super::walk::{DEPTH, Walk, bare, calls_among};
use super::words::Start;

const UNKNOWN: &str = "where this router is made could not be found";

impl<'s> Mount<'_, 's> {
    pub(super) fn not_found(&self, root: &str, served: &[Served<'s>]) -> Refusal {
        let why = match self.chosen {
            Some((file, function)) => format!("`fn {function}` of {file} makes no router that is served"),
            None => "nothing was found that serves a router".to_owned(),
        };
        let place = served.iter().find_map(|served| self.as_served(served));
        match (place, self.chosen) {
            (Some(place), None) => self.refuse(&place, UNKNOWN.to_owned()),
            _ => {
                let by_hand = self.words.by_hand("where the router is made, in async code", "crate::");
                match served.iter().find(|served| served.how == How::Function && self.chosen.is_none()) {
                    Some(served) => {
                        let (file, line) = served.place();
                        Refusal { file, line: Some(line), why: format!("line {line}: {UNKNOWN}"), by_hand }
                    }
                    None => Refusal { file: root.to_owned(), line: None, why, by_hand },
                }
            }
        }
    }

    /// The crate of what [`Self::not_found`] shows: the lines to paste there name modules of that crate.
    pub(super) fn served_in(&self, served: &[Served<'s>]) -> Option<String> {
        let shown = served.iter().find(|served| self.as_served(served).is_some());
        let module = shown.or_else(|| served.first())?.frame.module();
        Some(self.package.roots()[module.root].file.clone())
    }

    /// Calls twice would be as wrong as none.
    pub(super) fn half_done(&self, file: &str) -> Refusal {
        let why = "some of this is there already, and some is not".to_owned();
        let place = format!("in `{file}`, where that part is, as far as it is not there");
        Refusal { file: file.to_owned(), line: None, why, by_hand: self.words.by_hand(&place, "crate::") }
    }

    /// The only router found is perhaps not the one wanted.
    pub(super) fn doubtful(&self, way: &[Place<'s>], unknown: &[Served<'s>]) -> Refusal {
        let doubt = match unknown.is_empty() {
            false => "something else is served too, of which it is not known where it is made",
            true => "by its name, the only router found is not that of the pages",
        };
        let why = format!("{doubt}; there is {}", self.candidate(&way[way.len() - 1]));
        let beside = way.iter().any(|place| self.is_beside(place));
        let refusal = match unknown.iter().find_map(|served| self.as_served(served)) {
            Some(place) if beside => self.refuse(&place, String::new()),
            _ => self.refuse(self.best(way), String::new()),
        };
        Refusal { why, ..refusal }
    }

    pub(super) fn ambiguous(&self, ways: &[Vec<Place<'s>>]) -> Refusal {
        let last: Vec<&Place> = ways.iter().filter_map(|way| way.last()).collect();
        let is_same =
            |one: &Place<'s>, other: &Place<'s>| one.site.frame.function.is(&other.site.frame.function);
        // Of two made in one function, its name does not say which is meant.
        let by_name = |place: &Place<'s>| last.iter().filter(|other| is_same(place, other)).count() == 1;
        let places = last.iter().map(|place| match by_name(place) {
            true => self.candidate(place),
            false => format!("{}:{}", place.site.frame.module().file, place.line()),
        });
        let mut why = format!("more than one router is served: {}", places.collect::<Vec<_>>().join(", "));
        if !last.iter().all(|place| by_name(place)) {
            why += "; in a function of its own, --router names it";
        }
        let is_beside = |place: &Place<'s>| self.is_beside(place) || self.is_named_beside(place);
        let way = ways.iter().find(|way| !way.iter().any(is_beside)).unwrap_or(&ways[0]);
        Refusal { why, ..self.refuse(self.best(way), String::new()) }
    }

    /// The calls cannot stand anywhere on the only way there is.
    pub(super) fn unfit(&self, way: &[Place<'s>]) -> Refusal {
        let place = self.best(way);
        let in_a_function =
            "each worker makes this in a function that adds routes, and the first that fits answers";
        let why = match (&place.clear, way.last()) {
            (Some(Err(Doubt { file, line, says, is_taken: true })), root) => {
                let why = format!("{in_a_function}: {file}:{line}: {says}");
                match root.and_then(|root| self.through_parameter(place, root, &why)) {
                    Some(refusal) => return refusal,
                    None => {
                        let at = "in the function that makes the router";
                        let by_hand = self.words.by_hand(at, "crate::");
                        return Refusal { by_hand, ..self.refuse(place, why) };
                    }
                }
            }
            (Some(Err(Doubt { file, line, says, .. })), _) => {
                format!(
                    "{in_a_function}; {file}:{line}: {says}. These lines are right unless one takes an address of ours"
                )
            }
            _ => {
                "the function around it is not async, nor is one further out that serves it alone".to_owned()
            }
        };
        self.refuse(place, why)
    }

    /// Ours go ahead of the routes in a function, which is given what they need.
    fn through_parameter(&self, place: &Place<'s>, root: &Place<'s>, why: &str) -> Option<Refusal> {
        let (at, inner) = (&place.site.frame, &root.site.frame);
        let is_called = inner.call.as_ref().is_some_and(|(_, caller)| Rc::ptr_eq(caller, at));
        let is_in_reach = (is_called || place.site.is_named) && at.module().root == inner.module().root;
        if !is_in_reach || !root.site.is_root || !place.statement.is_async {
            return None;
        }
        let (_, prelude) = self.lines(place, Start::Own).ok()?;
        let (calls, parameter) = self.lines(root, Start::Own).ok()?;
        let (name, made) = parameter.strip_prefix("let ")?.split_once(" = ")?;
        let (kind, _) = made.split('(').next()?.rsplit_once("::")?;
        let argument = format!("{}.clone()", prelude.strip_prefix("let ")?.split(' ').next()?);
        let (source, function) = (inner.source(), inner.function.name());
        let header = line_number(source.text, source.range(&inner.function.signature.ident).start);
        let calls: Vec<String> = calls.iter().map(|call| format!(".{call}")).collect();
        let (file, line) = (&at.module().file, place.line());
        let mut by_hand = format!(
            "in `{file}`, above line {}, add:\n{prelude}\n",
            line_number(at.source().text, place.statement.start),
        );
        by_hand += &match (place.site.is_named, place.not_moving()) {
            (true, _) => format!(
                "and in line {line}, instead of `{function}`, write:\nmove || {function}({argument})\n"
            ),
            (false, moving) => {
                let moving = moving.map(|at_byte| line_number(at.source().text, at_byte));
                let moving = moving.map(|line| format!("and in line {line}, ahead of `||`, add:\nmove\n"));
                let argument =
                    format!("and in line {line}, as the last argument of `{function}`, add:\n{argument}\n");
                argument + &moving.unwrap_or_default()
            }
        };
        by_hand += &format!(
            "and in `{}`, line {header}, as the last parameter of `{function}`, whoever else calls it, add:\n{name}: {kind}\n\
             and in line {}, behind `{}`, add:\n{}",
            inner.module().file,
            root.line(),
            &source.text[root.chain().root.clone()],
            calls.join("\n")
        );
        Some(Refusal { file: file.clone(), line: Some(line), why: format!("line {line}: {why}"), by_hand })
    }

    /// Where to paste.
    fn best<'p>(&self, way: &'p [Place<'s>]) -> &'p Place<'s> {
        let own = self.own_place(way).or_else(|| way.iter().rfind(|place| place.is_for_each_worker()));
        own.unwrap_or(&way[0])
    }

    fn candidate(&self, place: &Place<'s>) -> String {
        let frame = &place.site.frame;
        let file = &frame.module().file;
        format!("{file}:{} (--router {file}::{})", place.line(), frame.function.name())
    }

    /// Whether a place is in code that serves, by its name, something beside the pages.
    pub(super) fn is_beside(&self, place: &Place<'s>) -> bool {
        let frame = &place.site.frame;
        let file = frame.module().file.rsplit('/').next().unwrap_or_default();
        self.says_beside(file) || self.says_beside(&frame.function.name())
    }

    /// Whether the variable is called that.
    fn is_named_beside(&self, place: &Place<'s>) -> bool {
        let statement = place.site.frame.source().text.get(place.statement.start..).unwrap_or_default();
        let variable = statement.strip_prefix("let ").and_then(|rest| rest.split('=').next());
        variable.is_some_and(|variable| self.says_beside(variable))
    }

    fn says_beside(&self, name: &str) -> bool {
        self.words.beside.iter().any(|word| name.contains(word.as_str()))
    }

    /// The served expression itself as a place: the lines work there if it is a router, which is not known.
    fn as_served(&self, served: &Served<'s>) -> Option<Place<'s>> {
        let mut walk = Walk::new(self.package, self.words);
        let made = match self.words.factory {
            true => {
                let made = walk.made(&served.frame, served.expr, DEPTH)?;
                // Behind braces, a call would begin a statement of its own.
                let is_block = matches!(bare(made.expr), Expr::If(_) | Expr::Match(_) | Expr::Block(_));
                (made.closure.is_some() && !is_block).then_some(made)?
            }
            false => Made { frame: served.frame.clone(), closure: None, is_named: false, expr: served.expr },
        };
        let source = made.frame.source();
        let (base, links) = unroll(bare(made.expr));
        if is_made_of_something(base) {
            return None;
        }
        let start = match base {
            Expr::Call(call) => source.range(&*call.func).start,
            _ => source.range(base).start,
        };
        let outside = self.outside(&links);
        if outside == 0 && served.how != How::Function {
            return None;
        }
        let after = if self.words.factory { links.len() } else { links.len() - outside };
        let whole = links[..after].last().copied().unwrap_or(base);
        let (after, closure, guards) = (calls_among(&links[..after]), made.closure, Rc::default());
        let (frame, is_root, is_named, sound, first) = (made.frame, false, false, true, None);
        self.place(Site { frame, start, first, after, whole, is_root, is_named, sound, closure, guards })
    }

    /// How many calls at the end of a chain are those of a router that is about to be served.
    fn outside(&self, links: &[&Expr]) -> usize {
        let outside = |link: &&&Expr| match link {
            Expr::MethodCall(call) => self.words.through.contains(&call.method.to_string()),
            _ => false,
        };
        links.iter().rev().take_while(outside).count()
    }

    /// Whether what is served must be a router or its like, as little as is known of it.
    pub(super) fn may_be_router(&self, served: &Served<'s>) -> bool {
        served.how != How::Method || self.outside(&unroll(bare(served.expr)).1) > 0
    }

    /// The lines to paste at a place, for a pool of our own.
    pub(super) fn refuse(&self, place: &Place<'s>, why: String) -> Refusal {
        let (source, chain) = (place.site.frame.source(), place.chain());
        let file = place.site.frame.module().file.clone();
        let line = place.line();
        // Some reasons have a line of their own.
        let why = if why.starts_with("line ") { why } else { format!("line {line}: {why}") };
        let (calls, prelude) = match self.lines(place, Start::Own) {
            Ok(lines) if place.statement.is_async => lines,
            _ => {
                let at = format!("where the router of line {line} of `{file}` can be made in async code");
                return Refusal { by_hand: self.words.by_hand(&at, "crate::"), why, line: Some(line), file };
            }
        };
        let end = match place.site.after.checked_sub(1) {
            Some(last) => chain.links.get(last).map_or(chain.root.end, |link| link.end),
            None => chain.root.end,
        };
        let from = line_start(source.text, end).max(chain.root.start);
        let mut calls: Vec<String> = calls.iter().map(|call| format!(".{call}")).collect();
        if place.site.is_named {
            calls.insert(0, "()".to_owned());
        }
        let mut by_hand = format!(
            "in `{file}`, above line {}, add:\n{prelude}\nand in line {}, behind `{}`, add:\n{}",
            line_number(source.text, place.statement.start),
            line_number(source.text, end),
            source.text[from..end].trim(),
            calls.join("\n")
        );
        if let Some(at) = place.not_moving() {
            by_hand += &format!("\nand in line {}, ahead of `||`, add:\nmove", line_number(source.text, at));
        }
        if place.site.is_named {
            let name = source.text[from..end].trim();
            by_hand += &format!("\nand ahead of that `{name}`, add:\nmove ||");
        }
        Refusal { by_hand, why, line: Some(line), file }
    }
}

/// `Wrapper::new(value)`: not what it is made of, whatever that is.
fn is_made_of_something(base: &Expr) -> bool {
    let Expr::Call(call) = base else { return false };
    let Expr::Path(path) = &*call.func else { return false };
    let owner = path.path.segments.iter().nth_back(1).map(|owner| owner.ident.to_string());
    !call.args.is_empty() && owner.is_some_and(|owner| owner.starts_with(char::is_uppercase))
}
