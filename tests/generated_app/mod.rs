//! A generated app and what must hold of it.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use crate::support::{Sandbox, said};

pub struct App {
    sandbox: Sandbox,
    runs: Vec<Vec<String>>,
    database_url: Option<String>,
}

impl App {
    /// Runs the generator once for each list of arguments.
    pub fn generate(sandbox: Sandbox, runs: &[&[&str]]) -> App {
        let app = App::of(sandbox, runs);
        for args in &app.runs {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let said = app.sandbox.run(&args);
            assert_eq!(said.code, 0, "{args:?}\n{}", said.err);
        }
        app
    }

    /// Runs the generator once, which leaves something to do by hand. Returns what it said, too.
    pub fn generate_partly(sandbox: Sandbox, run: &[&str]) -> (App, String) {
        let app = App::of(sandbox, &[run]);
        let args: Vec<&str> = app.runs[0].iter().map(String::as_str).collect();
        let said = app.sandbox.run(&args);
        assert_eq!(said.code, 5, "{args:?}\n{}", said.err);
        (app, said.err)
    }

    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    fn of(sandbox: Sandbox, runs: &[&[&str]]) -> App {
        let runs: Vec<Vec<String>> = runs
            .iter()
            .enumerate()
            .map(|(number, args)| {
                let stamp = format!("2026010100000{number}");
                let mut args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
                args.extend(["--yes".to_owned(), "--timestamp".to_owned(), stamp]);
                args
            })
            .collect();
        App { sandbox, runs, database_url: None }
    }

    /// Where its tests find the server.
    pub fn with_database_url(self, url: String) -> App {
        App { database_url: Some(url), ..self }
    }

    pub fn read(&self, path: &str) -> String {
        self.sandbox.read(path)
    }

    pub fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.sandbox.read(path);
        assert!(text.contains(old), "{path} has no {old}");
        self.sandbox.write(path, &text.replace(old, new));
    }

    /// The program, built.
    pub fn build(&self) -> PathBuf {
        self.cargo(&["build", "--quiet"]);
        let name = self.package();
        // Out of the way of the next app of that name.
        let program = self.sandbox.path().join("program");
        fs::copy(target().join("debug").join(name), &program).expect("cargo built it");
        program
    }

    fn package(&self) -> String {
        let manifest = self.read("Cargo.toml");
        let name = manifest.split("name = \"").nth(1).and_then(|rest| rest.split('"').next());
        name.expect("a name").to_owned()
    }

    /// Removes what was built of it from the shared folder, but not its dependencies.
    pub fn is_cleaned_up(&self) {
        self.cargo(&["clean", "--quiet", "--package", &self.package()]);
    }

    /// Whether its tests need a server.
    pub fn is_on_postgres(&self) -> bool {
        self.read("Cargo.toml").contains("\"postgres\"")
    }

    /// All that holds of every generated app.
    pub fn holds(&self) {
        self.is_formatted();
        self.has_no_warning();
        self.passes_its_tests();
        self.is_unchanged_by_a_second_run();
    }

    pub fn is_formatted(&self) {
        self.cargo(&["fmt", "--all", "--check"]);
    }

    pub fn has_no_warning(&self) {
        self.cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        // Without the test code: a function only tests call is a warning there.
        self.cargo(&["clippy", "--quiet", "--workspace", "--", "-D", "warnings"]);
    }

    /// A warning of the compiler is a failure here too.
    pub fn passes_its_tests(&self) {
        let out = self.cargo(&["test", "--quiet", "--workspace"]);
        let passed = out.lines().filter_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next());
        let passed: usize = passed.filter_map(|number| number.parse::<usize>().ok()).sum();
        assert!(passed > 100, "only {passed} tests ran:\n{out}");
    }

    pub fn is_unchanged_by_a_second_run(&self) {
        let before = self.sandbox.tree();
        for run in &self.runs {
            let args: Vec<&str> = run.iter().map(String::as_str).collect();
            let said = self.sandbox.run(&args);
            assert_eq!(said.code, 0, "{}", said.err);
            assert!(said.err.contains("nothing to do"), "{}", said.err);
        }
        assert_eq!(self.sandbox.tree(), before);
    }

    /// One at a time, and as if the app had just been written: cargo tells packages of one name by the times of their
    /// files, and would take what another app of that name has left in the shared folder for the build of this one.
    fn cargo(&self, args: &[&str]) -> String {
        static LAST: Mutex<Option<PathBuf>> = Mutex::new(None);
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if last.replace(self.sandbox.path()) != Some(self.sandbox.path()) {
            let entries =
                walkdir::WalkDir::new(self.sandbox.path()).into_iter().map(|entry| entry.expect("an entry"));
            for entry in entries.filter(|entry| entry.file_type().is_file()) {
                let file = File::open(entry.path()).expect("a file");
                file.set_modified(SystemTime::now()).expect("it is ours");
            }
        }
        let output = Command::new(env!("CARGO"))
            .current_dir(self.sandbox.path())
            .args(args)
            .env("CARGO_TARGET_DIR", target())
            .env("RUSTFLAGS", "-D warnings")
            // Nobody debugs them, and linking is half the time; nor does anybody change and build them again.
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("DATABASE_URL")
            .envs(self.database_url.iter().map(|url| ("DATABASE_URL", url)))
            .env_remove("RUST_BACKTRACE")
            .output()
            .expect("cargo starts");
        let said = said(&output);
        assert_eq!(said.code, 0, "cargo {}\n{}\n{}", args.join(" "), said.out, said.err);
        said.out
    }
}

/// All generated apps share one target folder, so that their dependencies are compiled once.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated")
}
