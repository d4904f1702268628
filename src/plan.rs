//! The plan: every change of a run as one value, which diff, dry run and write all read.
//!
//! `draw` makes it from project, spec and layers.

mod draw;
mod header;
mod numbers;
mod sql;

use std::collections::BTreeMap;

use serde::Serialize;

pub use draw::draw;

/// What a run would do.
#[derive(Debug, Default)]
pub struct Plan {
    changes: BTreeMap<String, Change>,
    findings: Vec<Finding>,
    /// What is left to do afterwards, in order.
    pub next: Vec<String>,
    /// The files that make the new modules part of a library and of the program, in the order to write them in.
    pub crate_roots: Vec<String>,
}

/// A file before and after. Equal texts are no change and not in the plan.
#[derive(Debug, Clone)]
pub struct Change {
    /// `None`: a new file.
    pub before: Option<String>,
    pub after: String,
    /// The layers that asked for it.
    pub layers: Vec<String>,
}

/// Something a person should know, or do.
#[derive(Debug, Clone)]
pub struct Finding {
    pub level: Level,
    pub path: String,
    /// The lines it is about in the file as the run leaves it, as far as known, counted from 1.
    pub lines: Vec<usize>,
    pub says: String,
    /// What to do: the lines to paste, where the tool would not; the way around what blocks.
    pub by_hand: Option<String>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is written.
    Blocks,
    /// The rest is written; this is left to a person.
    ByHand,
    /// Everything is written; a person should have looked at this before.
    Warning,
    /// For information.
    Note,
}

impl Finding {
    /// The file, with the line where it is about one.
    pub fn place(&self) -> String {
        match self.lines.as_slice() {
            [line] => format!("{}:{line}", self.path),
            _ => self.path.clone(),
        }
    }
}

impl Plan {
    /// The changes by path; files that would stay as they are, are not among them.
    pub fn changes(&self) -> impl Iterator<Item = (&str, &Change)> {
        let differs =
            |(_, change): &(&String, &Change)| change.before.as_deref() != Some(change.after.as_str());
        self.changes.iter().filter(differs).map(|(path, change)| (path.as_str(), change))
    }

    /// Every file the run is about, changed or not.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Change)> {
        self.changes.iter().map(|(path, change)| (path.as_str(), change))
    }

    /// Findings of one level, in the order they were made.
    pub fn findings(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none()
    }
}
