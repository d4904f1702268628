//! The plan as other programs get it, without a process.

mod support;

use cargo_gen_auth::{
    plan,
    plan::{Level, Plan},
    report::{Stop, reason},
};
use support::Sandbox;

const USERS: [&str; 3] = ["Accounts", "User", "users"];

/// Paths and texts before and after: all there is to a plan's changes.
fn changes(plan: &Plan) -> Vec<(&str, Option<&str>, &str)> {
    plan.files().map(|(path, change)| (path, change.before.as_deref(), change.after.as_str())).collect()
}

#[test]
fn a_plan_is_what_a_dry_run_shows() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let before = sandbox.tree();
    let flags = [&USERS[..], &["--hashing", "bcrypt", "--timestamp", "20300101000000"]].concat();
    let plan = plan(sandbox.path(), &flags).unwrap();
    assert_eq!(sandbox.tree(), before);
    let shown = sandbox.run(&[&flags[..], &["--dry-run", "--diff", "--quiet"]].concat());
    assert_eq!(plan.to_string(), shown.out);
    assert!(plan.to_string().contains("20300101000000"));
}

#[test]
fn a_plan_without_a_time_stamp_is_the_same_every_day() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let plan = plan(sandbox.path(), USERS).unwrap();
    let (migration, _) = plan.changes().find(|(path, _)| path.starts_with("migrations/")).unwrap();
    assert!(migration.starts_with("migrations/19700101000000_"), "{migration}");
}

#[test]
fn a_project_is_found_as_on_the_command_line() {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n");
    let fixture = Sandbox::of_fixture("axum-hello");
    sandbox.write("crates/web/Cargo.toml", &fixture.read("Cargo.toml").replace("\n[workspace]\n", ""));
    sandbox.write("crates/web/src/main.rs", &fixture.read("src/main.rs"));

    let below = plan(sandbox.path().join("crates/web/src"), USERS).unwrap();
    assert!(below.changes().any(|(path, _)| path == "crates/web/src/accounts/mod.rs"));
    let manifest = sandbox.path().join("crates/web/Cargo.toml");
    let manifest = ["--manifest-path", manifest.to_str().unwrap()];
    for flags in [&["-p", "axum-hello"][..], &manifest] {
        let plan = plan(sandbox.path(), [&USERS[..], flags].concat()).unwrap();
        assert_eq!(changes(&plan), changes(&below));
    }

    // Tests run in the folder of the package.
    let relative = plan("fixtures/axum-hello", USERS).unwrap();
    assert_eq!(changes(&relative), changes(&plan(fixture.path(), USERS).unwrap()));
}

#[test]
fn what_is_in_the_way_is_in_the_plan() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/accounts/mod.rs", "//! Mine.\n");
    let plan = plan(sandbox.path(), USERS).unwrap();
    let blocks: Vec<&str> = plan.findings(Level::Blocks).map(|finding| finding.path.as_str()).collect();
    assert_eq!(blocks, ["src/accounts/mod.rs"]);
}

#[test]
fn what_cannot_be_planned_is_an_error_with_a_reason() {
    let fixture = Sandbox::of_fixture("axum-hello");
    for flags in
        [&["Accounts"][..], &["Accounts", "User", "users", "--nothing"], &["--list"], &["man"], &["demo"]]
    {
        let error = plan(fixture.path(), flags).unwrap_err();
        assert_eq!(reason(&error), Stop::Usage, "{flags:?}: {error}");
    }
    let error = plan(Sandbox::empty().path(), USERS).unwrap_err();
    assert_eq!(reason(&error), Stop::Project, "{error}");
}
