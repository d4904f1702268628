//! Edits of files the user owns: pure functions from text to text.
//!
//! In come an [`Edit`] (data, read from a `layer.toml`) and the text of one file; out comes
//! the new text or the reason why not ([`CannotEdit`]). What holds for every edit and text:
//!
//! - Text already edited is returned as it is, so applying twice equals applying once.
//! - A syntax tree is only read for positions; the text is changed by `Splice`s. What the
//!   user wrote stays, byte for byte, with its line endings, indents and byte order mark.
//! - A text that parses still parses afterwards, or the edit refuses.
//! - Nothing panics; what cannot be placed with certainty is refused.
//!
//! No framework, database or view engine is named here: those names come in as data.

mod arena;
mod chain;
mod entry;
mod find;
mod global;
mod imports;
mod known;
mod layout;
mod lines;
mod manifest;
mod mount;
mod moves;
mod names;
mod package;
mod pool;
mod refusal;
mod returns;
mod rust;
mod served;
pub(crate) mod source;
mod survey;
pub(crate) mod text;
mod toml;
mod walk;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::thread;

use serde::Deserialize;
use toml_edit::Document;

pub use manifest::Section;
pub use mount::{Mounted, Refusal, mount};
pub use package::Root;
use source::Source;
use text::Splice;
pub use words::{Pools, Start, Words};

/// One change to one file. A closed list: each kind has its function and its by-hand text.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Edit {
    /// `mod NAME;` among the other file modules of a crate root or `mod.rs`.
    DeclareModule {
        /// Name of the module.
        module: String,
        /// `pub mod` instead of `mod`.
        #[serde(default)]
        public: bool,
        /// Put `#[cfg(test)]` above it.
        #[serde(default)]
        cfg_test: bool,
    },
    /// `.call` for each of `calls` on a builder chain, ahead of what must stay last.
    AppendCall {
        /// Paths of the functions a chain may start with, such as `Builder::new`.
        roots: Vec<String>,
        /// The calls, without the leading dot.
        calls: Vec<String>,
        /// The new calls stand behind the last call with one of these names.
        #[serde(default)]
        after: Vec<String>,
        /// Statements to put before the statement that holds the chain.
        #[serde(default)]
        prelude: Vec<String>,
        /// Look only inside the function of this name.
        #[serde(default)]
        within: Option<String>,
        /// Functions or methods whose argument is the chain we want, if there are several.
        #[serde(default)]
        served: Vec<String>,
    },
    /// `.call` for each of its calls on the chain that the package serves, wherever that is: an edit of more than
    /// one file, see [`mount`]. Of a text alone it is the edit of a program of one file.
    Mount(Box<Words>),
    /// A statement as the first one of a function.
    InsertStatement {
        /// Name of the function.
        function: String,
        /// The statement with its semicolon; may have several lines.
        statement: String,
    },
    /// A dependency in `Cargo.toml`; an existing one only gains features.
    AddDependency {
        /// Name of the crate.
        name: String,
        /// A version, or a table as in `Cargo.toml`.
        spec: Value,
        /// The table it goes into.
        #[serde(default)]
        section: Section,
        /// Write `workspace = true` instead of the version.
        #[serde(default)]
        inherit: bool,
    },
    /// A value at a dotted path of a TOML file, unless there is one already.
    SetDefault {
        /// Dotted path of the table.
        table: String,
        /// Key in that table.
        key: String,
        /// What to set.
        value: Value,
    },
    /// Lines at the end of a text file, those that are not there yet.
    AppendLines {
        /// The lines, in order.
        lines: Vec<String>,
    },
    /// A section of a text file between two marker lines, once.
    InsertSection {
        /// The line that opens it: where it is found, the work is done.
        start: String,
        /// The line that closes it.
        end: String,
        /// What stands between the two.
        text: String,
        /// The section goes before the first line that is this, if there is one, else to the end.
        #[serde(default)]
        before: Option<String>,
    },
}

/// A TOML value in an [`Edit`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point.
    Float(f64),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// A table; written as an inline one.
    Table(BTreeMap<String, Value>),
}

/// Why a text was left alone. A refusal, not a failure: the reader gets [`by_hand`] instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotEdit {
    /// There is no place for the edit.
    NotFound {
        /// What was looked for.
        wanted: String,
    },
    /// Several places fit.
    Ambiguous {
        /// What was looked for.
        wanted: String,
        /// The lines of the places, counted from 1.
        lines: Vec<usize>,
    },
    /// Something else has the name.
    Taken {
        /// The name.
        name: String,
        /// Where it is used, counted from 1.
        line: usize,
    },
    /// The place is clear, but what is to be put there would not work.
    Unfit {
        /// Where, counted from 1.
        line: usize,
        /// The reason, a sentence without its full stop.
        why: String,
    },
    /// The text does not parse, or would not after the edit.
    Unparsable {
        /// Line, counted from 1.
        line: usize,
        /// Column in characters, counted from 1.
        column: usize,
        /// What the parser said.
        message: String,
    },
}

impl fmt::Display for CannotEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { wanted } => write!(f, "there is no {wanted}"),
            Self::Ambiguous { wanted, lines } => {
                let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
                write!(f, "there is more than one {wanted}: lines {}", lines.join(", "))
            }
            Self::Taken { name, line } => {
                write!(f, "the name `{name}` is already used on line {line}")
            }
            Self::Unfit { line, why } => write!(f, "line {line}: {why}"),
            Self::Unparsable { line, column, message } => {
                write!(f, "line {line}, column {column} does not parse: {message}")
            }
        }
    }
}

impl std::error::Error for CannotEdit {}

/// Applies an edit to the text of a file and returns the new text, which is the same text if
/// there is nothing left to do.
///
/// # Errors
///
/// [`CannotEdit`] says why the text has to be changed by a person.
pub fn apply(edit: &Edit, text: &str) -> Result<String, CannotEdit> {
    let (after, mut refusals) = apply_all(&[edit], text);
    refusals.pop().map_or(Ok(after), |(_, refusal)| Err(refusal))
}

/// Applies edits one after the other; returns the new text, and the refusals with the numbers of their edits.
pub fn apply_all(edits: &[&Edit], text: &str) -> (String, Vec<(usize, CannotEdit)>) {
    let (mark, body) = text::split_mark(text);
    let mut refusals = Vec::new();
    let after = apply_from(0, edits, body, None, &mut refusals);
    (format!("{mark}{after}"), refusals)
}

/// The parse that proves one edit right is the one the next edit begins with.
fn apply_from<'t>(
    number: usize,
    edits: &[&Edit],
    text: &'t str,
    parsed: Option<Parsed<'t>>,
    refusals: &mut Vec<(usize, CannotEdit)>,
) -> String {
    let Some(edit) = edits.get(number) else { return text.to_owned() };
    let parsed = match parsed.filter(|parsed| parsed.fits(edit)).map_or_else(|| Parsed::new(edit, text), Ok) {
        Ok(parsed) => parsed,
        Err(refusal) => {
            refusals.push((number, refusal));
            return apply_from(number + 1, edits, text, None, refusals);
        }
    };
    let after = match splices(edit, text, &parsed) {
        Ok(splices) if splices.is_empty() => None,
        Ok(splices) => Some(text::cut(text, splices)),
        Err(refusal) => {
            refusals.push((number, refusal));
            None
        }
    };
    let Some(after) = after else { return apply_from(number + 1, edits, text, Some(parsed), refusals) };
    match Parsed::new(edit, &after) {
        Ok(proof) => apply_from(number + 1, edits, &after, Some(proof), refusals),
        Err(refusal) => {
            refusals.push((number, refusal));
            apply_from(number + 1, edits, text, Some(parsed), refusals)
        }
    }
}

/// A text as the edits of its language read it.
enum Parsed<'t> {
    Rust(Source<'t>),
    Toml(Document<&'t str>),
    Lines,
}

impl<'t> Parsed<'t> {
    fn new(edit: &Edit, text: &'t str) -> Result<Self, CannotEdit> {
        match edit {
            Edit::DeclareModule { .. }
            | Edit::AppendCall { .. }
            | Edit::Mount(_)
            | Edit::InsertStatement { .. } => Source::parse(text).map(Self::Rust),
            Edit::AddDependency { .. } | Edit::SetDefault { .. } => toml::parse(text).map(Self::Toml),
            Edit::AppendLines { .. } | Edit::InsertSection { .. } => Ok(Self::Lines),
        }
    }

    fn fits(&self, edit: &Edit) -> bool {
        match edit {
            Edit::DeclareModule { .. }
            | Edit::AppendCall { .. }
            | Edit::Mount(_)
            | Edit::InsertStatement { .. } => matches!(self, Self::Rust(_)),
            Edit::AddDependency { .. } | Edit::SetDefault { .. } => matches!(self, Self::Toml(_)),
            Edit::AppendLines { .. } | Edit::InsertSection { .. } => matches!(self, Self::Lines),
        }
    }
}

/// Runs `work`, which applies edits, on a thread with room for what nests: the parsers call themselves. See
/// `edit/source.rs` for how deep a text may nest before it is refused.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    // Bytes; only what is used is ever taken.
    const STACK: usize = 64 << 20;
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        Err(error) => panic!("no thread can be started: {error}"),
    })
}

/// What to tell a person who has to make the edit: one line of instruction, then the lines.
pub fn by_hand(edit: &Edit, path: &str) -> String {
    match edit {
        Edit::DeclareModule { module, public, cfg_test } => {
            rust::declare_module_by_hand(module, *public, *cfg_test, path)
        }
        Edit::AppendCall { roots, calls, after, prelude, within, .. } => chain::append_call_by_hand(
            &chain::Wanted { roots, calls, after, prelude, within, served: &[] },
            path,
        ),
        Edit::Mount(words) => mount::by_hand(words, path),
        Edit::InsertStatement { function, statement } => {
            rust::insert_statement_by_hand(function, statement, path)
        }
        Edit::AddDependency { name, spec, section, inherit } => {
            manifest::add_dependency_by_hand(name, spec, *section, *inherit, path)
        }
        Edit::SetDefault { table, key, value } => manifest::set_default_by_hand(table, key, value, path),
        Edit::AppendLines { lines } => lines::append_lines_by_hand(lines, path),
        Edit::InsertSection { start, end, text, .. } => lines::insert_section_by_hand(start, end, text, path),
    }
}

fn splices(edit: &Edit, text: &str, parsed: &Parsed<'_>) -> Result<Vec<Splice>, CannotEdit> {
    match (edit, parsed) {
        (Edit::DeclareModule { module, public, cfg_test }, Parsed::Rust(source)) => {
            rust::declare_module(source, module, *public, *cfg_test)
        }
        (Edit::AppendCall { roots, calls, after, prelude, within, served }, Parsed::Rust(source)) => {
            let wanted = chain::Wanted { roots, calls, after, prelude, within, served };
            chain::append_call(source, &wanted)
        }
        (Edit::Mount(words), Parsed::Rust(source)) => mount::mount_alone(source, words),
        (Edit::InsertStatement { function, statement }, Parsed::Rust(source)) => {
            rust::insert_statement(source, function, statement)
        }
        (Edit::AddDependency { name, spec, section, inherit }, Parsed::Toml(document)) => {
            manifest::add_dependency(text, document, name, spec, *section, *inherit)
        }
        (Edit::SetDefault { table, key, value }, Parsed::Toml(document)) => {
            manifest::set_default(text, document, table, key, value)
        }
        (Edit::AppendLines { lines }, _) => Ok(lines::append_lines(text, lines)),
        (Edit::InsertSection { start, end, text: section, before }, _) => {
            Ok(lines::insert_section(text, start, end, section, before.as_deref()))
        }
        // `Parsed::new` and `fits` pair edits and languages.
        _ => Ok(Vec::new()),
    }
}
