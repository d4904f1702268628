//! Takes one guarding line at a time out of a generated app: its own tests must notice. Slow: minutes.
//!
//! `cargo test --features mutations --test mutations -- --nocapture`
//!
//! `MUTATION=cookie` runs those with `cookie` in their names. With `SNAPSHOTS=overwrite` the table becomes `tests/mutations/README.md`.

#[path = "mutations/list.rs"]
mod list;
mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use list::Mutation;
use support::{STAMP, Said, Sandbox, said};

/// Time for cargo to see that the file is another one, whatever the clock of the file system.
const TICK: Duration = Duration::from_millis(20);

/// What became of a mutation: a test that failed, and how many did.
enum Fate {
    Caught(String, usize),
    Survived,
    DoesNotCompile(String),
}

#[test]
fn every_guarding_line_has_a_test_that_dies_with_it() {
    let start = Instant::now();
    let wanted = std::env::var("MUTATION").unwrap_or_default();
    let mutations: Vec<_> = list::all().into_iter().filter(|one| one.name.contains(&wanted)).collect();
    let mut table = String::new();
    let mut bad = Vec::new();
    let mut apps = BTreeMap::new();
    for mutation in &mutations {
        let app = apps.entry(mutation.flags).or_insert_with(|| app(mutation.flags));
        let fate = fate_of(mutation, app);
        let row = row(mutation, &fate);
        print!("{row}");
        table += &row;
        match fate {
            Fate::Caught(..) => {}
            Fate::Survived => bad.push(format!("{} survived", mutation.name)),
            Fate::DoesNotCompile(why) => bad.push(format!("{} does not compile:\n{why}", mutation.name)),
        }
    }
    println!("{} mutations in {} s", mutations.len(), start.elapsed().as_secs());
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") && wanted.is_empty() {
        write_readme(mutations.len(), &table);
    }
}

/// An app made with these flags, whose tests pass.
fn app(flags: &[&str]) -> Sandbox {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let args = ["Accounts", "User", "users", "--yes", "--timestamp", STAMP];
    let run = sandbox.run(&[&args[..], flags].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let whole = cargo(&sandbox);
    assert_eq!(whole.code, 0, "the app as it is fails\n{}\n{}", whole.out, whole.err);
    sandbox
}

fn fate_of(mutation: &Mutation, sandbox: &Sandbox) -> Fate {
    let whole = sandbox.read(&mutation.file);
    sandbox.write(&mutation.file, &mutation.apply(&whole));
    std::thread::sleep(TICK);
    let run = cargo(sandbox);
    sandbox.write(&mutation.file, &whole);
    let mut failed: Vec<&str> = run.out.lines().filter_map(failed_test).collect();
    // By name, as their order in time is another one in every run.
    failed.sort_unstable();
    match failed.first() {
        Some(first) => Fate::Caught((*first).to_owned(), failed.len()),
        None if run.code == 0 => Fate::Survived,
        None => Fate::DoesNotCompile(run.err),
    }
}

/// The name in `---- NAME stdout ----`, which opens the words of a test that failed.
fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("---- ")?.strip_suffix(" stdout ----")
}

fn row(mutation: &Mutation, fate: &Fate) -> String {
    let Mutation { name, claim, .. } = mutation;
    let fate = match fate {
        Fate::Caught(first, 1) => format!("`{first}`"),
        Fate::Caught(first, count) => format!("`{first}` and {} more", count - 1),
        Fate::Survived => "**survived**".to_owned(),
        Fate::DoesNotCompile(_) => "**does not compile**".to_owned(),
    };
    format!("| {name} | {claim} | {fate} |\n")
}

/// Without our `-D warnings`: what a mutation leaves unused is no news.
fn cargo(sandbox: &Sandbox) -> Said {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
    let output = Command::new(env!("CARGO"))
        .current_dir(sandbox.path())
        .args(["test", "--quiet"])
        .env("CARGO_TARGET_DIR", target)
        .env_remove("RUSTFLAGS")
        .env_remove("DATABASE_URL")
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("cargo starts");
    said(&output)
}

fn write_readme(count: usize, table: &str) {
    let text = format!(
        "# What the generated tests would notice

Each line takes one guarding line out of a generated app, in which a test then fails: {count} mutations, no survivor.
`accounts.toml`, `session.toml` and `pages.toml` say what is changed where in the default app, `password.toml` in one
made with `--login password`, `enumeration.toml` in one made with `--no-enumeration`. This table is written by

    SNAPSHOTS=overwrite cargo test --features mutations --test mutations -- --nocapture

| mutation | what would no longer hold | a test that fails |
|---|---|---|
{table}"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutations/README.md");
    fs::write(path, text).expect("the table is written");
}
