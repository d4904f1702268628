//! Last words: why a run stopped, as an exit code and a message.

use std::{
    fmt,
    io::{self, Write},
};

use anyhow::{Error, Result};

use crate::plan::{Level, Plan};

/// The reason a run stopped short. Its number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A flag, an argument or an unanswered question.
    Usage = 2,
    /// The project is not one we understand.
    Project = 3,
    /// A file is in the way with other content.
    Conflict = 4,
    /// Written, but some edits are left to a person.
    ByHand = 5,
    /// Writing failed; what was there is back.
    Write = 6,
}

/// What `--help` says about exit codes.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to do
  1  would change something (reserved for --check)
  2  usage: a wrong argument, or a question nobody could answer
  3  project not understood; nothing was written
  4  conflict: a file is in the way with other content; nothing was written
  5  written, but some edits are left to do by hand
  6  writing failed; everything was put back";

/// An error with its reason: what happened, where, and what to do next.
#[derive(Debug)]
struct Stopped {
    stop: Stop,
    message: String,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Stopped {}

/// The error of `stop` with `message`.
pub fn stopped(stop: Stop, message: impl Into<String>) -> Error {
    Error::new(Stopped { stop, message: message.into() })
}

/// A usage error as the result of whatever was asked for.
pub fn usage<T>(message: impl Into<String>) -> Result<T> {
    Err(stopped(Stop::Usage, message))
}

/// The exit code of `error`: its reason's, or 3 for an error nobody gave a reason (a project that could not
/// be read, a template that could not be rendered).
pub fn exit_code(error: &Error) -> u8 {
    let stop = error.chain().find_map(|cause| cause.downcast_ref::<Stopped>()).map(|stopped| stopped.stop);
    stop.unwrap_or(Stop::Project) as u8
}

/// Tells what was written and what is left. Returns the exit code, whether or not anybody listened: 0, or 5
/// where edits are left to a person (their text is printed even when quiet).
pub fn done(plan: &Plan, quiet: bool, err: &mut dyn Write) -> u8 {
    let _ = say_done(plan, quiet, err);
    left_by_hand(plan, err)
}

fn say_done(plan: &Plan, quiet: bool, err: &mut dyn Write) -> io::Result<()> {
    if quiet {
        return Ok(());
    }
    let created = plan.changes().filter(|(_, change)| change.before.is_none()).count();
    let edited = plan.changes().count() - created;
    writeln!(err, "{:>12} {created} files created, {edited} edited", "Finished")?;
    if !plan.next.is_empty() {
        writeln!(err, "\nNext:")?;
    }
    plan.next.iter().try_for_each(|line| writeln!(err, "  {line}"))
}

/// Prints the edits that are left to a person. Returns the exit code: 5 if there are any, else 0.
pub fn left_by_hand(plan: &Plan, err: &mut dyn Write) -> u8 {
    let left: Vec<_> = plan.findings(Level::ByHand).collect();
    if left.is_empty() {
        return 0;
    }
    let _ = writeln!(err, "\nLeft to do by hand:");
    for finding in left {
        let _ = writeln!(err, "\n{}: {}", finding.path, finding.says);
        for line in finding.by_hand.as_deref().unwrap_or_default().lines() {
            let _ = writeln!(err, "    {line}");
        }
    }
    Stop::ByHand as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_survives_context() {
        let error = stopped(Stop::Conflict, "in the way").context("while looking");
        assert_eq!(exit_code(&error), 4);
        assert_eq!(exit_code(&anyhow::anyhow!("unreadable")), 3);
    }
}
