//! A project in a temporary folder, and the real program run in it.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use cargo_gen_auth::{
    args::{self, Generate},
    catalog::Catalog,
    plan::{self, Plan},
    project::Project,
    spec::Spec,
    templates::Templates,
};
use tempfile::TempDir;

pub const STAMP: &str = "20260101000000";

/// What a run said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// A copy of `fixtures/NAME`.
    pub fn of_fixture(name: &str) -> Sandbox {
        let sandbox = Sandbox::empty();
        copy(&fixture(name), &sandbox.path());
        sandbox
    }

    /// What `cargo new --edition EDITION NAME` makes, in an otherwise empty folder.
    pub fn of_cargo_new(name: &str, edition: &str) -> Sandbox {
        let sandbox = Sandbox::empty();
        sandbox.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\n[dependencies]\n"
            ),
        );
        sandbox.write("src/main.rs", cargo_gen_auth::project::CARGO_NEW_MAIN);
        sandbox
    }

    pub fn empty() -> Sandbox {
        let folder = tempfile::Builder::new().prefix("gen-auth-test-").tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("project")).expect("a folder");
        Sandbox { folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs `cargo-gen-auth` with a fixed time stamp and nobody at the keyboard.
    pub fn run(&self, args: &[&str]) -> Said {
        let output =
            self.command(args).env("SOURCE_DATE_EPOCH", "1767225600").output().expect("the program starts");
        said(&output)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-gen-auth"));
        command.current_dir(self.path()).args(args).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CARGO_TERM_COLOR", "SOURCE_DATE_EPOCH"] {
            command.env_remove(name);
        }
        command
    }

    /// Every file but build products, by path.
    pub fn tree(&self) -> BTreeMap<String, String> {
        tree_of(&self.path())
    }
}

/// Every file of a folder but build products, by path.
pub fn tree_of(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    read_tree(folder, "", &mut files);
    files
}

pub fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a fixture") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_name() == "target" {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

fn read_tree(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if ["target", ".git"].contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            read_tree(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read_to_string(entry.path()).expect("text"));
        }
    }
}

/// The plan for a fixture or a project in memory, with a fixed time stamp.
pub fn plan_of(project: &Project, args: &[&str]) -> anyhow::Result<Plan> {
    let templates = Templates::built_in()?;
    let catalog = Catalog::load(&templates)?;
    let args = generate_args(&catalog, args)?;
    let spec = Spec::decide(&args, project, &catalog, &templates, std::time::UNIX_EPOCH)?;
    plan::draw(project, &spec, &catalog, &templates)
}

pub fn generate_args(catalog: &Catalog, args: &[&str]) -> anyhow::Result<Generate> {
    let argv = ["cargo-gen-auth", "--timestamp", STAMP].iter().chain(args).map(|arg| (*arg).into());
    Ok(args::parse(argv, catalog)?.generate)
}

/// The hello-world fixture in memory.
pub fn hello(edition: &str) -> Project {
    let manifest = fs::read_to_string(fixture("axum-hello").join("Cargo.toml")).expect("a manifest");
    let manifest = manifest.replace("edition = \"2024\"", &format!("edition = \"{edition}\""));
    let mut main = fs::read_to_string(fixture("axum-hello").join("src/main.rs")).expect("a program");
    if edition == "2021" {
        main = main.replace("{Router, routing::get}", "{routing::get, Router}");
    }
    Project::from_files([("Cargo.toml", manifest.as_str()), ("src/main.rs", main.as_str())], None)
        .expect("a project")
}
