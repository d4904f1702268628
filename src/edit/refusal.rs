//! Why an edit was not made.

use std::fmt;

/// Why a text was left alone. A refusal, not a failure: the reader gets [`by_hand`](super::by_hand) instead.
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

impl CannotEdit {
    /// The lines it is about, as far as it is about any, counted from 1.
    pub fn lines(&self) -> Vec<usize> {
        match self {
            Self::NotFound { .. } => vec![],
            Self::Ambiguous { lines, .. } => lines.clone(),
            Self::Taken { line, .. } | Self::Unfit { line, .. } | Self::Unparsable { line, .. } => {
                vec![*line]
            }
        }
    }
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
