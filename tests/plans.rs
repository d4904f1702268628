//! Golden plans: the whole diff of a run, reviewed in git like the code it is.
//!
//! `SNAPSHOTS=overwrite cargo test --test plans` writes them anew.

mod support;

use std::path::Path;

use cargo_gen_auth::{plan::Plan, review};

use support::{hello, plan_of};

fn golden(name: &str, args: &[&str]) {
    let plan = plan_of(&hello("2024"), args).expect("a plan");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(format!("{name}.diff"));
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .eq(text(&plan), snapbox::Data::read_from(&path, None).raw());
}

fn text(plan: &Plan) -> String {
    let mut text = Vec::new();
    review::diff(plan, true, false, &mut text).expect("text");
    String::from_utf8(text).expect("UTF-8")
}

#[test]
fn the_default_stack() {
    golden("default", &["Accounts", "User", "users"]);
}

/// Only what differs from the default: a plan in full is long enough once.
fn differing(name: &str, args: &[&str], files: &[&str]) {
    let plan = plan_of(&hello("2024"), args).expect("a plan");
    let shown: String = plan
        .changes()
        .filter(|(path, _)| files.contains(path))
        .map(|(path, change)| format!("=== {path}\n{}", change.after))
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(format!("{name}.txt"));
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(shown, snapbox::Data::read_from(&path, None).raw());
}

#[test]
fn uuid_keys() {
    let files =
        ["Cargo.toml", "src/accounts/queries.rs", "migrations/20260101000000_create_users_auth_tables.sql"];
    differing("uuid", &["Accounts", "User", "users", "--id-type", "uuid"], &files);
}

/// Everything in which it is not as the default.
#[test]
fn postgres() {
    let args = ["Accounts", "User", "users"];
    let default = plan_of(&hello("2024"), &args).expect("a plan");
    let plan = plan_of(&hello("2024"), &[&args[..], &["--db", "postgres"]].concat()).expect("a plan");
    let mut shown = String::new();
    for (path, change) in plan.changes() {
        let other = default.changes().find(|(same, _)| *same == path).map(|(_, other)| other.after.as_str());
        if other != Some(&change.after) {
            let diff = similar::TextDiff::from_lines(other.unwrap_or_default(), &change.after);
            let name = if other.is_some() { path } else { "new" };
            shown += &diff.unified_diff().context_radius(1).header(name, path).to_string();
        }
    }
    let missing = default.changes().filter(|(path, _)| plan.changes().all(|(same, _)| same != *path));
    shown.extend(missing.map(|(path, _)| format!("not {path}\n")));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans/postgres.diff");
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(shown, snapbox::Data::read_from(&path, None).raw());
}

#[test]
fn a_dotted_context_a_table_and_a_namespace() {
    let args = ["Shop.Accounts", "Customer", "customers", "--table", "shop_customers", "--web", "Backoffice"];
    let files = [
        "src/main.rs",
        "src/shop/mod.rs",
        "src/shop/accounts/customer_token.rs",
        "src/web/mod.rs",
        "src/web/backoffice_customers/mod.rs",
        "templates/backoffice_customers/nav.html",
        "migrations/20260101000000_create_shop_customers_auth_tables.sql",
    ];
    differing("names", &args, &files);
}
