//! The command line: what can be said, and what was said.

use std::{ffi::OsString, path::PathBuf};

use clap::{
    CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, Styles},
};

use crate::{catalog::Catalog, report::EXIT_CODES};

/// Write a complete, tested authentication system into this project
///
/// Reads the project, shows a diff, asks, and writes: migrations, models, handlers, pages, mails and tests, with
/// the router and Cargo.toml edited in place. The code is yours from then on.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "cargo gen-auth",
    bin_name = "cargo gen-auth",
    version,
    styles = STYLES,
    after_help = "Example:\n  cargo gen-auth Accounts User users",
    after_long_help = format!("Example:\n  cargo gen-auth Accounts User users\n\n{EXIT_CODES}"),
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub generate: Generate,
}

/// What a run of the generator can be told.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Generate {
    /// Module that groups the functions, such as `Accounts` or `Shop.Accounts`
    #[arg(required = true)]
    pub context: Option<String>,
    /// What is stored, in the singular, such as `User`
    #[arg(required = true)]
    pub schema: Option<String>,
    /// Its plural: table name and first part of the addresses, such as `users`
    #[arg(required = true)]
    pub plural: Option<String>,

    /// Web framework [default: what the project uses]
    #[arg(long, value_name = "NAME", help_heading = "What to write")]
    pub framework: Option<String>,
    /// Data layer [default: what the project uses]
    #[arg(long, value_name = "NAME", help_heading = "What to write")]
    pub data: Option<String>,
    /// Database [default: what the project uses]
    #[arg(long, value_name = "NAME", help_heading = "What to write")]
    pub db: Option<String>,
    /// View engine [default: what the project uses]
    #[arg(long, value_name = "NAME", help_heading = "What to write")]
    pub views: Option<String>,
    /// Password hashing
    #[arg(long, value_name = "NAME", help_heading = "What to write")]
    pub hashing: Option<String>,
    /// Type of primary keys
    #[arg(long, value_name = "TYPE", help_heading = "What to write")]
    pub id_type: Option<String>,
    /// Table name [default: the plural]
    #[arg(long, value_name = "NAME", help_heading = "What to write")]
    pub table: Option<String>,
    /// Namespace of the web modules and first part of the addresses, such as `Backoffice`
    #[arg(long, value_name = "NS", help_heading = "What to write")]
    pub web: Option<String>,
    /// Time stamp of the migration, UTC [default: SOURCE_DATE_EPOCH, else now]
    #[arg(long, value_name = "YYYYMMDDHHMMSS", help_heading = "What to write")]
    pub timestamp: Option<String>,

    /// Leave AGENTS.md alone
    #[arg(long, help_heading = "What to write")]
    pub no_agents_md: bool,

    /// Cargo.toml of the project [default: the nearest one]
    #[arg(long, value_name = "PATH", help_heading = "Where")]
    pub manifest_path: Option<PathBuf>,
    /// Package of a workspace
    #[arg(short, long, value_name = "NAME", help_heading = "Where")]
    pub package: Option<String>,

    /// The function that makes the router, where more than one is served: `src/routes.rs::create_router`
    #[arg(long, value_name = "FILE::FUNCTION", help_heading = "Where")]
    pub router: Option<String>,

    /// Show what would be done, write nothing
    #[arg(long, help_heading = "How")]
    pub dry_run: bool,
    /// Show new files in full too
    #[arg(long, help_heading = "How")]
    pub diff: bool,
    /// Write without asking
    #[arg(short, long, help_heading = "How")]
    pub yes: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "How")]
    pub color: Color,
    /// Say only what went wrong
    #[arg(short, long, conflicts_with = "verbose", help_heading = "How")]
    pub quiet: bool,
    /// Say where each choice and each file came from
    #[arg(short, long, help_heading = "How")]
    pub verbose: bool,

    /// The port a first server listens on, where we write it.
    #[arg(skip)]
    pub port: Option<u16>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Make a fresh project in a temporary folder, add accounts to it, build it and start it
    Demo(Demo),
}

#[derive(Debug, Clone, clap::Args)]
pub struct Demo {
    /// Make the project here, and keep it
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Port to listen on
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// The command line `argv`, program name first; the values of `--framework` and its like are those of `catalog`.
///
/// Both `cargo gen-auth ..` (cargo passes `gen-auth` on as the first argument) and `cargo-gen-auth ..` work.
pub fn parse(argv: impl IntoIterator<Item = OsString>, catalog: &Catalog) -> Result<Args, clap::Error> {
    let mut argv: Vec<OsString> = argv.into_iter().collect();
    if argv.get(1).is_some_and(|first| first == "gen-auth") {
        argv.remove(1);
    }
    let matches = command(catalog).try_get_matches_from(argv)?;
    Args::from_arg_matches(&matches)
}

/// The command with the values of its flags filled in from the folders of the catalog.
pub fn command(catalog: &Catalog) -> clap::Command {
    let mut command = Args::command();
    for axis in ["framework", "data", "db", "views", "hashing", "id-type"] {
        let values: Vec<String> = catalog.values(axis).into_iter().map(str::to_owned).collect();
        let id = axis.replace('-', "_");
        command = command.mut_arg(id, |arg| arg.value_parser(PossibleValuesParser::new(values)));
    }
    command
}

impl Generate {
    /// What a flag says about `axis`.
    pub fn choice(&self, axis: &str) -> Option<&str> {
        let flag = match axis {
            "framework" => &self.framework,
            "data" => &self.data,
            "db" => &self.db,
            "views" => &self.views,
            "hashing" => &self.hashing,
            "id-type" => &self.id_type,
            _ => &None,
        };
        flag.as_deref()
    }
}

const STYLES: Styles = Styles::styled()
    .header(anstyle::AnsiColor::BrightGreen.on_default().bold())
    .usage(anstyle::AnsiColor::BrightGreen.on_default().bold())
    .literal(anstyle::AnsiColor::BrightCyan.on_default().bold())
    .placeholder(anstyle::AnsiColor::Cyan.on_default());
