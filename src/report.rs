//! Last words: why a run stopped, as an exit code and a message.

use std::{
    fmt,
    io::{self, Write},
};

use anyhow::{Error, Result};
use serde::Serialize;

use crate::{
    args::Generate,
    plan::{Level, Plan},
    review::Decision,
};

/// The reason a run stopped short. Its number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// `--check`, and a run would change something.
    WouldChange = 1,
    /// A flag, an argument or an unanswered question.
    Usage = 2,
    /// The project is not one we understand.
    Project = 3,
    /// A file, a name, a table or a route is in the way.
    Conflict = 4,
    /// Whatever could be written is, but some edits are left to a person.
    ByHand = 5,
    /// Writing failed; what was there is back.
    Write = 6,
}

/// What `--help` says about exit codes. With `--check` the first that holds of 4, 1, 5 and 0.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to do
  1  --check: a run would change something
  2  usage: a wrong argument, or a question nobody could answer
  3  project not understood; nothing was written
  4  conflict: a file, a name, a table or a route is in the way; nothing was written
  5  written, or nothing to write, but some edits are left to do by hand
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

/// The reason of `error`; [`Stop::Project`] for an error nobody gave one (a project that could not be read, a
/// template that could not be rendered).
pub fn reason(error: &Error) -> Stop {
    if error.is::<clap::Error>() {
        return Stop::Usage;
    }
    let stop = error.chain().find_map(|cause| cause.downcast_ref::<Stopped>()).map(|stopped| stopped.stop);
    stop.unwrap_or(Stop::Project)
}

/// The exit code of `error`: the number of its [`reason`].
pub fn exit_code(error: &Error) -> u8 {
    reason(error) as u8
}

/// How a run ended that got as far as a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub outcome: Outcome,
    pub exit_code: u8,
}

/// What has become of the files of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All were as they should be.
    Unchanged,
    /// Some would change; nothing was written.
    WouldChange,
    Written,
    /// Files are in the way; nothing was written.
    Blocked,
}

/// Tells what was written and what is left (even when quiet), whether or not anybody listens.
pub fn done(plan: &Plan, decision: Decision, args: &Generate, err: &mut dyn Write) -> Ending {
    let outcome = match decision {
        Decision::Refuse => Outcome::Blocked,
        Decision::Write => Outcome::Written,
        Decision::Tidy => Outcome::Unchanged,
        Decision::Leave if plan.is_empty() => Outcome::Unchanged,
        Decision::Leave => Outcome::WouldChange,
    };
    if outcome == Outcome::Blocked {
        let _ = writeln!(err, "error: {}", conflict(plan));
        return Ending { outcome, exit_code: Stop::Conflict as u8 };
    }
    if decision == Decision::Leave && !args.check {
        if args.dry_run {
            left_by_hand(plan, err);
        }
        return Ending { outcome, exit_code: 0 };
    }
    if outcome == Outcome::Written && !args.quiet {
        let _ = say_written(plan, err);
    }
    let left = left_by_hand(plan, err);
    let exit_code = if outcome == Outcome::WouldChange { Stop::WouldChange as u8 } else { left };
    Ending { outcome, exit_code }
}

fn conflict(plan: &Plan) -> String {
    let mut text = "nothing was written, because this is in the way:".to_owned();
    let mut findings = plan.findings(Level::Blocks).peekable();
    while let Some(finding) = findings.next() {
        text.push_str(&format!("\n  {}: {}", finding.place(), finding.says));
        // One way around may do for several.
        let around = findings.peek().is_none_or(|next| next.by_hand != finding.by_hand);
        let lines = finding.by_hand.as_deref().unwrap_or_default().lines();
        lines.filter(|_| around).for_each(|line| text.push_str(&format!("\n    {line}")));
    }
    text
}

fn say_written(plan: &Plan, err: &mut dyn Write) -> io::Result<()> {
    let created = plan.changes().filter(|(_, change)| change.before.is_none()).count();
    let edited = plan.changes().count() - created;
    writeln!(err, "{:>12} {created} files created, {edited} edited", "Finished")?;
    if !plan.next.is_empty() {
        writeln!(err, "\nNext:")?;
    }
    plan.next.iter().try_for_each(|line| writeln!(err, "  {line}"))
}

/// Prints the edits that are left to a person. Returns the exit code: 5 if there are any, else 0.
fn left_by_hand(plan: &Plan, err: &mut dyn Write) -> u8 {
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
