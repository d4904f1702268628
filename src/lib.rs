//! `cargo gen-auth`: writes a complete, tested authentication system into a Rust web project.
//!
//! The way from the command line to the disk is one line, [`generate`]:
//!
//! ```text
//! argv ──► Args ─┐
//!                ├─► Spec ──► Plan ──► Decision ──► Receipt ──► last words, exit code
//! Cargo.toml ──► Project │             table, diff,  staged,
//! templates/ ──► Catalog ┘             question      swapped or put back
//! ```
//!
//! Invariants:
//! 1. Between [`Project::read`] and [`commit::write`] nothing is written; only `project` and `templates` read the
//!    disk, only `commit` writes it, only `main` knows clock, environment and terminal.
//! 2. `src/` does not name a framework, a database crate or a view engine: those are folders of `templates/`.
//! 3. The plan has one list of changes and one of findings; diff, dry run and write read only these.
//! 4. An edit applied twice equals the edit applied once, and never makes a file that parses one that does not.
//! 5. Nothing a user wrote is lost silently: a file with other content blocks, a refused edit is printed with
//!    the lines to paste.
//! 6. The same project, flags, templates and time stamp give the same plan, byte for byte.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod args;
pub mod catalog;
pub mod commit;
pub mod demo;
pub mod edit;
pub mod names;
pub mod plan;
pub mod project;
pub mod report;
pub mod review;
pub mod spec;
pub mod templates;
pub mod tidy;

use std::{
    io::{BufRead, ErrorKind, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::Result;

use crate::{
    args::{Args, Command, Generate},
    catalog::Catalog,
    commit::Disk,
    plan::Plan,
    project::Project,
    review::Decision,
    spec::Spec,
    templates::Templates,
};

/// Everything outside the program. `main` builds the real one, tests build theirs.
pub struct World<'a> {
    /// The moment of the run: the migration's time stamp.
    pub now: SystemTime,
    /// Where the command was given.
    pub folder: PathBuf,
    /// What was asked for: diffs.
    pub out: &'a mut dyn Write,
    /// Everything else: status, questions, errors.
    pub err: &'a mut dyn Write,
    pub input: &'a mut dyn BufRead,
    pub disk: &'a mut dyn Disk,
    /// Whether somebody is there to answer a question.
    pub interactive: bool,
    pub color: bool,
    /// The program that called us as its subcommand: cargo.
    pub cargo: PathBuf,
    /// How many files git holds for uncommitted in a folder; asked only beside a question.
    pub uncommitted: &'a dyn Fn(&Path) -> Option<usize>,
}

/// Carries out a command line. Returns the exit code of a run that did what it was asked to (0, or 5 where
/// edits are left to a person).
///
/// Errors: every other exit code; [`report::exit_code`] tells which.
pub fn run(args: &Args, templates: &Templates, catalog: &Catalog, world: &mut World<'_>) -> Result<u8> {
    match &args.command {
        Some(Command::Demo(demo)) => demo::run(demo, templates, catalog, world),
        None => generate(&args.generate, templates, catalog, world),
    }
}

/// One run of the generator, from flags to files.
pub fn generate(
    args: &Generate,
    templates: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<u8> {
    let project = Project::read(args.manifest_path.as_deref(), args.package.as_deref(), &world.folder)?;
    let spec = Spec::decide(args, &project, catalog, templates, world.now)?;
    let plan = edit::with_room(|| plan::draw(&project, &spec, catalog, templates))?;
    match review::decide(&plan, &spec, &project, args, world)? {
        Decision::Leave => Ok(0),
        Decision::Tidy => {
            write(&plan, &project, world.disk)?;
            Ok(report::left_by_hand(&plan, world.err))
        }
        Decision::Write => {
            write(&plan, &project, world.disk)?;
            Ok(report::done(&plan, args.quiet, world.err))
        }
    }
}

/// Writes a plan: new files first, then edits, the manifests and at the very end the crate root, which makes
/// the rest part of the program: of a first run killed halfway, what there was still builds. Files that need
/// no change go along: their folders are searched for what a killed run left.
fn write(plan: &Plan, project: &Project, disk: &mut dyn Disk) -> Result<()> {
    let mut writes: Vec<commit::Write<'_>> = plan
        .files()
        .map(|(path, change)| commit::Write { path, before: change.before.as_deref(), after: &change.after })
        .collect();
    writes.sort_by_key(|write| {
        (write.before.is_some(), write.path == plan.crate_root, write.path.ends_with("Cargo.toml"))
    });
    let interrupted = commit::on_interrupt()?;
    commit::write(&writes, &project.root, disk, &interrupted).map_err(|error| {
        let refused = match &error.reason {
            commit::Reason::Refused(_) => true,
            commit::Reason::Failed(_, error) => error.kind() == ErrorKind::NotADirectory,
            commit::Reason::Interrupted => false,
        };
        let stop = if refused { report::Stop::Conflict } else { report::Stop::Write };
        report::stopped(stop, error.to_string())
    })?;
    Ok(())
}
