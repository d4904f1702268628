//! Edits of files the user owns: pure functions from text to text.
//!
//! In come an [`Edit`] (data, read from a `layer.toml`) and the text of one file; out comes
//! the new text or the reason why not ([`CannotEdit`]). What holds for every edit and text:
//!
//! - Text already edited is returned as it is, so applying twice equals applying once.
//! - A syntax tree is only read for positions; the text is changed by `Splice`s. What the
//!   user wrote stays, byte for byte, with its line endings, indents and byte order mark.
//! - A text that parses still parses afterwards. What cannot be placed with certainty is refused; nothing panics.
//!
//! No framework, database or view engine is named here: those names come in as data.

mod arena;
mod chain;
mod enter;
mod entry;
mod factory;
mod find;
mod global;
mod home;
mod imports;
mod known;
mod layout;
mod lets;
mod lines;
mod literals;
mod manifest;
pub(crate) mod markup;
mod mount;
mod mount_refusal;
mod moves;
mod names;
mod order;
mod package;
mod place;
mod pool;
mod refusal;
mod returns;
mod room;
mod routes;
mod rust;
mod seen;
mod served;
mod site;
pub(crate) mod source;
mod survey;
pub(crate) mod text;
mod toml;
mod variables;
mod walk;
mod ways;
mod words;

use std::{collections::BTreeMap, mem::discriminant};

use serde::Deserialize;
use toml_edit::Document;

pub use literals::{Literal, literals};
pub use manifest::Section;
pub(crate) use manifest::{lacking, of_version};
pub use mount::{Mounted, Refusal, mount, mount_and_look};
pub use package::Root;
pub use refusal::CannotEdit;
pub use room::{with_room, with_room_beside};
pub use routes::Route;
pub use seen::{Seek, Seen};
pub use site::Guard;
use source::Source;
use text::Splice;
pub(crate) use words::with_module;
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
    /// A piece of markup ahead of a tag or behind one, once.
    InsertMarkup {
        /// The piece; may have several lines.
        text: String,
        /// Where this is found, the work is done.
        there: String,
        /// Where it goes, for a person.
        place: String,
        /// Tags it may stand ahead of, best first; such as `</main>` or `<main`.
        #[serde(default)]
        before: Vec<String>,
        /// Tags it may stand behind, best first, if there is none of those.
        #[serde(default)]
        after: Vec<String>,
        /// What stands behind this is not looked at.
        #[serde(default)]
        until: Option<String>,
        /// How parts that are not read begin and end, such as comments.
        #[serde(default)]
        ignore: Vec<[String; 2]>,
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

/// Applies edits, modules and dependencies by name first, the others in their order; returns the new text, and
/// the refusals with the numbers of their edits and the lines of that text; of the old one where a name is taken,
/// which is not written.
pub fn apply_all(edits: &[&Edit], text: &str) -> (String, Vec<(usize, CannotEdit)>) {
    let (mark, body) = text::split_mark(text);
    let mut edits: Vec<(usize, &Edit)> = edits.iter().copied().enumerate().collect();
    edits.sort_by_key(|(_, edit)| edit.rank());
    let mut refusals = Vec::new();
    let after = apply_from(&edits, body, None, &mut refusals);
    for (number, refusal) in &mut refusals {
        let text = if matches!(refusal, CannotEdit::Taken { .. }) { body } else { &after };
        let refused = edits.iter().find(|(of, _)| of == number);
        refused.into_iter().for_each(|(_, edit)| look_again(refusal, edit, text));
    }
    refusals.sort_by_key(|(number, _)| *number);
    (format!("{mark}{after}"), refusals)
}

/// A refusal was made amid edits that moved lines: where `edit` is refused in `text` for the same reason, that one.
fn look_again(refusal: &mut CannotEdit, edit: &Edit, text: &str) {
    let again = Parsed::new(edit, text).and_then(|parsed| splices(edit, text, &parsed)).err();
    if let Some(again) = again.filter(|again| discriminant(again) == discriminant(refusal)) {
        *refusal = again;
    }
}

/// The parse that proves edits right is the one the next begin with.
fn apply_from<'t>(
    edits: &[(usize, &Edit)],
    text: &'t str,
    parsed: Option<Parsed<'t>>,
    refusals: &mut Vec<(usize, CannotEdit)>,
) -> String {
    let Some((number, edit)) = edits.first() else { return text.to_owned() };
    let parsed = match parsed.filter(|parsed| parsed.fits(edit)).map_or_else(|| Parsed::new(edit, text), Ok) {
        Ok(parsed) => parsed,
        Err(refusal) => {
            refusals.push((*number, refusal));
            return apply_from(&edits[1..], text, None, refusals);
        }
    };
    let (now, later) = edits.split_at(parsed.together(edits));
    let mut all = Vec::new();
    for (number, edit) in now {
        match splices(edit, text, &parsed) {
            Ok(splices) => all.extend(splices),
            Err(refusal) => refusals.push((*number, refusal)),
        }
    }
    if all.is_empty() {
        return apply_from(later, text, Some(parsed), refusals);
    }
    let after = text::cut(text, all);
    match Parsed::new(edit, &after) {
        Ok(proof) => {
            // Its memory is wanted for the next.
            drop(parsed);
            apply_from(later, &after, Some(proof), refusals)
        }
        Err(refusal) => {
            refusals.extend(now.iter().map(|(number, _)| (*number, refusal.clone())));
            apply_from(later, text, Some(parsed), refusals)
        }
    }
}

impl Edit {
    /// Edits of one kind stand together and are sorted by what they add.
    fn rank(&self) -> (u8, &str) {
        match self {
            Edit::DeclareModule { module, .. } => (0, module),
            Edit::AddDependency { name, section, .. } => (1 + *section as u8, name),
            _ => (u8::MAX, ""),
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
    /// How many of the first of these edits find their places in one and the same text: neighbours by name in a
    /// list that is there already.
    fn together(&self, edits: &[(usize, &Edit)]) -> usize {
        let (_, first) = edits[0];
        let has_list = match (first, self) {
            (Edit::DeclareModule { public, .. }, Self::Rust(source)) => rust::has_group(source, *public),
            (Edit::AddDependency { section, .. }, Self::Toml(document)) => {
                manifest::has_table(document, *section)
            }
            _ => false,
        };
        let alike = |pair: &&[(usize, &Edit)]| match (pair[0].1, pair[1].1) {
            (
                Edit::DeclareModule { module: a, public: a_public, cfg_test: a_test },
                Edit::DeclareModule { module: b, public: b_public, cfg_test: b_test },
            ) => a < b && (a_public, a_test) == (b_public, b_test),
            (
                Edit::AddDependency { name: a, section: a_section, .. },
                Edit::AddDependency { name: b, section: b_section, .. },
            ) => a < b && a_section == b_section,
            _ => false,
        };
        if has_list { 1 + edits.windows(2).take_while(alike).count() } else { 1 }
    }

    fn new(edit: &Edit, text: &'t str) -> Result<Self, CannotEdit> {
        match edit {
            Edit::DeclareModule { .. }
            | Edit::AppendCall { .. }
            | Edit::Mount(_)
            | Edit::InsertStatement { .. } => Source::parse(text).map(Self::Rust),
            Edit::AddDependency { .. } | Edit::SetDefault { .. } => toml::parse(text).map(Self::Toml),
            Edit::AppendLines { .. } | Edit::InsertSection { .. } | Edit::InsertMarkup { .. } => {
                Ok(Self::Lines)
            }
        }
    }

    fn fits(&self, edit: &Edit) -> bool {
        match edit {
            Edit::DeclareModule { .. }
            | Edit::AppendCall { .. }
            | Edit::Mount(_)
            | Edit::InsertStatement { .. } => matches!(self, Self::Rust(_)),
            Edit::AddDependency { .. } | Edit::SetDefault { .. } => matches!(self, Self::Toml(_)),
            Edit::AppendLines { .. } | Edit::InsertSection { .. } | Edit::InsertMarkup { .. } => {
                matches!(self, Self::Lines)
            }
        }
    }
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
        Edit::InsertMarkup { text, place, .. } => markup::insert_by_hand(text, place, path),
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
        (Edit::InsertMarkup { text: piece, there, before, after, until, ignore, .. }, _) => {
            let until = until.as_deref();
            markup::insert(text, &markup::Wanted { text: piece, there, before, after, until, ignore })
        }
        // `Parsed::new` and `fits` pair edits and languages.
        _ => Ok(Vec::new()),
    }
}
