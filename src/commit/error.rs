//! What stops a run, in words.

use std::fmt;
use std::io;

/// Why nothing was written.
#[derive(Debug)]
pub struct WriteError {
    /// The file at which the run stopped.
    pub path: String,
    /// What stopped it.
    pub reason: Reason,
    /// What differs from the time before the run, a sentence each. Usually empty.
    pub not_put_back: Vec<String>,
}

/// What stopped a run.
#[derive(Debug)]
pub enum Reason {
    /// The file is not as the plan expects it: the words after its name.
    Refused(String),
    /// A step on the disk failed: the words between "cannot" and the name, and the cause.
    Failed(&'static str, io::Error),
    /// The user wants to stop.
    Interrupted,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.reason {
            Reason::Refused(why) => write!(f, "`{path}` {why}")?,
            Reason::Failed(doing, error) => write!(f, "cannot {doing} `{path}`: {error}")?,
            Reason::Interrupted => write!(f, "interrupted at `{path}`")?,
        }
        if self.not_put_back.is_empty() {
            return write!(f, "\nevery file is as it was before");
        }
        write!(f, "\nnot everything could be put back:")?;
        self.not_put_back.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl std::error::Error for WriteError {}

pub(super) fn refused(path: &str, why: impl Into<String>) -> WriteError {
    stopped(path, Reason::Refused(why.into()))
}

pub(super) fn failed(path: &str, doing: &'static str, error: io::Error) -> WriteError {
    stopped(path, Reason::Failed(doing, error))
}

pub(super) fn interrupt(path: &str) -> WriteError {
    stopped(path, Reason::Interrupted)
}

fn stopped(path: &str, reason: Reason) -> WriteError {
    WriteError { path: path.to_owned(), reason, not_put_back: Vec::new() }
}
