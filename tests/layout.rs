//! Whatever the names, the edition and the keys: every plan renders, parses and stays in the project, and
//! the real rustfmt has nothing to mend.

mod support;

use std::{
    collections::HashSet,
    fs,
    process::{Command, Stdio},
};

use cargo_gen_auth::{
    names::LONGEST,
    plan::Plan,
    project::{CARGO_NEW_MAIN, Project},
};
use proptest::prelude::*;

use support::{HELLOS, Sandbox, fixture, hello_of, plan_of};

/// Rust files of a plan, formatted by `rustfmt --check`; what it would change, or nothing. Plans have most files in
/// common: a text that is in `seen` was looked at before.
fn unformatted(plan: &Plan, edition: &'static str, seen: &mut HashSet<(&'static str, String)>) -> String {
    let sandbox = Sandbox::empty();
    let mut files = Vec::new();
    for (path, change) in plan.changes().filter(|(path, _)| path.ends_with(".rs")) {
        // Flat, so that no file leads rustfmt to another one.
        let name = path.replace('/', "__");
        let text: String = change.after.lines().map(|line| format!("{}\n", without_modules(line))).collect();
        sandbox.write(&name, &text);
        if seen.insert((edition, text)) {
            files.push(name);
        }
    }
    if files.is_empty() {
        return String::new();
    }
    let output = Command::new("rustfmt")
        .current_dir(sandbox.path())
        .args(["--check", "--edition", edition, "--style-edition", edition, "--config-path", "/dev/null"])
        .args(&files)
        .stdin(Stdio::null())
        .output()
        .expect("rustfmt is part of the toolchain");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `mod x;` would be looked for on disk; a `#[path]` to nothing would too, so an inline module stands in.
fn without_modules(line: &str) -> String {
    match line.strip_suffix(';') {
        Some(start) if start.trim_start().trim_start_matches("pub ").starts_with("mod ") => {
            format!("{start} {{}}")
        }
        _ => line.to_owned(),
    }
}

/// Each way to log in, with and without telling whether an address is taken.
const LOGINS: [&[&str]; 6] = [
    &["--login", "both"],
    &["--login", "magic-link"],
    &["--login", "password"],
    &["--login", "both", "--no-enumeration"],
    &["--login", "magic-link", "--no-enumeration"],
    &["--login", "password", "--no-enumeration"],
];

const DATABASES: [&str; 2] = ["postgres", "sqlite"];

/// Each value at least once, and each kind of key with each kind of insert.
const KINDS: [&[&str]; 7] = [
    &["--login", "both", "--id-type", "i64"],
    &["--login", "magic-link", "--id-type", "uuid"],
    &["--login", "password", "--id-type", "i64"],
    &["--login", "password", "--id-type", "uuid"],
    &["--login", "both", "--no-enumeration"],
    &["--login", "password", "--no-enumeration"],
    &["--login", "password", "--id-type", "uuid", "--no-enumeration"],
];

/// The hello-world of every framework in every edition.
fn projects() -> impl Iterator<Item = (&'static str, &'static str)> {
    HELLOS.into_iter().flat_map(|project| ["2021", "2024"].map(|edition| (project, edition)))
}

fn long(letter: char, length: usize) -> String {
    letter.to_string().repeat(length)
}

#[test]
fn rustfmt_has_nothing_to_mend_at_any_length_of_name() {
    let mut seen = HashSet::new();
    for length in [1, 2, 4, 8, 12, 16, 20, 24, 28, LONGEST] {
        let context = format!("Q{}", long('q', length - 1));
        let schema = format!("Z{}", long('z', length - 1));
        let plural = long('y', length);
        for (project, edition) in projects() {
            for (flags, db) in KINDS.into_iter().flat_map(|flags| DATABASES.map(|db| (flags, db))) {
                let names = [context.as_str(), schema.as_str(), plural.as_str()];
                let args = [&names[..], flags, &["--db", db]].concat();
                let plan = plan_of(&hello_of(project, edition), &args).expect("a plan");
                let diff = unformatted(&plan, edition, &mut seen);
                assert!(
                    diff.is_empty(),
                    "{project}, {length} letters, edition {edition}, {flags:?}, {db}:\n{diff}"
                );
            }
        }
    }
}

#[test]
fn rustfmt_has_nothing_to_mend_wherever_names_sort() {
    let names = [
        vec!["Accounts", "User", "users"],
        vec!["Identity", "Client", "clients"],
        vec!["Zoo", "Animal", "animals", "--web", "Aquarium"],
        vec!["Shop.Accounts", "Customer", "customers", "--table", "shop_customers"],
        vec!["A", "ZZTop2", "a1"],
    ];
    let mut seen = HashSet::new();
    for names in &names {
        for (project, edition) in projects() {
            for login in LOGINS {
                let args = [&names[..], login].concat();
                let plan = plan_of(&hello_of(project, edition), &args).expect("a plan");
                let diff = unformatted(&plan, edition, &mut seen);
                assert!(diff.is_empty(), "{project}, {args:?}, edition {edition}:\n{diff}");
            }
        }
    }
}

/// Wherever the name of a library sorts to which the context goes, and however long it is.
#[test]
fn rustfmt_has_nothing_to_mend_whatever_the_library_is_called() {
    let mut seen = HashSet::new();
    for name in ["a", "bakery", "core-2_x", "zzz", &long('m', 50)] {
        for ((project, edition), login) in projects().flat_map(|project| LOGINS.map(|login| (project, login)))
        {
            let manifest = fs::read_to_string(fixture(project).join("Cargo.toml")).expect("a manifest");
            let manifest = manifest.replace("edition = \"2024\"", &format!("edition = \"{edition}\""));
            let root = "[workspace]\nmembers = [\"web\", \"lib\"]\n";
            let library = format!("[package]\nname = \"{name}\"\nedition = \"{edition}\"\n");
            let files = [
                ("Cargo.toml", root),
                ("web/Cargo.toml", &manifest.replace("[workspace]\n", "")),
                ("web/src/main.rs", CARGO_NEW_MAIN),
                ("lib/Cargo.toml", &library),
                ("lib/src/lib.rs", ""),
            ];
            let project = Project::from_files(files, Some(project)).expect("a project");
            let args = [&["Accounts", "User", "users", "--context-package", name], login].concat();
            let diff = unformatted(&plan_of(&project, &args).expect("a plan"), edition, &mut seen);
            assert!(diff.is_empty(), "{name}, {login:?}, edition {edition}:\n{diff}");
        }
    }
}

#[test]
fn generated_files_end_in_one_newline_and_have_no_double_blank_lines() {
    let values = || LOGINS.into_iter().flat_map(|login| DATABASES.map(|db| (login, db)));
    for (project, (login, db)) in HELLOS.into_iter().flat_map(|it| values().map(move |value| (it, value))) {
        let args = [&["Accounts", "User", "users"], login, &["--db", db]].concat();
        let plan = plan_of(&hello_of(project, "2024"), &args).expect("a plan");
        for (path, change) in plan.changes() {
            assert!(change.after.ends_with('\n') && !change.after.ends_with("\n\n"), "{path}");
            assert!(!change.after.contains("\n\n\n"), "{path}");
            assert!(!change.after.lines().any(|line| line.ends_with([' ', '\t'])), "{path}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Names we refuse are fine here, as long as it is by a message.
    #[test]
    fn any_legal_names_make_a_plan_that_parses_and_stays_inside(
        context in "[A-Z][A-Za-z0-9_]{0,12}(\\.[A-Z][A-Za-z0-9]{0,8})?",
        schema in "[A-Z][A-Za-z0-9_]{0,20}",
        plural in "[a-z][a-z0-9_]{0,20}",
        project in prop::sample::select(HELLOS.to_vec()),
        edition in prop::sample::select(vec!["2021", "2024"]),
        login in prop::sample::select(LOGINS.to_vec()),
        db in prop::sample::select(DATABASES.to_vec()),
    ) {
        let args = [&[context.as_str(), &schema, &plural], login, &["--db", db]].concat();
        let Ok(plan) = plan_of(&hello_of(project, edition), &args) else { return Ok(()) };
        for (path, change) in plan.changes() {
            prop_assert!(!path.starts_with('/') && !path.split('/').any(|part| part == ".." || part.is_empty()));
            if path.ends_with(".rs") {
                let parsed = syn::parse_file(&change.after);
                prop_assert!(parsed.is_ok(), "{path}: {:?}", parsed.err());
            }
        }
    }

    /// No word, however odd, makes the program panic.
    #[test]
    fn odd_words_are_refused_by_a_message(context in "\\PC{0,40}", schema in "\\PC{0,40}", plural in "\\PC{0,40}") {
        if let Err(error) = cargo_gen_auth::names::Names::parse(&context, &schema, &plural, None, None) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

/// The files of a plan are there to be formatted: a test of nothing would pass.
#[test]
fn the_plan_has_rust_files_to_format() {
    for project in HELLOS {
        let plan = plan_of(&hello_of(project, "2024"), &["Accounts", "User", "users"]).expect("a plan");
        assert!(plan.changes().filter(|(path, _)| path.ends_with(".rs")).count() > 20);
    }
}
