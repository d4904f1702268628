//! Every documented combination, generated, compiled, linted, formatted and tested. Slow: minutes.
//!
//! `cargo test --features matrix --test matrix`

mod generated_app;
mod support;

use generated_app::App;
use support::Sandbox;

fn holds(sandbox: Sandbox, runs: &[&[&str]]) {
    let app = App::generate(sandbox, runs);
    app.is_formatted();
    app.has_no_warning();
    app.passes_its_tests();
    app.is_unchanged_by_a_second_run();
}

fn hello(args: &[&str]) {
    holds(Sandbox::of_fixture("axum-hello"), &[args]);
}

#[test]
fn integer_keys() {
    hello(&["Accounts", "User", "users"]);
}

#[test]
fn uuid_keys() {
    hello(&["Accounts", "User", "users", "--id-type", "uuid"]);
}

#[test]
fn other_words() {
    hello(&["Identity", "Client", "clients"]);
}

#[test]
fn a_dotted_context_and_a_table() {
    hello(&["Shop.Accounts", "Customer", "customers", "--table", "shop_customers"]);
}

#[test]
fn a_namespace() {
    hello(&["Accounts", "User", "users", "--web", "Backoffice"]);
}

#[test]
fn the_longest_names() {
    let names =
        ["IdentityAccessManagementHub", "OrganisationMembershipRecord", "organisation_membership_people"];
    hello(&[&names[..], &["--id-type", "uuid"]].concat());
}

#[test]
fn bcrypt() {
    hello(&["Accounts", "User", "users", "--hashing", "bcrypt"]);
}

#[test]
fn pbkdf2() {
    hello(&["Accounts", "User", "users", "--hashing", "pbkdf2"]);
}

#[test]
fn two_schemas_in_one_project() {
    holds(
        Sandbox::of_fixture("axum-hello"),
        &[&["Store", "User", "users"], &["Backoffice", "Admin", "admins"]],
    );
}

#[test]
fn straight_from_cargo_new() {
    holds(Sandbox::of_cargo_new("hello", "2024"), &[&["Accounts", "User", "users"]]);
}

#[test]
fn edition_2021() {
    holds(Sandbox::of_cargo_new("hello", "2021"), &[&["Accounts", "User", "users"]]);
}
