//! Combinations of what can be chosen, every two values in one of them, and projects with something special:
//! generated, compiled, linted, formatted and tested. Slow: minutes.
//!
//! `cargo test --features matrix --test matrix`

mod combinations;
mod generated_app;
#[cfg(unix)]
mod postgres;
mod support;

use combinations::sandbox;
use generated_app::App;
use support::Sandbox;

macro_rules! cases {
    ($($name:ident: $project:literal $runs:expr;)*) => {
        $(
            #[test]
            fn $name() {
                super::case($project, &$runs);
            }
        )*
    };
}

#[path = "matrix/cases.rs"]
mod cases;

fn case(project: &str, runs: &[&str]) {
    let runs: Vec<Vec<&str>> = runs.iter().map(|run| run.split(' ').collect()).collect();
    let runs: Vec<&[&str]> = runs.iter().map(Vec::as_slice).collect();
    let app = App::generate(sandbox(project), &runs);
    #[cfg(unix)]
    if app.is_on_postgres() {
        let cluster = postgres::Cluster::start();
        return app.with_database_url(cluster.url("app")).holds();
    }
    app.holds();
}

fn holds(sandbox: Sandbox, runs: &[&[&str]]) {
    App::generate(sandbox, runs).holds();
}

/// A project that `cargo new` made, with dependencies added.
fn fresh_with(edition: &str, dependencies: &str) -> Sandbox {
    let sandbox = Sandbox::of_cargo_new("hello", edition);
    sandbox.write("Cargo.toml", &format!("{}{dependencies}\n", sandbox.read("Cargo.toml")));
    sandbox
}

/// A fixture that depends on other versions.
fn fixture_with(name: &str, changes: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::of_fixture(name);
    for (from, to) in changes {
        let manifest = sandbox.read("Cargo.toml");
        assert!(manifest.contains(from), "{name} has no {from}");
        sandbox.write("Cargo.toml", &manifest.replace(from, to));
    }
    sandbox
}

const SQLITE_BY_SQLX_0_7: &str = "sqlx = { version = \"0.7\", features = [\"sqlite\"] }";

#[test]
fn axum_0_7_and_sqlx_0_7() {
    let older = format!("axum = \"0.7\"\n{SQLITE_BY_SQLX_0_7}");
    let sandbox = fixture_with("axum-hello", &[("axum = \"0.8\"", &older)]);
    holds(sandbox, &[&["Accounts", "User", "users"], &["Backoffice", "Admin", "admins"]]);
}

#[test]
fn axum_0_7_and_sqlx_0_8_in_edition_2021_by_magic_link() {
    let sandbox = fresh_with("2021", "axum = \"0.7\"\nsqlx = \"0.8\"");
    holds(sandbox, &[&["Accounts", "User", "users", "--login", "magic-link"]]);
}

#[test]
fn axum_0_7_and_argon2_0_5_by_password_with_uuid_keys() {
    let args = ["Accounts", "User", "users", "--login", "password", "--id-type", "uuid"];
    let older = "axum = \"0.7\"\nargon2 = \"0.5\"\npassword-hash = \"0.5\"";
    holds(fresh_with("2024", older), &[&args]);
}

#[test]
fn sqlx_0_8_for_an_older_rust() {
    let sandbox = fixture_with("axum-hello", &[("edition", "rust-version = \"1.88\"\nedition")]);
    let app = App::generate(sandbox, &[&["Accounts", "User", "users", "--hashing", "bcrypt"]]);
    assert!(app.read("Cargo.toml").contains("sqlx = { version = \"0.8\""));
    app.holds();
}

#[test]
fn actix_and_sqlx_0_7() {
    let sandbox = fresh_with("2021", &format!("actix-web = \"4\"\n{SQLITE_BY_SQLX_0_7}"));
    holds(sandbox, &[&["Accounts", "User", "users", "--login", "password"]]);
}

/// What most projects of a few years have: crates that everybody uses, in the versions of then.
#[test]
fn older_crates_that_a_project_has() {
    let older = "axum = \"0.8\"\nbase64 = \"0.21\"\nbcrypt = \"0.15\"\nrand = \"0.8\"\nsha2 = \"0.10\"";
    let sandbox = fixture_with("axum-hello", &[("axum = \"0.8\"", older)]);
    let tower = "\n[dev-dependencies]\ntower = { version = \"0.4\", features = [\"util\"] }\n";
    sandbox.write("Cargo.toml", &format!("{}{tower}", sandbox.read("Cargo.toml")));
    holds(sandbox, &[&["Accounts", "User", "users", "--hashing", "bcrypt"]]);
}

#[test]
fn crates_that_are_one_version_older() {
    let older = "actix-web = \"4\"\nbase64 = \"0.22\"\nrand = \"0.9\"\nsha2 = \"0.10\"";
    let args = ["Accounts", "User", "users", "--login", "magic-link"];
    holds(fresh_with("2024", older), &[&args]);
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

/// Everything stands in it; other pages go on compiling, and say nothing new.
#[test]
fn a_layout_of_the_owners() {
    let sandbox = Sandbox::of_fixture("axum-askama-layout");
    let pages = "fn pages() -> Router {\n    Router::new()";
    let main =
        sandbox.read("src/main.rs").replace(pages, &format!("{pages}.route(\"/club\", get(club::club))"));
    sandbox.write("src/main.rs", &format!("mod club;\n\n{main}"));
    sandbox.write("src/club.rs", include_str!("generated_app/own_layout/club.rs"));
    sandbox.write("templates/club.html", include_str!("generated_app/own_layout/club.html"));

    let app = App::generate(sandbox, &[&["Accounts", "User", "users"], &["Backoffice", "Admin", "admins"]]);
    app.has_no_warning();
    app.passes_its_tests();
    app.is_unchanged_by_a_second_run();
}

#[test]
fn formatted_in_a_layout_of_the_owners() {
    let app = App::generate(Sandbox::of_fixture("axum-askama-layout"), &[&["Accounts", "User", "users"]]);
    app.is_formatted();
}

#[test]
fn other_ways_to_log_in_in_a_layout_of_the_owners() {
    let runs = ["Guestbook Visitor visitors --login magic-link", "Backoffice Admin admins --login password"];
    case("axum-askama-layout", &runs);
}

/// It asks every page for its title, which ours do not have.
#[test]
fn a_layout_that_cannot_be_edited() {
    let sandbox = Sandbox::of_fixture("axum-askama-layout");
    let edit = |path: &str, pairs: &[(&str, &str)]| {
        let text = pairs.iter().fold(sandbox.read(path), |text, (from, to)| {
            assert!(text.contains(from), "{path}: {from}");
            text.replace(from, to)
        });
        sandbox.write(path, &text);
    };
    edit("templates/base.html", &[("{% block page_title %}Bakery{% endblock %}", "{{ title }}")]);
    edit("templates/home.html", &[("{% block page_title %}Fresh today{% endblock %}\n", "")]);
    edit(
        "src/main.rs",
        &[
            ("struct Home {", "struct Home {\n    title: &'static str,"),
            ("struct About;", "struct About {\n    title: &'static str,\n}"),
            ("Home { loaves: 12 }", "Home {\n        title: \"Fresh today\",\n        loaves: 12,\n    }"),
            ("&About)", "&About { title: \"About us\" })"),
        ],
    );
    let layout = sandbox.read("templates/base.html");

    let (app, said) = App::generate_partly(sandbox, &["Accounts", "User", "users"]);
    let menu = "{% block account_nav %}{% endblock %}";
    let message = "{% block account_flash %}{% endblock %}";
    for line in
        ["templates/base.html line 6: `{{ title }}` may need", menu, message, "<a href=\"/users/log-in\">"]
    {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(app.sandbox().read("templates/base.html"), layout);
    app.has_no_warning();
    app.passes_its_tests();

    let content = "        {%- block main %}";
    let by_hand = layout
        .replacen("        </nav>", &format!("            {menu}\n        </nav>"), 1)
        .replacen(content, &format!("        {message}\n{content}"), 1);
    app.sandbox().write("templates/base.html", &by_hand);
    app.is_unchanged_by_a_second_run();

    // A page with the blocks as they were printed.
    let printed: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let first =
        printed.iter().rposition(|line| *line == "{% block account_nav %}").expect("the blocks of a page");
    let blocks = printed[first..].join("\n");
    app.sandbox().write("templates/club.html", &format!("{{% extends \"base.html\" %}}\n{blocks}\n"));
    app.sandbox().write("src/club.rs", include_str!("generated_app/own_layout/by_hand.rs"));
    let main = app.sandbox().read("src/main.rs");
    app.sandbox().write("src/main.rs", &format!("#[cfg(test)]\nmod club;\n{main}"));
    app.passes_its_tests();
}

/// On a server of its own, each with other settings.
#[cfg(unix)]
mod on_postgres {
    use super::postgres::Cluster;
    use super::*;

    fn holds(sandbox: Sandbox, runs: &[&[&str]], cluster: &Cluster) -> App {
        let app = App::generate(sandbox, runs).with_database_url(cluster.url("app"));
        app.holds();
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
    fn axum_0_7_and_sqlx_0_7() {
        let cluster = Cluster::start();
        let sandbox = fixture_with("axum-postgres", &[("\"0.8\"", "\"0.7\""), ("\"0.9\"", "\"0.7\"")]);
        holds(sandbox, &[&["Accounts", "User", "users"]], &cluster);
    }

    #[test]
    fn sqlx_0_8_by_password_with_uuid_keys() {
        let cluster = Cluster::start();
        let sandbox = fixture_with("axum-postgres", &[("\"0.9\"", "\"0.8\"")]);
        let flags = ["--login", "password", "--id-type", "uuid"];
        holds(sandbox, &[&[&["Accounts", "User", "users"][..], &flags].concat()], &cluster);
    }

    /// A role that may not create the extension, in every database there will be.
    #[test]
    fn without_citext_by_magic_link_alone() {
        let cluster = Cluster::start();
        cluster.sql(
            "template1",
            "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE insufficient_privilege; END $$;
             CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION')
             EXECUTE FUNCTION refuse();",
        );
        let args = ["Accounts", "User", "users", "--login", "magic-link"];
        holds(Sandbox::of_fixture("axum-postgres"), &[&args], &cluster);
        assert_eq!(type_of_email(&cluster, "users"), "t|text");
    }
}

/// `fixtures/house-maud`: other pages, other mails, other rules, and every generated test.
#[test]
fn the_worked_house() {
    let house = support::fixture("house-maud");
    let house = house.to_str().expect("a path");
    let sandbox = Sandbox::of_fixture("axum-hello");
    holds(sandbox, &[&["Accounts", "User", "users", "--templates", house]]);
}

#[test]
fn every_combination_renders_with_awkward_names() {
    let sandbox = Sandbox::empty();
    let house = support::fixture("house-maud");
    for args in
        [&["templates", "check"][..], &["templates", "check", "--templates", house.to_str().expect("a path")]]
    {
        let said = sandbox.run(args);
        assert_eq!(said.code, 0, "{}", said.err);
    }
}
