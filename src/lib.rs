//! `cargo gen-auth`: writes a complete, tested authentication system into a Rust web project.
//!
//! The way from the command line to the disk is one line, [`generate`]:
//!
//! ```text
//! argv ──► Args ─┐
//!                ├─► Spec ──► Plan ──► Decision ──► Receipt ──► last words, exit code
//! Cargo.toml ──► Project │             table, diff,  staged,      and, for programs,
//! templates/ ──► Catalog ┘             question      swapped or   the plan as JSON
//! and houses                                         put back
//! ```
//!
//! Invariants:
//! 1. Between [`Project::read`] and [`commit::write`] nothing is written; only `project` and `templates` read the
//!    disk, only `commit` writes it, only `main` knows clock, environment and terminal. (`demo` and
//!    `templates check --build` make and remove a folder of their own.)
//! 2. `src/` does not name a framework, a database crate or a view engine: those are folders of `templates/`.
//! 3. The plan has one list of changes and one of findings; diff, dry run, check, JSON and write read only these.
//! 4. An edit applied twice equals the edit applied once, and never makes a file that parses one that does not.
//! 5. Nothing a user wrote is lost silently: a file with other content blocks, a refused edit is printed with
//!    the lines to paste.
//! 6. The same project, flags, templates and time stamp give the same plan, byte for byte.
//!
//! [`plan()`] is the door for other programs: a project and flags in, the plan out, nothing written.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod args;
pub mod catalog;
pub mod commit;
pub mod demo;
pub mod edit;
pub mod house;
pub mod json;
pub mod list;
pub mod names;
pub mod nearest;
pub mod plan;
pub mod project;
pub mod question;
pub mod report;
pub mod review;
pub mod site;
pub mod spec;
pub mod templates;
pub mod tidy;

use std::{
    ffi::OsString,
    io::{BufRead, ErrorKind, Write},
    iter,
    path::{self, Path, PathBuf},
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
    /// What was asked for: diffs, documents.
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

/// Carries out a command line. Returns the exit code of a run that got as far as its end, which may be that
/// something is in the way (4), that something would change (1) or that edits are left to a person (5).
///
/// Errors: every other exit code; [`report::exit_code`] tells which.
pub fn run(args: &Args, templates: &Templates, catalog: &Catalog, world: &mut World<'_>) -> Result<u8> {
    let done = match &args.command {
        Some(Command::Demo(demo)) => demo::run(demo, templates, catalog, world),
        Some(Command::Templates(command)) => house::run(command, templates, catalog, world),
        Some(Command::Completions { shell }) => print(&args::completions(*shell, catalog), world.out),
        Some(Command::Man) => print(args::manual(catalog)?.as_bytes(), world.out),
        None if args.list => print(&list::text(catalog, args.generate.json)?, world.out),
        None => generate(&args.generate, templates, catalog, world),
    };
    if let Err(error) = &done
        && args.generate.json
    {
        print(&json::text(&json::Failure::new(error))?, world.out)?;
    }
    done
}

/// The plan of a run in `folder` with the command line `flags`; nothing is written.
///
/// `flags` are what stands behind `cargo gen-auth`: names and what to write. Those that say how to run (`--yes`,
/// `--check`, `--json` ..) have no meaning here. The same project and flags give the same plan on every machine and
/// day: without `--timestamp` the time stamp is that of 1970, not of today.
///
/// What stands in the way of writing is in the plan, as [findings](Plan::findings).
///
/// # Errors
///
/// A wrong flag or name, no project in `folder` or above it, or one that is not understood;
/// [`report::reason`] tells which.
///
/// # Example
///
/// A test that fails, and shows what is new, when an update of the generator would edit other files of a project:
///
/// ```
/// let plan = cargo_gen_auth::plan("fixtures/axum-hello", ["Accounts", "User", "users"])?;
///
/// let edits = plan.changes().filter(|(_, change)| change.before.is_some());
/// let edited: Vec<&str> = edits.map(|(path, _)| path).collect();
/// insta::assert_debug_snapshot!(edited, @r#"
/// [
///     "Cargo.toml",
///     "src/main.rs",
/// ]
/// "#);
/// # anyhow::Ok(())
/// ```
///
/// `insta::assert_snapshot!(plan.to_string())` keeps every line: a plan displays as its whole diff.
pub fn plan<F: Into<OsString>>(folder: impl AsRef<Path>, flags: impl IntoIterator<Item = F>) -> Result<Plan> {
    let templates = Templates::built_in()?;
    let catalog = Catalog::load(&templates)?;
    let argv = iter::once("cargo-gen-auth".into()).chain(flags.into_iter().map(Into::into));
    let args = args::parse(argv, &catalog)?;
    if args.list || args.command.is_some() {
        return report::usage("a plan needs the names CONTEXT SCHEMA PLURAL");
    }
    let args = args.generate;
    let folder = path::absolute(folder)?;
    let project = Project::read(args.manifest_path.as_deref(), args.package.as_deref(), &folder)?;
    let house = house::of(Some(&project), args.templates.as_deref(), &templates, &folder)?;
    let (templates, catalog) = house.as_ref().map_or((&templates, &catalog), |house| (&house.0, &house.1));
    let spec = Spec::decide(&args, &project, catalog, templates, SystemTime::UNIX_EPOCH)?;
    plan::draw(&project, &spec, catalog, templates)
}

/// One run of the generator, from flags to files.
pub fn generate(
    args: &Generate,
    templates: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<u8> {
    let project = Project::read(args.manifest_path.as_deref(), args.package.as_deref(), &world.folder)?;
    let house = house::of(Some(&project), args.templates.as_deref(), templates, &world.folder)?;
    let (templates, catalog) = house.as_ref().map_or((templates, catalog), |house| (&house.0, &house.1));
    house::say(templates, catalog, args, world.err)?;
    let spec = question::decide(args, &project, catalog, templates, world)?;
    let plan = plan::draw(&project, &spec, catalog, templates)?;
    let decision = review::decide(&plan, &spec, &project, args, world)?;
    match decision {
        Decision::Write | Decision::Tidy => write(&plan, &project, world.disk)?,
        Decision::Refuse | Decision::Leave => {}
    }
    let ending = report::done(&plan, decision, args, world.err);
    if args.json {
        print(&json::text(&json::Document::new(&project, &spec, &plan, ending))?, world.out)?;
    }
    Ok(ending.exit_code)
}

/// Writes a plan: new files first, then edits, the manifests and at the very end the crate roots, which make
/// the rest part of the program: of a first run killed halfway, what there was still builds. Files that need
/// no change go along: their folders are searched for what a killed run left.
fn write(plan: &Plan, project: &Project, disk: &mut dyn Disk) -> Result<()> {
    let mut writes: Vec<commit::Write<'_>> = plan
        .files()
        .map(|(path, change)| commit::Write { path, before: change.before.as_deref(), after: &change.after })
        .collect();
    writes.sort_by_key(|write| {
        let root = plan.crate_roots.iter().position(|root| root == write.path);
        (write.before.is_some(), root, write.path.ends_with("Cargo.toml"))
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

/// What was asked for, and nothing else, goes to standard output.
fn print(text: &[u8], out: &mut dyn Write) -> Result<u8> {
    let printed = out.write_all(text).and_then(|()| out.flush());
    let unheard = |error| format!("the rest is done, but standard output cannot be written to: {error}");
    printed.map(|()| 0).map_err(|error| report::stopped(report::Stop::Write, unheard(error)))
}
