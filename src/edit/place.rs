//! A place where calls may be appended: its chain, the statement around it, what is in reach there, and how calls and
//! statement are written.

use std::ops::Range;
use std::ptr;

use syn::ExprClosure;

use super::CannotEdit;
use super::find::{Chain, Statement, Survey};
use super::layout;
use super::mount::Mount;
use super::order::{self, Doubt};
use super::pool::{self, Pool};
use super::site::Site;
use super::source::Source;
use super::text::{Splice, cut, line_number};
use super::words::Start;

/// A site with what a look at its file tells.
pub(super) struct Place<'s> {
    pub(super) site: Site<'s>,
    pub(super) survey: Survey<'s>,
    pub(super) statement: Statement,
    pub(super) pool: Option<Pool>,
    /// Where each worker makes a router that has routes already: whether ours may stand behind them.
    pub(super) clear: Option<Result<(), Doubt>>,
}

impl<'s> Place<'s> {
    pub(super) fn chain(&self) -> &Chain<'s> {
        &self.survey.chains[0]
    }

    pub(super) fn is_in_closure(&self) -> bool {
        !self.chain().closures.is_empty()
    }

    /// Whether what stands here is what each worker calls.
    pub(super) fn is_for_each_worker(&self) -> bool {
        self.is_in_closure() || self.site.is_named
    }

    /// Where a closure around the chain begins that is not `move`.
    pub(super) fn not_moving(&self) -> Option<usize> {
        let closure = self.chain().closures.first().filter(|closure| closure.capture.is_none())?;
        Some(self.site.frame.source().bytes(closure.inputs_begin.spans[0]).start)
    }

    pub(super) fn line(&self) -> usize {
        line_number(self.site.frame.source().text, self.chain().root.start)
    }
}

impl<'s> Mount<'_, 's> {
    /// The site with its chain, unless that is where no statement can stand before it.
    pub(super) fn place(&self, site: Site<'s>) -> Option<Place<'s>> {
        let survey = Survey::at(site.frame.source(), site.start);
        let chain = survey.chains.first()?;
        chain.function?;
        let is_made_here = |closure: &&ExprClosure| site.closure.is_some_and(|made| ptr::eq(made, *closure));
        if chain.closures.len() > 1 || !chain.closures.iter().all(is_made_here) {
            return None;
        }
        let statement = chain.statement.clone()?;
        let search =
            pool::Search { package: self.package, words: self.words, pools: self.pools, frame: &site.frame };
        let pool = search.at(&statement);
        Some(Place { site, survey, statement, pool, clear: None })
    }

    /// Whether a way ends in the closure that each worker calls, so that calls can stand ahead of all routes.
    pub(super) fn ends_in_closure(way: &[Place<'s>]) -> bool {
        way.last().is_some_and(|last| last.site.is_root && last.is_in_closure())
    }

    /// Where they cannot: looks for the innermost place behind whose routes they may stand.
    pub(super) fn look_behind(&self, way: &mut [Place<'s>]) {
        if !self.words.factory || Self::ends_in_closure(way) {
            return;
        }
        for place in way.iter_mut().rev().filter(|place| !place.site.is_root && place.is_for_each_worker()) {
            let clear = order::keeps_clear(self.package, self.words, &place.site);
            let found = clear.is_ok();
            place.clear = Some(clear);
            if found {
                return;
            }
        }
    }

    /// The calls and the statement as they are written at a place: with the paths of its module, and names that
    /// its function does not use.
    pub(super) fn lines(&self, place: &Place<'s>, start: Start) -> Result<(Vec<String>, String), CannotEdit> {
        let module = place.site.frame.module();
        let body = format!(" {}", place.site.frame.source().words(place.site.frame.function.block));
        let inputs =
            format!(" {}", place.site.frame.source().words(&place.site.frame.function.signature.inputs));
        let taken = |name: &str| {
            [&body, &inputs].iter().any(|words| {
                let bare = words.matches(&format!(" {name} ")).count();
                let paths = words.matches(&format!(" {name} : : ")).count();
                let methods = words.matches(&format!(" . {name} ")).count();
                bare > paths + methods
            })
        };
        let names = ["auth", "web_auth"];
        let Some(name) = names.into_iter().find(|name| !taken(name)) else {
            let why = format!("this function has variables {} of its own", names.join(" and "));
            return Err(CannotEdit::Unfit { line: place.line(), why });
        };
        let pool = place.pool.as_ref().map_or("", |pool| pool.expr.as_str());
        let write = |text: &str| {
            let text = text.replace("$pool", pool).replace("$auth", name);
            self.words.with_prefix(&text, &self.prefix(module))
        };
        let calls = self.words.calls.iter().map(|call| write(call)).collect();
        let statement = self.words.starts.get(&start).map_or("", String::as_str);
        Ok((calls, write(statement)))
    }
}

/// Makes a function that is handed over by its name a closure that calls it, and calls on what that returns.
pub(super) fn call_in_closure(source: &Source, name: Range<usize>, calls: &[String]) -> Vec<Splice> {
    let calls: Vec<&str> = calls.iter().map(String::as_str).collect();
    const OPEN: &str = "move || ";
    const CALL: &str = "()";
    let mut splices = vec![Splice::insert(name.start, OPEN), Splice::insert(name.end, CALL)];
    let text = cut(source.text, splices.clone());
    let Ok(between) = Source::parse(&text) else { return splices };
    let survey = Survey::at(&between, name.start + OPEN.len());
    let Some(chain) = survey.chains.first() else { return splices };
    let back = |at: usize| match at {
        at if at <= name.start => at,
        at if at < name.end + OPEN.len() + CALL.len() => (at - OPEN.len()).max(name.start),
        at => at - OPEN.len() - CALL.len(),
    };
    let moved = |splice: Splice| Splice { range: back(splice.range.start)..back(splice.range.end), ..splice };
    splices.extend(layout::insert_calls(&between, chain, None, &calls).into_iter().map(moved));
    splices
}
