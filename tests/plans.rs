//! Golden plans: the whole diff of a run, reviewed in git like the code it is.
//!
//! `SNAPSHOTS=overwrite cargo test --test plans` writes them anew.

mod support;

use std::path::Path;

use cargo_gen_auth::{plan::Plan, project::Project, review};

use support::{fixture, hello, hello_of, plan_of};

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
    differing_in(&hello("2024"), name, args, files);
}

fn differing_in(project: &Project, name: &str, args: &[&str], files: &[&str]) {
    let plan = plan_of(project, args).expect("a plan");
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

/// Every file there is, then those that matter most.
fn listed(plan: &Plan, files: &[&str]) -> String {
    let list: String = plan.changes().map(|(path, _)| format!("{path}\n")).collect();
    list + &files_of(plan, files)
}

/// With the files in which the ways to log in differ most.
fn login(name: &str, files: &[&str]) {
    let plan = plan_of(&hello("2024"), &["Accounts", "User", "users", "--login", name]).expect("a plan");
    compare(name, &listed(&plan, files));
}

#[test]
fn login_by_magic_link() {
    login(
        "magic-link",
        &[
            "Cargo.toml",
            "migrations/20260101000000_create_users_auth_tables.sql",
            "src/accounts/magic_links.rs",
            "src/accounts/mod.rs",
            "src/accounts/user.rs",
            "src/web/users/magic_link.rs",
            "src/web/users/mod.rs",
            "src/web/users/pages.rs",
            "src/web/users/session.rs",
            "src/web/users/settings.rs",
            "templates/users/log_in.html",
            "templates/users/settings.html",
        ],
    );
}

#[test]
fn login_by_password() {
    login(
        "password",
        &[
            "migrations/20260101000000_create_users_auth_tables.sql",
            "src/accounts/confirmations.rs",
            "src/accounts/mod.rs",
            "src/accounts/resets.rs",
            "src/accounts/user.rs",
            "src/accounts/user_notifier.rs",
            "src/web/users/confirmation.rs",
            "src/web/users/links.rs",
            "src/web/users/mod.rs",
            "src/web/users/pages.rs",
            "src/web/users/registration.rs",
            "src/web/users/reset_password.rs",
            "src/web/users/session.rs",
            "templates/users/confirm.html",
            "templates/users/confirmation.html",
            "templates/users/forgot_password.html",
            "templates/users/log_in.html",
            "templates/users/registration.html",
            "templates/users/reset_password.html",
            "templates/users/settings.html",
        ],
    );
}

/// What the default does not have, or has otherwise.
#[test]
fn no_enumeration() {
    let files = [
        "src/accounts/mod.rs",
        "src/accounts/user_notifier.rs",
        "src/web/users/registration.rs",
        "src/web/users/settings.rs",
        "src/web/users/tests/enumeration.rs",
    ];
    differing("no-enumeration", &["Accounts", "User", "users", "--no-enumeration"], &files);
}

#[test]
fn no_enumeration_by_password() {
    let files = [
        "src/accounts/first_passwords.rs",
        "src/accounts/mod.rs",
        "src/accounts/user.rs",
        "src/accounts/user_notifier.rs",
        "src/web/users/registration.rs",
        "templates/users/registration.html",
    ];
    let args = ["Accounts", "User", "users", "--no-enumeration", "--login", "password"];
    differing("no-enumeration-password", &args, &files);
}

/// Where the flag is not given, nothing is written for it.
#[test]
fn enumeration_is_what_it_was_without_the_flag() {
    for login in ["both", "magic-link", "password"] {
        let args = ["Accounts", "User", "users", "--login", login];
        let plan = plan_of(&hello("2024"), &args).expect("a plan");
        for (path, change) in plan.changes() {
            assert!(!path.contains("enumeration"), "{path}");
            assert!(!change.after.contains("mail_already_registered"), "{path}");
        }
    }
}

/// Other than where all runs of a project share a file.
#[test]
fn by_magic_link_nothing_speaks_of_passwords() {
    let args = ["Accounts", "User", "users", "--login", "magic-link"];
    for (project, site) in [("axum-hello", "src/web/users/"), ("actix-hello", "src/site/users/")] {
        let plan = plan_of(&hello_of(project, "2024"), &args).expect("a plan");
        let own = ["src/accounts/", site, "templates/users/", "migrations/", "Cargo.toml"];
        let mut count = 0;
        for (path, change) in plan.changes().filter(|(path, _)| own.iter().any(|own| path.starts_with(own))) {
            let line = change.after.lines().find(|line| line.to_lowercase().contains("password"));
            // The tests make sure of it, and two comments say what is otherwise.
            let fine = path.contains("/tests/") || line.is_none_or(|line| line.starts_with("///"));
            assert!(fine, "{path}: {}", line.unwrap_or_default());
            count += 1;
        }
        assert!(count > 30, "{count}");
    }
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

/// Files on both sides, and what binds them together.
#[test]
fn a_context_in_a_package_of_its_own() {
    let project = Project::read(None, Some("server"), &fixture("axum-umbrella")).expect("a project");
    let files = [
        "crates/bakery/Cargo.toml",
        "crates/bakery/build.rs",
        "crates/bakery/src/accounts/mod.rs",
        "crates/bakery/src/database.rs",
        "crates/bakery/src/lib.rs",
        "crates/server/Cargo.toml",
        "crates/server/src/main.rs",
        "crates/server/src/web/state.rs",
        "crates/server/src/web/users/settings.rs",
        "crates/server/src/web/users/tests/mod.rs",
    ];
    let args = ["Accounts", "User", "users", "-p", "server", "--context-package", "bakery"];
    compare("umbrella", &listed(&plan_of(&project, &args).expect("a plan"), &files));
}

/// What a framework brings itself, and the list of the rest; of other ways to log in, its routes.
#[test]
fn the_other_framework() {
    let plan = |login| {
        let args = ["Accounts", "User", "users", "--login", login];
        plan_of(&hello_of("actix-hello", "2024"), &args).expect("a plan")
    };
    let files = [
        "Cargo.toml", "src/main.rs", "src/site/middleware.rs", "src/site/mod.rs", "src/site/response.rs",
        "src/site/test_app.rs", "src/site/users/auth.rs", "src/site/users/mod.rs",
        "src/site/users/tests/app.rs",
    ];
    let mut shown = listed(&plan("both"), &files);
    for login in ["magic-link", "password"] {
        shown += &format!("== --login {login}\n{}", files_of(&plan(login), &["src/site/users/mod.rs"]));
    }
    compare("actix", &shown);
}

#[test]
fn a_layout_of_the_owners() {
    let project = Project::read(None, None, &fixture("axum-askama-layout")).expect("a project");
    let files = [
        "templates/base.html",
        "templates/auth_layout.html",
        "templates/mailbox/show.html",
        "templates/users/layout.html",
        "templates/users/confirm_email.html",
        "src/web/users/mod.rs",
    ];
    differing_in(&project, "layout", &["Accounts", "User", "users"], &files);
}
