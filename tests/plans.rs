//! Golden plans: the whole diff of a run, reviewed in git like the code it is.
//!
//! `SNAPSHOTS=overwrite cargo test --test plans` writes them anew.

mod support;

use std::path::Path;

use cargo_gen_auth::{plan::Plan, review};

use support::{hello, hello_of, plan_of};

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
    compare(name, &files_of(&plan, files));
}

fn files_of(plan: &Plan, files: &[&str]) -> String {
    let shown = plan.changes().filter(|(path, _)| files.contains(path));
    shown.map(|(path, change)| format!("=== {path}\n{}", change.after)).collect()
}

fn compare(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(format!("{name}.txt"));
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(shown, snapbox::Data::read_from(&path, None).raw());
}

#[test]
fn uuid_keys() {
    let files =
        ["Cargo.toml", "src/accounts/queries.rs", "migrations/20260101000000_create_users_auth_tables.sql"];
    differing("uuid", &["Accounts", "User", "users", "--id-type", "uuid"], &files);
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

/// What a framework brings itself, and the list of the rest.
#[test]
fn the_other_framework() {
    let plan = plan_of(&hello_of("actix-hello", "2024"), &["Accounts", "User", "users"]).expect("a plan");
    let list: String = plan.changes().map(|(path, _)| format!("{path}\n")).collect();
    let files = [
        "Cargo.toml", "src/main.rs", "src/site/middleware.rs", "src/site/mod.rs", "src/site/response.rs",
        "src/site/test_app.rs", "src/site/users/auth.rs", "src/site/users/mod.rs",
        "src/site/users/tests/app.rs",
    ];
    compare("actix", &format!("{list}{}", files_of(&plan, &files)));
}
