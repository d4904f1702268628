//! The same project, flags, templates and time stamp give the same bytes on every machine.
//!
//! Each machine differs from the plain one in one way; what the program prints and writes must not.
#![cfg(unix)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cargo_gen_auth::project::CARGO_NEW_MAIN;
use support::{Said, fixture, said, tree_of};

/// Files by path, in the order in which they are made.
type Files = Vec<(String, String)>;

struct Machine {
    name: &'static str,
    env: &'static [(&'static str, &'static str)],
    /// What a shell does before it starts the program.
    shell: &'static str,
    /// The project's folder, below a temporary one.
    folder: &'static str,
    /// Where the command is given, below the project's folder.
    below: &'static str,
    args: &'static [&'static str],
    files_reversed: bool,
}

const PLAIN: Machine = Machine {
    name: "plain",
    env: &[("SOURCE_DATE_EPOCH", "1767225600")],
    shell: "",
    folder: "project",
    below: "",
    args: &[],
    files_reversed: false,
};

const STAMP: &[&str] = &["--timestamp", "20260101000000"];

fn machines() -> Vec<Machine> {
    let elsewhere = |name, folder| Machine { name, folder, ..PLAIN };
    let shell = |name, shell| Machine { name, shell, ..PLAIN };
    let env = |name, env| Machine { name, env, args: STAMP, ..PLAIN };
    vec![
        env("another clock", &[("SOURCE_DATE_EPOCH", "4102444800")]),
        env("the real clock, nothing in the environment", &[]),
        env("Turkish", &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")]),
        env("Japanese, not in UTF-8", &[("LANG", "ja_JP.EUC-JP"), ("LC_ALL", "ja_JP.EUC-JP")]),
        env("a day ahead", &[("TZ", "Pacific/Kiritimati")]),
        env("a day behind", &[("TZ", "Pacific/Pago_Pago")]),
        env("no home", &[("HOME", "/nonexistent"), ("CARGO_HOME", "/nonexistent"), ("USER", "nobody")]),
        env("narrow", &[("COLUMNS", "20"), ("LINES", "5"), ("TERM", "dumb")]),
        env("wide", &[("COLUMNS", "500"), ("TERM", "xterm-256color")]),
        shell("files for nobody else", "umask 077"),
        shell("files for everybody", "umask 000"),
        elsewhere("a path with spaces", "my projects/a b"),
        elsewhere("a path that is not ASCII", "größe/日本語/\u{1f510}"),
        elsewhere("a path that looks like a template", "{stamp}/<@ x @>/%s"),
        elsewhere("a long path", "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z"),
        Machine { name: "files made in another order", files_reversed: true, ..PLAIN },
        Machine { name: "from a folder of the project", below: "src", ..PLAIN },
        Machine {
            name: "from outside",
            below: "..",
            args: &["--manifest-path", "project/Cargo.toml"],
            ..PLAIN
        },
    ]
}

/// A folder of this process's own, with a project in it.
struct Place {
    _temporary: tempfile::TempDir,
    project: PathBuf,
}

impl Machine {
    fn place(&self, files: &Files) -> Place {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let project = temporary.path().join(self.folder);
        let write = |(path, text): &(String, String)| {
            let path = project.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        if self.files_reversed {
            files.iter().rev().for_each(write);
        } else {
            files.iter().for_each(write);
        }
        Place { _temporary: temporary, project }
    }

    fn command(&self, project: &Path, args: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_cargo-gen-auth");
        let mut command = Command::new(if self.shell.is_empty() { program } else { "/bin/sh" });
        if !self.shell.is_empty() {
            command.args(["-c", &format!("{} && exec \"$@\"", self.shell), "sh", program]);
        }
        command.args(args).args(self.args).env_clear().envs(self.env.iter().copied());
        command.current_dir(project.join(self.below)).stdin(Stdio::null());
        command
    }

    fn run(&self, project: &Path, args: &[&str]) -> Said {
        said(&self.command(project, args).output().expect("the program starts"))
    }

    /// All that a dry run, a check and a write print, and the tree that is left.
    fn outputs(&self, files: &Files, args: &[&str]) -> BTreeMap<String, String> {
        let place = self.place(files);
        let mut outputs = BTreeMap::new();
        let hows: [&[&str]; 4] = [
            &["--dry-run", "--diff"],
            &["--dry-run", "--json"],
            &["--check", "--json"],
            &["--yes", "--json"],
        ];
        for how in hows {
            let Said { code, out, err } = self.run(&place.project, &[args, how].concat());
            outputs.insert(format!("{how:?} on stdout, exit code {code}"), out);
            outputs.insert(format!("{how:?} on stderr"), err);
        }
        outputs.extend(tree_of(&place.project));
        outputs
    }
}

fn same_everywhere(files: &Files, args: &[&str]) -> BTreeMap<String, String> {
    let plain = PLAIN.outputs(files, args);
    for machine in machines() {
        let outputs = machine.outputs(files, args);
        for (what, text) in &plain {
            let other = outputs.get(what);
            assert!(other.is_some(), "{}: no {what}; there is {:?}", machine.name, outputs.keys());
            assert_eq!(other, Some(text), "{}: {what}", machine.name);
        }
        assert_eq!(outputs.len(), plain.len(), "{}: {:?}", machine.name, outputs.keys());
    }
    plain
}

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

fn hello() -> Files {
    tree_of(&fixture("axum-hello")).into_iter().collect()
}

#[test]
fn a_first_run() {
    let outputs = same_everywhere(&hello(), &["Accounts", "User", "users"]);
    assert!(outputs.contains_key("migrations/20260101000000_create_users_auth_tables.sql"));
    assert!(outputs["src/main.rs"].contains("web::router"));
}

#[test]
fn a_first_run_in_a_fresh_project() {
    let manifest = "[package]\nname = \"größe\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n";
    let files = vec![file("Cargo.toml", manifest), file("src/main.rs", CARGO_NEW_MAIN)];
    let args = ["Shop.Accounts", "Customer", "customers", "--id-type", "uuid", "--web", "Store"];
    let outputs = same_everywhere(&files, &args);
    assert!(outputs.contains_key("src/shop/accounts/mod.rs"));
}

/// Of two migrations that an earlier run might have written, the same one is taken however the folder lists them.
#[test]
fn a_run_that_reads_a_folder() {
    let mut files = hello();
    for year in [2023, 2021, 2025, 2019, 2022, 2020, 2024] {
        files.push(file(&format!("migrations/{year}0101000000_create_users_auth_tables.sql"), "SELECT 1;\n"));
    }
    let outputs = same_everywhere(&files, &["Accounts", "User", "users"]);
    let text: String = outputs.into_values().collect();
    assert!(
        text.contains("migrations/20190101000000_create_users_auth_tables.sql: is there already"),
        "{text}"
    );
}

#[test]
fn an_error_that_lists_a_folder() {
    let mut files = vec![file("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n")];
    for name in ["web", "api", "worker", "core"] {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        files.push(file(&format!("crates/{name}/Cargo.toml"), &manifest));
        files.push(file(&format!("crates/{name}/src/main.rs"), CARGO_NEW_MAIN));
    }
    // Below `src` there is nothing here.
    files.push(file("src/README.md", ""));
    let outputs = same_everywhere(&files, &["Accounts", "User", "users"]);
    let text: String = outputs.into_values().collect();
    assert!(text.contains("choose one with -p; it has api, core, web, worker"), "{text}");
}

/// `script` (util-linux, on every Linux) gives the program a terminal of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_of_any_width() {
    let files = hello();
    let args = ["Accounts", "User", "users", "--color", "never"];
    let place = PLAIN.place(&files);
    let dry = PLAIN.run(&place.project, &[&args[..], &["--dry-run", "--diff", "--quiet"]].concat());
    let json = PLAIN.run(&place.project, &[&args[..], &["--dry-run", "--json"]].concat());
    for columns in [20, 80, 300] {
        for (how, plain) in [("--dry-run --diff --quiet", &dry.out), ("--dry-run --json --quiet", &json.out)]
        {
            let program = env!("CARGO_BIN_EXE_cargo-gen-auth");
            let inside = format!("stty cols {columns} rows 10 && '{program}' {} {how}", args.join(" "));
            let mut command = Command::new("script");
            command.args(["-qec", &inside, "/dev/null"]).envs(PLAIN.env.iter().copied());
            command.current_dir(&place.project).stdin(Stdio::null());
            let shown = said(&command.output().expect("script starts"));
            assert_eq!(shown.code, 0, "{}", shown.out);
            assert!(shown.out.replace("\r\n", "\n") == *plain, "{columns} columns, {how}: {}", shown.out);
        }
    }
}
