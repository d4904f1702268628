//! The command line: what can be said, and what was said.

use std::{
    ffi::{OsStr, OsString},
    io,
    path::PathBuf,
};

use clap::{
    Arg, ArgGroup, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
    builder::{NonEmptyStringValueParser, PossibleValue, PossibleValuesParser, Styles, TypedValueParser},
};
use clap_complete::Shell;

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
    override_usage = "cargo gen-auth [OPTIONS] <CONTEXT> <SCHEMA> <PLURAL>\n       \
                      cargo gen-auth --list [--json]\n       \
                      cargo gen-auth demo | templates | completions | man",
    // `--json` owns standard output, where a question's diff would stand: it goes with an answer given beforehand.
    group = ArgGroup::new("answer").args(["dry_run", "check", "yes", "list"]).multiple(true),
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
    /// List what can be chosen, and what is chosen by itself
    #[arg(long, conflicts_with_all = ["context", "dry_run", "check", "yes"], help_heading = "How")]
    pub list: bool,
}

/// What a run of the generator can be told.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Generate {
    /// Module that groups the functions, such as `Accounts` or `Shop.Accounts`
    #[arg(required_unless_present = "list")]
    pub context: Option<String>,
    /// What is stored, in the singular, such as `User`
    #[arg(required_unless_present = "list")]
    pub schema: Option<String>,
    /// Its plural: table name and first part of the addresses, such as `users`
    #[arg(required_unless_present = "list")]
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
    /// How people log in
    #[arg(long, value_name = "KIND", help_heading = "What to write")]
    pub login: Option<String>,
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
    /// Answer the same whether an address has an account or not; who has it is told by mail
    #[arg(long, help_heading = "What to write")]
    pub no_enumeration: bool,

    /// Cargo.toml of the project [default: the nearest one]
    #[arg(long, value_name = "PATH", help_heading = "Where")]
    pub manifest_path: Option<PathBuf>,
    /// Package of a workspace
    #[arg(short, long, value_name = "NAME", help_heading = "Where")]
    pub package: Option<String>,
    /// Another package of the workspace: its library gets the context, mails and database, `--package` the pages
    #[arg(long, value_name = "NAME", help_heading = "Where")]
    pub context_package: Option<String>,
    /// Templates of your own, used before the built-in ones; `cargo gen-auth templates` has more
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    pub templates: Option<PathBuf>,

    /// The function that makes the router, where more than one is served: `src/routes.rs::create_router`
    #[arg(long, value_name = "FILE::FUNCTION", help_heading = "Where")]
    pub router: Option<String>,

    /// Show what would be done, write nothing
    #[arg(long, help_heading = "How")]
    pub dry_run: bool,
    /// Like --dry-run, but exit with 1 where a run would change something
    ///
    /// Exits with 5 where only edits by hand are left, and with 4 where a generated file has been changed: it is
    /// its owner's then, and no run touches it.
    #[arg(long, conflicts_with_all = ["dry_run", "yes"], help_heading = "How")]
    pub check: bool,
    /// Show new files in full too
    #[arg(long, help_heading = "How")]
    pub diff: bool,
    /// Write without asking
    #[arg(short, long, help_heading = "How")]
    pub yes: bool,
    /// Print the plan as JSON (schema version 1); goes with --dry-run, --check, --yes or --list
    ///
    /// One document takes the place of the diff on standard output. An error is one too, unless the command line
    /// itself is wrong: that prints none.
    #[arg(long, requires = "answer", conflicts_with = "diff", help_heading = "How")]
    pub json: bool,
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
    /// List, copy out, compare, merge and check templates of your own
    Templates(Templates),
    /// Print completions of `cargo-gen-auth` for a shell
    Completions {
        /// The shell that is to read them
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// What can be done with templates, those of a house and the built-in ones.
#[derive(Debug, Clone, clap::Args)]
pub struct Templates {
    #[command(subcommand)]
    pub action: Action,
    /// Cargo.toml of the project [default: the nearest one]
    #[arg(long, value_name = "PATH", global = true, help_heading = "Where")]
    pub manifest_path: Option<PathBuf>,
    /// Package of a workspace
    #[arg(short, long, value_name = "NAME", global = true, help_heading = "Where")]
    pub package: Option<String>,
    /// The folder of your templates [default: .gen-auth/templates of the project]
    #[arg(long, value_name = "DIR", global = true, help_heading = "Where")]
    pub templates: Option<PathBuf>,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// Show every layer and file, and where each comes from
    List,
    /// Copy a built-in layer or file out, to be changed
    Eject {
        /// A layer or a file, as `list` shows it
        #[arg(value_name = "LAYER|FILE", required = true)]
        names: Vec<String>,
    },
    /// Show what your templates change, and what the built-in ones have changed since they were copied
    Diff {
        /// A layer or a file [default: all]
        #[arg(value_name = "LAYER|FILE")]
        name: Option<String>,
    },
    /// Take over what the built-in templates have changed since yours were copied
    Merge {
        /// A layer or a file [default: all]
        #[arg(value_name = "LAYER|FILE")]
        name: Option<String>,
        /// Keep yours as they are, and hold the built-in changes for seen
        #[arg(long)]
        keep: bool,
    },
    /// Render every combination with awkward names and parse the Rust
    Check {
        /// Also compile what the house chooses by itself, and run the tests that come along
        #[arg(long)]
        build: bool,
    },
}

#[derive(Debug, Clone, clap::Args)]
pub struct Demo {
    /// Make the project here, and keep it
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Port to listen on
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,
    /// Web framework
    #[arg(long, value_name = "NAME")]
    pub framework: Option<String>,
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
    for axis in ["framework", "data", "db", "views", "login", "hashing", "id-type"] {
        let id = axis.replace('-', "_");
        command = command.mut_arg(id, |arg| arg.value_parser(Values(values(catalog, axis))));
    }
    // No house is looked for: what is not built in is refused before anything is made.
    let frameworks = PossibleValuesParser::new(values(catalog, "framework"));
    command.mut_subcommand("demo", |demo| demo.mut_arg("framework", |arg| arg.value_parser(frameworks)))
}

fn values(catalog: &Catalog, axis: &str) -> Vec<String> {
    catalog.values(axis).into_iter().map(str::to_owned).collect()
}

/// Names the built-in values in the help, and takes any: a house may have more, which only its project tells.
#[derive(Debug, Clone)]
struct Values(Vec<String>);

impl TypedValueParser for Values {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        NonEmptyStringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

/// The script that completes this command line in `shell`.
pub fn completions(shell: Shell, catalog: &Catalog) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(catalog), PROGRAM, &mut script);
    script
}

/// The manual page, as roff: one page, on which subcommands are named as they are called.
pub fn manual(catalog: &Catalog) -> io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command(catalog).name(PROGRAM)).render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    Ok(page.replace("\ncargo\\-gen\\-auth\\-", "\ncargo gen\\-auth ").replace("(1)\n", "\n"))
}

/// What the file is called that cargo runs for `cargo gen-auth`.
const PROGRAM: &str = "cargo-gen-auth";

impl Generate {
    /// Whether the run only looks: nothing is written, nothing asked.
    pub fn only_looks(&self) -> bool {
        self.dry_run || self.check
    }

    /// What a flag says about `axis`.
    pub fn choice(&self, axis: &str) -> Option<&str> {
        let flag = match axis {
            "framework" => &self.framework,
            "data" => &self.data,
            "db" => &self.db,
            "views" => &self.views,
            "login" => &self.login,
            "hashing" => &self.hashing,
            "id-type" => &self.id_type,
            _ => &None,
        };
        flag.as_deref()
    }

    /// As if the flag of `axis` had said `value`.
    pub fn choose(&mut self, axis: &str, value: String) {
        let flag = match axis {
            "framework" => &mut self.framework,
            "data" => &mut self.data,
            "db" => &mut self.db,
            "views" => &mut self.views,
            "login" => &mut self.login,
            "hashing" => &mut self.hashing,
            "id-type" => &mut self.id_type,
            _ => return,
        };
        *flag = Some(value);
    }
}

const STYLES: Styles = Styles::styled()
    .header(anstyle::AnsiColor::BrightGreen.on_default().bold())
    .usage(anstyle::AnsiColor::BrightGreen.on_default().bold())
    .literal(anstyle::AnsiColor::BrightCyan.on_default().bold())
    .placeholder(anstyle::AnsiColor::Cyan.on_default());
