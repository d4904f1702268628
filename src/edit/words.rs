//! The words of a framework and of a database, read from `layer.toml`s.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::routes::RouteWords;
use super::source::words;
use crate::project::Project;

/// What is appended and by which words its place is known; read from a `layer.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Words {
    /// Functions a chain starts with.
    pub roots: Vec<String>,
    /// The type of a chain, whatever its parameters.
    pub types: Vec<String>,
    /// Functions and methods whose last argument is served.
    pub serve: Vec<String>,
    /// Methods behind the last of which the calls stand.
    pub after: Vec<String>,
    /// Those of `after` that answer for all other addresses: routes may be added on either side of them.
    pub fallbacks: Vec<String>,
    /// Methods that stand around what was added before them.
    pub layers: Vec<String>,
    /// Types of what they take that lets every request through.
    pub harmless: Vec<String>,
    /// Types that collect several of those.
    pub stacks: Vec<String>,
    /// Methods that may stand behind the calls.
    pub through: Vec<String>,
    /// Methods that make a pair of a chain and something else.
    pub parts: Vec<String>,
    /// Parts of names of files and functions that serve something beside the pages.
    pub beside: Vec<String>,
    /// Whether what is served is a function that makes a chain, one for each worker: the calls then stand directly
    /// behind what the chain starts with, and the statement outside of the function.
    pub factory: bool,
    /// Types around a value that lend it, each with the method that does.
    pub lenders: BTreeMap<String, String>,
    /// How addresses are given: methods whose first argument is one (`at`) or is what those in the second begin with
    /// (`below`), methods that take routes (`of`), functions that make something for an address (`resources`) or for
    /// what it begins with (`scopes`), attributes of handlers with an address (`attributes`); functions and methods for one
    /// method of HTTP (`methods`), where routes for several live side by side at one address.
    pub routes: RouteWords,
    /// Our own addresses, beside those of the `[ours]` of layers, for routers whose first route that fits answers.
    pub ours: Vec<String>,
    /// The module of the crate root that `calls` and `starts` begin paths with.
    pub module: String,
    /// The calls, without the leading dot.
    pub calls: Vec<String>,
    /// The statement before, for each way there is to a pool.
    pub starts: HashMap<Start, String>,
}

/// Which pool is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// One of our own.
    Own,
    /// The package's, on which we run the migrations.
    Pool,
    /// The package's, on which it runs the migrations itself.
    Migrated,
}

impl Start {
    pub const ALL: [Start; 3] = [Start::Own, Start::Pool, Start::Migrated];

    pub fn name(self) -> &'static str {
        match self {
            Start::Own => "own",
            Start::Pool => "pool",
            Start::Migrated => "migrated",
        }
    }
}

/// How a pool of the chosen database is known.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pools {
    pub types: Vec<String>,
    /// Types that make one with a method whose name starts with `connect`.
    pub builders: Vec<String>,
    /// The macro that runs migrations.
    pub migrate: String,
}

impl Pools {
    /// Whether a project depends on the crate the pools are of.
    pub fn is_used(&self, project: &Project) -> bool {
        let name = self.types.first().and_then(|path| path.split("::").next()).unwrap_or_default();
        project.dependencies.contains_key(name)
    }

    /// Whether a folder has the name of the module that the pools are of.
    pub(crate) fn is_of(&self, folder: &str) -> bool {
        self.types.iter().any(|path| path.split("::").nth(1) == Some(folder))
    }
}

/// Words every chain may have, whatever it is of.
const UNWRAPS: [&str; 7] =
    ["unwrap", "expect", "unwrap_or_else", "unwrap_or_default", "context", "with_context", "map_err"];

impl Words {
    pub(crate) fn unwraps(&self, method: &str) -> bool {
        UNWRAPS.contains(&method)
    }

    /// Gives our module another name.
    pub(crate) fn rename_module(&mut self, other: &str) {
        let texts = self.calls.iter_mut().chain(self.starts.values_mut());
        texts.for_each(|text| *text = with_module(text, &self.module, other));
        self.module = other.to_owned();
    }

    /// `text` with `prefix` before each path that begins with our module.
    pub(crate) fn with_prefix(&self, text: &str, prefix: &str) -> String {
        with_path(text, &self.module, &format!("{prefix}{}", self.module), |c| c == ':' || is_of_name(c))
    }

    /// The lines to paste, for a pool of our own.
    pub(crate) fn by_hand(&self, place: &str, prefix: &str) -> String {
        let write = |text: &str| self.with_prefix(&text.replace("$auth", "auth"), prefix);
        let prelude = write(self.starts.get(&Start::Own).map_or("", String::as_str));
        let calls: Vec<_> = self.calls.iter().map(|call| format!(".{}", write(call))).collect();
        let (above, on) = match self.factory {
            true => ("above the statement with what makes it for each worker", "ahead of its first route"),
            false => (
                "above the statement that makes it",
                "behind its last route and ahead of what must stay last",
            ),
        };
        format!("{place}, {above}, add:\n{prelude}\nand on it, {on}, add:\n{}", calls.join("\n"))
    }

    /// The method of a call, and the paths of ours it holds, as words.
    pub(crate) fn marks(&self, call: &str) -> Option<(String, Vec<String>)> {
        let method = call.split('(').next()?.trim().to_owned();
        Some((method, self.paths(call)))
    }

    pub(crate) fn paths(&self, text: &str) -> Vec<String> {
        let ours = format!("{}::", self.module);
        let starts = text.match_indices(&ours).map(|(at, _)| &text[at..]);
        let ends = |text: &str| {
            text.find(|c: char| c != ':' && c != '_' && !c.is_alphanumeric()).unwrap_or(text.len())
        };
        starts.filter_map(|path| words(&path[..ends(path)])).collect()
    }

    /// Whether a method is one whose meaning is given.
    pub(crate) fn knows(&self, method: &str) -> bool {
        let lists = [&self.after, &self.layers, &self.through, &self.parts];
        lists.iter().any(|list| list.iter().any(|name| name == method)) || self.unwraps(method)
    }
}

/// `text` with each path that begins with `usual`, if that is where the name begins, beginning with `other`.
pub(crate) fn with_module(text: &str, usual: &str, other: &str) -> String {
    with_path(text, usual, other, is_of_name)
}

fn is_of_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// `text` with `other` for `usual` in each path, but where a character before it is one that `goes_on`.
fn with_path(text: &str, usual: &str, other: &str, goes_on: fn(char) -> bool) -> String {
    let path = format!("{usual}::");
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&path) {
        let begins = !rest[..at].ends_with(goes_on);
        written.push_str(&rest[..at]);
        written.push_str(if begins { other } else { usual });
        written.push_str("::");
        rest = &rest[at + path.len()..];
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_with_the_whole_name() {
        let text = "use crate::web::Auth; web::router(); my_web::web(); webs::a(); // `web::session`";
        let other =
            "use crate::auth_web::Auth; auth_web::router(); my_web::web(); webs::a(); // `auth_web::session`";
        assert_eq!(with_module(text, "web", "auth_web"), other);
    }
}
