//! Appends calls to the chain that a package serves, wherever it is, and makes what they need from the pool the
//! package has, if it has one.

use std::cell::RefCell;
use std::slice;

use syn::Expr;

use super::CannotEdit;
use super::arena::Arena;
use super::chain::place_statements;
use super::entry::{self, Served};
use super::known::Done;
use super::layout;
use super::package::{FILES, Package, Root};
use super::place::{Place, call_in_closure};
use super::seen::{Seek, Seen};
use super::site::{Guard, Site};
use super::source::Source;
use super::text::{self, Splice};
use super::walk::Walk;
use super::ways::{through, united};
use super::words::{Pools, Start, Words};

/// Where the calls went, or why they did not.
#[derive(Debug, Clone)]
pub struct Mounted {
    /// The file that hangs our modules together.
    pub root: String,
    /// Whether the calls are in another crate, which sees public modules alone.
    pub is_outside: bool,
    pub start: Start,
    /// The file, and what is cut into its text behind a byte order mark; nothing where it is there already.
    pub(crate) outcome: Result<(String, Vec<Splice>), Refusal>,
    /// Where the package keeps its migrations, if it runs them from another folder than the usual one.
    pub migrations: Option<String>,
    /// What stands around the new routes and may keep out those who are not logged in.
    pub guards: Vec<Guard>,
    /// Whether the start is that of a package that runs its migrations, and it runs none.
    pub runs_no_migrations: bool,
    /// The first file on the way that does not parse, and why.
    pub broken: Option<String>,
    /// What else was asked for, as far as it was found on the way.
    pub seen: Seen,
}

/// Why nothing was appended, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub file: String,
    /// The line it is about, if it is about one, counted from 1.
    pub line: Option<usize>,
    pub why: String,
    pub by_hand: String,
}

/// Finds the place in a package and makes the edit. `read` gives the text of a file, `chosen` names the file and
/// function whose chain it is, where a person has decided; `only` the one way to start for which there is code.
pub fn mount(
    words: &Words,
    pools: &Pools,
    roots: &[Root],
    chosen: Option<(&str, &str)>,
    only: Option<Start>,
    read: &dyn Fn(&str) -> Option<String>,
) -> Mounted {
    mount_and_look(words, pools, roots, chosen, only, &Seek::default(), read)
}

/// [`mount`], and a look at what is there already.
pub fn mount_and_look(
    words: &Words,
    pools: &Pools,
    roots: &[Root],
    chosen: Option<(&str, &str)>,
    only: Option<Start>,
    seek: &Seek,
    read: &dyn Fn(&str) -> Option<String>,
) -> Mounted {
    let texts = Arena::new(FILES);
    let sources = Arena::new(FILES);
    let made = Arena::new(FILES);
    let broken = RefCell::new(None);
    let load = |path: &str| {
        let text: &String = texts.keep(read(path)?)?;
        let (_, body) = text::split_mark(text);
        match Source::parse(body) {
            Ok(source) => sources.keep(source),
            Err(error) => {
                broken.borrow_mut().get_or_insert(format!("{path}: {error}"));
                None
            }
        }
    };
    let package = Package::new(&load, roots);
    let mounted = Mount { words, pools, package: &package, chosen, only }.find(&made);
    let broken = broken.take();
    let seen = seek.look(&package, words, &made);
    Mounted { broken, seen, ..mounted }
}

/// The edit of a program of one file.
pub(crate) fn mount_alone(source: &Source, words: &Words) -> Result<Vec<Splice>, CannotEdit> {
    let root = |library: Option<&str>| Root { file: ALONE.to_owned(), library: library.map(str::to_owned) };
    let roots = [root(None), root(Some("alone"))];
    let read = |path: &str| (path == ALONE).then(|| source.text.to_owned());
    let mounted = mount(words, &Pools::default(), &roots, None, None, &read);
    mounted
        .outcome
        .map(|(_, splices)| splices)
        .map_err(|refusal| CannotEdit::Unfit { line: refusal.line.unwrap_or(1), why: refusal.why })
}

/// What to tell a person instead of [`mount_alone`].
pub(crate) fn by_hand(words: &Words, path: &str) -> String {
    words.by_hand(&format!("in `{path}`, where the router is made, in async code"), "")
}

const ALONE: &str = "main.rs";

impl Mounted {
    /// Why nothing was done, if so.
    pub fn refusal(&self) -> Option<Refusal> {
        self.outcome.as_ref().err().cloned()
    }

    /// The file with its text afterwards, or the reason why not.
    pub fn applied(&self, read: &dyn Fn(&str) -> Option<String>) -> Result<(String, String), &Refusal> {
        let (file, splices) = self.outcome.as_ref()?;
        let before = read(file).unwrap_or_default();
        let (mark, body) = text::split_mark(&before);
        Ok((file.clone(), format!("{mark}{}", text::cut(body, splices.clone()))))
    }
}

pub(super) struct Mount<'w, 's> {
    pub(super) words: &'s Words,
    pub(super) pools: &'s Pools,
    pub(super) package: &'w Package<'s>,
    pub(super) chosen: Option<(&'w str, &'w str)>,
    only: Option<Start>,
}

impl<'s> Mount<'_, 's> {
    fn find(&self, made: &'s Arena<Expr>) -> Mounted {
        let mut served = entry::served(self.package, self.words, made);
        let mut ways = self.ways(&served);
        let followed = served.iter().cloned().zip(&ways);
        let unknown = followed.filter(|(_, way)| way.is_none()).map(|(served, _)| served);
        let unknown: Vec<Served> = unknown.filter(|served| self.may_be_router(served)).collect();
        if unknown.is_empty() && ways.iter().all(Option::is_none) {
            // A library of routers for another package to serve, or a program that hands one to it.
            let makers = entry::makers(self.package, self.words);
            if ways.is_empty() || !makers.is_empty() {
                served = makers;
                ways = self.ways(&served);
            }
        }
        if let Some((file, function)) = self.chosen {
            ways = through(ways, file, function);
            if ways.is_empty() {
                ways = self.ways(&entry::named(self.package, self.words, made, file, function));
            }
        }
        let ways = united(ways.into_iter().flatten());
        let (migrations, migrates) = self.migrations();
        let done = self.done();
        let mut places: Vec<Vec<Place<'s>>> = ways
            .into_iter()
            .map(|way| way.into_iter().filter_map(|site| self.place(site)).collect())
            .collect();
        places.retain(|way| !way.is_empty());
        let usual = self.package.roots().first().map(|root| root.file.clone()).unwrap_or_default();
        let root = places.first().and_then(|way| way.first()).map_or(usual, |place| self.root_of(place));
        let home = |root: &str| self.home(root).map_or(root, |home| &home.file).to_owned();
        let mounted = |root: String, start, outcome| Mounted {
            root: home(&root),
            is_outside: home(&root) != root,
            start,
            outcome,
            migrations: migrations.clone(),
            guards: vec![],
            runs_no_migrations: false,
            broken: None,
            seen: Seen::default(),
        };
        match done {
            Done::All(start, file, crate_root) => return mounted(crate_root, start, Ok((file, vec![]))),
            Done::Part(file) => return mounted(root, Start::Own, Err(self.half_done(&file))),
            Done::Nothing => places.iter_mut().for_each(|way| self.look_behind(way)),
        }
        match places.as_slice() {
            [] => {
                let served = if unknown.is_empty() { &served } else { &unknown };
                let root = self.served_in(served).unwrap_or(root);
                mounted(root.clone(), Start::Own, Err(self.not_found(&root, served)))
            }
            [way]
                if self.chosen.is_none()
                    && (!unknown.is_empty() || way.iter().any(|place| self.is_beside(place))) =>
            {
                mounted(root, Start::Own, Err(self.doubtful(way, &unknown)))
            }
            [way] => match self.choose(way, migrates) {
                Some((place, start)) => {
                    let outcome = self.edit(place, start);
                    let guards = place.site.guards.to_vec();
                    let runs_no_migrations = start == Start::Migrated && !migrates;
                    let mounted = mounted(self.root_of(place), start, outcome);
                    Mounted { guards, runs_no_migrations, ..mounted }
                }
                None => mounted(root, Start::Own, Err(self.unfit(way))),
            },
            several => mounted(root, Start::Own, Err(self.ambiguous(several))),
        }
    }

    fn root_of(&self, place: &Place) -> String {
        self.package.roots()[place.site.frame.module().root].file.clone()
    }

    /// From each served expression to its router, as far as that can be followed.
    fn ways(&self, served: &[Served<'s>]) -> Vec<Option<Vec<Site<'s>>>> {
        let way = |served: &Served<'s>| {
            let mut walk = Walk::new(self.package, self.words);
            let found = walk.served(served) && !walk.sites.is_empty();
            found.then(|| walk.way())
        };
        served.iter().map(way).collect()
    }

    /// The places of a way where the calls may stand. Where each worker makes a router, that is the one place ahead of
    /// all its routes, and only in the closure: what it needs is made outside of that, once. Behind a function that the
    /// closure calls they may stand if its routes leave ours alone.
    pub(super) fn fit<'p>(&self, way: &'p [Place<'s>]) -> &'p [Place<'s>] {
        match way.split_last() {
            Some((last, _)) if self.words.factory && Self::ends_in_closure(way) => slice::from_ref(last),
            _ if self.words.factory => {
                let clear = way.iter().rfind(|place| matches!(place.clear, Some(Ok(()))));
                clear.map(slice::from_ref).unwrap_or_default()
            }
            _ => way,
        }
    }

    /// The innermost place from which the package's own pool is seen; else, in the function that serves or as
    /// near to it as there is async code, one for a pool of our own.
    fn choose<'p>(&self, way: &'p [Place<'s>], migrates: bool) -> Option<(&'p Place<'s>, Start)> {
        let way = self.fit(way);
        let starts = match self.only {
            Some(only) => only,
            None if migrates => Start::Migrated,
            None => Start::Pool,
        };
        for place in way.iter().rev() {
            match (&place.pool, starts) {
                (Some(_), Start::Migrated) => return Some((place, Start::Migrated)),
                (Some(pool), Start::Pool) if pool.from.is_async => return Some((place, Start::Pool)),
                _ => {}
            }
        }
        if self.only.is_some_and(|only| only != Start::Own) {
            return None;
        }
        let own = self.own_place(way).map(|place| (place, Start::Own));
        // Where nothing can wait, migrations run as they did so far: before the program starts.
        own.or_else(|| Some((way.iter().rfind(|place| place.pool.is_some())?, Start::Migrated)))
    }

    /// The place for a pool of our own.
    pub(super) fn own_place<'p>(&self, way: &'p [Place<'s>]) -> Option<&'p Place<'s>> {
        let waits = self.words.starts.get(&Start::Own).is_some_and(|start| start.contains(".await"));
        let fits = |place: &&Place<'s>| place.statement.is_async || !waits;
        let way = self.fit(way);
        let function = &way.iter().find(fits)?.site.frame.function;
        way.iter().rfind(|place| place.site.frame.function.is(function) && fits(place))
    }

    fn edit(&self, place: &Place<'s>, start: Start) -> Result<(String, Vec<Splice>), Refusal> {
        let source = place.site.frame.source();
        let refuse = |cannot: CannotEdit| self.refuse(place, cannot.to_string());
        let chain = place.chain();
        let lines = self.lines(place, start).map_err(refuse)?;
        let (calls, prelude) = lines;
        let Some(function) = chain.function else {
            return Err(refuse(CannotEdit::NotFound { wanted: "function around it".to_owned() }));
        };
        let from = match (start, &place.pool) {
            (Start::Own, _) | (_, None) => &place.statement,
            (_, Some(pool)) => &pool.from,
        };
        let block = place.survey.functions[function].block;
        let mut splices: Vec<Splice> = place_statements(source, from, block, &[prelude]).map_err(refuse)?;
        // What is served outlives the function, so the closure borrows nothing from it that this could change.
        splices.extend(place.not_moving().map(|at| Splice::insert(at, "move ")));
        if place.site.is_named {
            splices.extend(call_in_closure(source, chain.root.clone(), &calls));
        } else {
            let routes =
                |call: &str| self.words.after.iter().any(|name| call.starts_with(&format!("{name}(")));
            let (first, after) = (place.site.first, place.site.after);
            splices.extend(layout::insert_routes(source, chain, first, after, &calls, &routes));
        }
        let after = text::cut(source.text, splices.clone());
        if let Err(error) = Source::parse(&after) {
            return Err(refuse(error));
        }
        Ok((place.site.frame.module().file.clone(), splices))
    }
}
