//! From argv to an exit code: builds the [`World`] and hands over.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

use std::{
    env,
    ffi::OsStr,
    io::{self, IsTerminal as _, LineWriter, Write as _},
    mem::ManuallyDrop,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use cargo_gen_auth::{
    World,
    args::{self, Color},
    catalog::Catalog,
    commit::RealDisk,
    report::{self, usage},
    templates::Templates,
};

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => match error.downcast_ref::<clap::Error>() {
            Some(error) => {
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
            None => {
                let _ = writeln!(io::stderr(), "error: {error:#}");
                ExitCode::from(report::exit_code(&error))
            }
        },
    }
}

fn run() -> Result<u8> {
    // The process ends with them: taking them apart first would only take time.
    let templates = ManuallyDrop::new(Templates::built_in()?);
    let catalog = ManuallyDrop::new(Catalog::load(&templates)?);
    let args = args::parse(env::args_os(), &catalog)?;
    let mut out = io::stdout().lock();
    let mut err = LineWriter::new(io::stderr());
    let mut world = World {
        now: now()?,
        folder: env::current_dir()?,
        color: color(args.generate.color, out.is_terminal()),
        interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
        out: &mut out,
        err: &mut err,
        input: &mut io::stdin().lock(),
        disk: &mut RealDisk,
        cargo: env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from),
        uncommitted: &uncommitted,
    };
    cargo_gen_auth::run(&args, &templates, &catalog, &mut world)
}

/// `SOURCE_DATE_EPOCH` (seconds since 1970, reproducible-builds.org) where it is set, else the clock.
fn now() -> Result<SystemTime> {
    let set = env::var_os("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty());
    let Some(text) = set else { return Ok(SystemTime::now()) };
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    // The year 9999 is the last that fits a time stamp.
    match seconds.filter(|seconds| *seconds < 253_402_300_800) {
        Some(seconds) => Ok(UNIX_EPOCH + Duration::from_secs(seconds)),
        None => usage(format!("SOURCE_DATE_EPOCH is not a number of seconds: {}", text.display())),
    }
}

/// The flag, then `NO_COLOR` and `CLICOLOR_FORCE`, then cargo's own `CARGO_TERM_COLOR`, then the terminal.
fn color(flag: Color, terminal: bool) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let cargo = env::var_os("CARGO_TERM_COLOR");
    match flag {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("CLICOLOR_FORCE") => true,
        Color::Auto => match cargo.as_deref().and_then(OsStr::to_str) {
            Some("always") => true,
            Some("never") => false,
            _ => terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        },
    }
}

fn uncommitted(folder: &Path) -> Option<usize> {
    let git = Command::new("git").arg("-C").arg(folder).args(["status", "--porcelain"]).output().ok()?;
    let lines = git.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
    (git.status.success() && lines > 0).then_some(lines)
}
