//! Every documented combination, generated, compiled, linted, formatted and tested. Slow: minutes.
//!
//! `cargo test --features matrix --test matrix`

mod generated_app;
#[cfg(unix)]
mod postgres;
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

/// The README's page of one's own, in a project of one's own.
#[test]
fn the_example_of_the_readme() {
    let readme = include_str!("../README.md");
    let example = readme.split("```rust,ignore\n").nth(1).and_then(|rest| rest.split("```").next());
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/recipe_pages.rs", example.expect("an example"));
    sandbox.write(
        "src/recipes.rs",
        "pub struct Recipe {\n    pub owner_id: i64,\n    pub title: String,\n}\n\n\
         pub async fn find(id: i64) -> Option<Recipe> {\n    \
         (id == 7).then(|| Recipe {\n        owner_id: 1,\n        title: \"Soup\".to_owned(),\n    })\n}\n",
    );
    let main = sandbox.read("src/main.rs");
    let route = ".route(\"/\", get(|| async { \"Hello, World!\" }))";
    let with_mine =
        main.replace(route, &format!("{route}.route(\"/recipes/{{id}}\", get(recipe_pages::edit))"));
    sandbox.write("src/main.rs", &format!("mod recipe_pages;\nmod recipes;\n\n{with_mine}"));

    let app = App::generate(sandbox, &[&["Accounts", "User", "users"]]);
    app.has_no_warning();
    app.passes_its_tests();
    app.is_unchanged_by_a_second_run();
}

/// On a server of its own, each with other settings.
#[cfg(unix)]
mod on_postgres {
    use super::postgres::Cluster;
    use super::*;

    fn holds(sandbox: Sandbox, runs: &[&[&str]], cluster: &Cluster) -> App {
        let app = App::generate(sandbox, runs).with_database_url(cluster.url("app"));
        app.is_formatted();
        app.has_no_warning();
        app.passes_its_tests();
        app.is_unchanged_by_a_second_run();
        app
    }

    /// What the tests left of the first of their databases.
    fn type_of_email(cluster: &Cluster, table: &str) -> String {
        let statement = format!(
            "SELECT data_type = 'text', udt_name FROM information_schema.columns
             WHERE table_name = '{table}' AND column_name = 'email'"
        );
        cluster.sql("app_test_1", &statement)
    }

    /// sqlx with that feature, migrations that go both ways, and a row that one of them inserts.
    #[test]
    fn a_project_that_uses_it() {
        let cluster = Cluster::start();
        let app = holds(Sandbox::of_fixture("axum-postgres"), &[&["Accounts", "User", "users"]], &cluster);
        assert_eq!(type_of_email(&cluster, "users"), "f|citext");
        assert_eq!(cluster.sql("app_test_1", "SELECT text FROM notes"), "Buy milk");
        let down = app.read("migrations/0002_create_users_auth_tables.down.sql");
        cluster.sql("app_test_1", &down);
        cluster.sql("app_test_1", &app.read("migrations/0002_create_users_auth_tables.up.sql"));
    }

    #[test]
    fn uuid_keys() {
        let cluster = Cluster::start();
        let args = ["Accounts", "User", "users", "--db", "postgres", "--id-type", "uuid"];
        holds(Sandbox::of_fixture("axum-hello"), &[&args], &cluster);
    }

    #[test]
    fn two_schemas_in_one_project() {
        let cluster = Cluster::start();
        let args: [&[&str]; 2] = [&["Store", "User", "users"], &["Backoffice", "Admin", "admins"]];
        holds(Sandbox::of_fixture("axum-postgres"), &args, &cluster);
    }

    /// A role that may not create the extension, in every database there will be.
    #[test]
    fn without_citext() {
        let cluster = Cluster::start();
        cluster.sql(
            "template1",
            "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE insufficient_privilege; END $$;
             CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION')
             EXECUTE FUNCTION refuse();",
        );
        holds(Sandbox::of_fixture("axum-postgres"), &[&["Accounts", "User", "users"]], &cluster);
        assert_eq!(type_of_email(&cluster, "users"), "t|text");
    }
}
