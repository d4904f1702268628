//! Stories: the real program in a real folder, what it says and what it leaves behind.

mod support;

use support::{Sandbox, said};

const USERS: [&str; 3] = ["Accounts", "User", "users"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    USERS.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--dry-run"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sandbox.tree(), before);
    assert!(said.err.contains("create src/accounts/mod.rs"), "{}", said.err);
    assert!(said.err.contains("edit src/main.rs"), "{}", said.err);
    assert!(said.err.contains("Nothing was written"), "{}", said.err);
    assert!(said.out.contains("+mod accounts;"), "{}", said.out);
    assert!(said.out.contains("new files with"), "{}", said.out);
    assert!(!said.out.contains("+++ b/src/accounts/mod.rs"), "new files are folded");

    let said = sandbox.run(&with(&["--dry-run", "--diff", "--quiet"]));
    assert!(said.out.contains("+++ b/src/accounts/mod.rs") && said.err.is_empty(), "{}", said.err);
}

#[test]
fn a_dry_run_is_the_first_half_of_a_write() {
    let dry = Sandbox::of_fixture("axum-hello").run(&with(&["--dry-run", "--diff"]));
    let sandbox = Sandbox::of_fixture("axum-hello");
    let wrote = sandbox.run(&with(&["--yes", "--diff"]));
    assert_eq!(wrote.code, 0, "{}", wrote.err);
    assert_eq!(dry.out, wrote.out);
    assert!(sandbox.read("src/main.rs").contains("web::router"));
}

#[test]
fn the_same_command_again_has_nothing_to_do_whatever_the_time() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    assert_eq!(sandbox.run(&with(&["--yes"])).code, 0);
    let written = sandbox.tree();
    for more in [&["--yes"][..], &["--yes", "--timestamp", "20301231235959"], &["--dry-run"], &[]] {
        let said = sandbox.run(&with(more));
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("nothing to do"), "{}", said.err);
        assert!(said.out.is_empty(), "{}", said.out);
        assert_eq!(sandbox.tree(), written);
    }
}

#[test]
fn nobody_to_ask_is_a_usage_error_that_names_the_flags() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let before = sandbox.tree();
    let said = sandbox.run(&USERS);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--yes") && said.err.contains("--dry-run"), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn it_answers_as_a_subcommand_of_cargo_too() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    assert_eq!(sandbox.run(&["gen-auth", "Accounts", "User", "users", "--dry-run"]).code, 0);
    let help = sandbox.run(&["gen-auth", "--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("Usage: cargo gen-auth"), "{}", help.out);
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 "] {
        assert!(help.out.lines().any(|line| line.trim_start().starts_with(code)), "no exit code {code}");
    }
    for value in [
        "axum", "actix-web", "sqlx", "sqlite", "postgres", "askama", "argon2", "bcrypt", "pbkdf2", "i64",
        "uuid", "magic-link",
    ] {
        assert!(help.out.contains(value), "no {value} in the help");
    }
}

#[test]
fn typos_get_the_nearest_legal_value() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    for (flag, typo, meant) in
        [("--framework", "axm", "axum"), ("--hashing", "argon", "argon2"), ("--id-type", "uiid", "uuid")]
    {
        let said = sandbox.run(&with(&[flag, typo, "--dry-run"]));
        assert_eq!(said.code, 2);
        assert!(said.err.contains(&format!("`{meant}`")), "{}", said.err);
    }
}

#[test]
fn where_there_are_no_passwords_nothing_hashes_them() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let said = sandbox.run(&with(&["--login", "magic-link", "--hashing", "bcrypt", "--dry-run"]));
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--hashing bcrypt") && said.err.contains("leave it out"), "{}", said.err);
    assert_eq!(sandbox.run(&with(&["--login", "password", "--hashing", "bcrypt", "--dry-run"])).code, 0);
}

#[test]
fn names_that_cannot_work_here_are_refused_before_anything_is_written() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/billing.rs", "");
    let before = sandbox.tree();
    for (names, says) in [
        (["accounts", "User", "users"], "try `Accounts`"),
        (["Axum", "User", "users"], "hides the dependency"),
        (["Sqlx", "User", "users"], "hides the dependency"),
        (["Accounts", "Serde", "serdes"], "hides the dependency"),
        (["Accounts", "User", "tokio"], "hides the dependency"),
        (["AxumHello", "User", "users"], "same name as the package"),
        (["Billing", "User", "users"], "src/billing.rs"),
        (["Queries", "User", "users"], "would hold a module"),
        (["Accounts", "Scope", "scopes"], "generated code uses"),
        (["Accounts", "Mailer", "mailers"], "generated code uses"),
        (["Accounts", "Vec", "vecs"], "standard library"),
        (["Accounts", "User", "user"], "plural"),
        (["Accounts", "Match", "matches"], "keyword"),
    ] {
        let said = sandbox.run(&[&names[..], &["--yes"]].concat());
        assert_eq!(said.code, 2, "{names:?}: {}", said.err);
        assert!(said.err.contains(says), "{names:?}: {}", said.err);
        assert_eq!(said.err.lines().count(), 1, "one clear message: {}", said.err);
    }
    assert_eq!(sandbox.run(&["Accounts", "User"]).code, 2);
    assert_eq!(sandbox.run(&with(&["name:string", "--yes"])).code, 2);
    assert_eq!(sandbox.run(&with(&["--timestamp", "yesterday", "--yes"])).code, 2);
    assert_eq!(sandbox.run(&with(&["--timestamp", "20260231000000", "--yes"])).code, 2);
    assert_eq!(sandbox.run(&with(&["--table", "order", "--yes"])).code, 2);
    assert_eq!(sandbox.run(&with(&["--web", "back/office", "--yes"])).code, 2);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_file_in_the_way_stops_everything() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/accounts/mod.rs", "//! Mine.\n");
    sandbox.write("templates/users/nav.html", "Mine too.\n");
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("src/accounts/mod.rs: is there already"), "{}", said.err);
    assert!(said.err.contains("templates/users/nav.html: is there already"), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_module_of_the_same_name_stops_everything() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/main.rs", &format!("{}\nmod accounts {{}}\n", sandbox.read("src/main.rs")));
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("src/main.rs:13: the name `accounts` is already used"), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_file_that_is_the_same_module_stops_everything() {
    for (there, args) in
        [("src/shop/accounts.rs", ["Shop.Accounts", "User", "users"]), ("templates/auth_layout.html", USERS)]
    {
        let sandbox = Sandbox::of_fixture("axum-hello");
        sandbox.write(there, "mine\n");
        let before = sandbox.tree();
        let said = sandbox.run(&[&args[..], &["--yes"]].concat());
        assert_eq!(said.code, 4, "{there}: {}", said.err);
        assert!(said.err.contains(there), "{}", said.err);
        assert_eq!(sandbox.tree(), before);
    }
    for context in ["Mailer", "Database", "Web"] {
        let said = Sandbox::of_fixture("axum-hello").run(&[context, "User", "users", "--yes"]);
        assert!([2, 4].contains(&said.code), "{context}: {}", said.err);
    }
}

const TWO_DATABASES: &str = "sqlx = { version = \"0.9\", features = [\"postgres\", \"sqlite\"] }";

/// The database of a run in the hello-world fixture with a dependency, an environment file and flags.
fn database_of(dependency: &str, env: (&str, &str), flags: &[&str]) -> String {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let manifest = sandbox.read("Cargo.toml");
    sandbox
        .write("Cargo.toml", &manifest.replace("axum = \"0.8\"", &format!("axum = \"0.8\"\n{dependency}")));
    sandbox.write(env.0, env.1);
    let said = sandbox.run(&[&with(&["--yes", "--verbose"])[..], flags].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!said.err.contains("secret"), "{}", said.err);
    let database = sandbox.read("src/database.rs");
    ["PgPool", "SqlitePool"].into_iter().find(|pool| database.contains(pool)).expect("a database").to_owned()
}

#[test]
fn the_database_is_the_one_the_project_uses() {
    let (postgres, sqlite) = ("PgPool", "SqlitePool");
    let only = |feature: &str| format!("sqlx = {{ version = \"0.9\", features = [\"{feature}\"] }}");
    let none = (".env", "PORT=1\n");
    let url = (".env", "export DATABASE_URL = \"postgres://app:secret@localhost/app\"\n");
    let example = (".env.example", "# where\nDATABASE_URL=postgresql://localhost/app\n");
    assert_eq!(database_of("", none, &[]), sqlite);
    assert_eq!(database_of("", none, &["--db", "postgres"]), postgres);
    assert_eq!(database_of(&only("postgres"), none, &[]), postgres);
    assert_eq!(database_of(&only("sqlite"), none, &[]), sqlite);
    // The feature says more than the file, the flag more than both.
    assert_eq!(database_of(&only("sqlite"), url, &[]), sqlite);
    assert_eq!(database_of(&only("sqlite"), url, &["--db", "postgres"]), postgres);
    for hint in [url, example] {
        assert_eq!(database_of("", hint, &[]), postgres);
        assert_eq!(database_of(TWO_DATABASES, hint, &[]), postgres);
    }
    assert_eq!(database_of(TWO_DATABASES, (".env", "DATABASE_URL=sqlite://app.db"), &[]), sqlite);
    assert_eq!(database_of(TWO_DATABASES, none, &["--db", "sqlite"]), sqlite);
}

#[test]
fn migrations_are_numbered_as_the_project_does() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("migrations/0007_create_notes.up.sql", "CREATE TABLE notes (id INTEGER);\n");
    sandbox.write("migrations/0007_create_notes.down.sql", "DROP TABLE notes;\n");
    let admins = ["Backoffice", "Admin", "admins", "--yes"];
    for args in [&with(&["--yes"])[..], &admins, &with(&["--yes"]), &admins] {
        let said = sandbox.run(args);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let tree = sandbox.tree();
    let names: Vec<&str> = tree.keys().filter_map(|path| path.strip_prefix("migrations/")).collect();
    let expected = [
        "0007_create_notes.down.sql",
        "0007_create_notes.up.sql",
        "0008_create_users_auth_tables.down.sql",
        "0008_create_users_auth_tables.up.sql",
        "0009_create_admins_auth_tables.down.sql",
        "0009_create_admins_auth_tables.up.sql",
    ];
    assert_eq!(names, expected);
}

#[test]
fn what_the_project_has_and_we_do_not_know_is_refused() {
    for (line, says) in [
        ("argon2 = \"0.4\"", "argon2 0.4.0"),
        ("sqlx = { version = \"0.8\", features = [\"mysql\"] }", "MySQL"),
        ("diesel = \"2\"", "diesel"),
        ("sea-orm = { version = \"2\", features = [\"sqlx-sqlite\"] }", "SeaORM"),
        ("sqlx = \">=0.6\"", "cannot be told"),
        (TWO_DATABASES, "for several: say --db postgres or --db sqlite"),
    ] {
        let sandbox = Sandbox::of_fixture("axum-hello");
        let manifest = sandbox.read("Cargo.toml");
        sandbox.write("Cargo.toml", &manifest.replace("axum = \"0.8\"", &format!("axum = \"0.8\"\n{line}")));
        let before = sandbox.tree();
        let said = sandbox.run(&with(&["--yes"]));
        assert_eq!(said.code, 3, "{line}: {}", said.err);
        assert!(said.err.contains(says), "{line}: {}", said.err);
        assert_eq!(sandbox.tree(), before);
    }
    let old = Sandbox::of_cargo_new("hello", "2018").run(&with(&["--yes"]));
    assert_eq!(old.code, 3, "{}", old.err);

    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/main.rs", "fn main( {\n");
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("src/main.rs: line 1"), "{}", said.err);
    assert!(!sandbox.path().join("src/accounts").exists());
}

#[test]
fn two_runs_with_one_stamp_make_two_migrations() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    for args in [["Store", "User", "users"], ["Backoffice", "Admin", "admins"]] {
        assert_eq!(sandbox.run(&[&args[..], &["--yes"]].concat()).code, 0);
    }
    let stamps: Vec<String> = sandbox
        .tree()
        .into_keys()
        .filter_map(|path| Some(path.strip_prefix("migrations/")?[..14].to_owned()))
        .collect();
    assert_eq!(stamps, ["20260101000000", "20260101000001"]);
}

#[test]
fn what_is_left_to_do_is_said_every_time() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/main.rs", "use axum as _;\n\nfn main() {\n    println!(\"no router yet\");\n}\n");
    for _ in 0..2 {
        let said = sandbox.run(&with(&["--yes"]));
        assert_eq!(said.code, 5, "{}", said.err);
        assert!(said.err.contains("web::router(auth.clone())"), "{}", said.err);
    }
}

#[test]
fn a_package_beside_a_workspace_keeps_to_itself() {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/web\"]\n");
    let fixture = Sandbox::of_fixture("axum-hello");
    sandbox.write("crates/web/Cargo.toml", &fixture.read("Cargo.toml").replace("\n[workspace]\n", ""));
    sandbox.write("crates/web/src/main.rs", &fixture.read("src/main.rs"));
    let outer = sandbox.read("Cargo.toml");
    let said = sandbox.run(&with(&["--yes", "--manifest-path", "crates/web/Cargo.toml"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sandbox.read("Cargo.toml"), outer);
    assert!(sandbox.read("crates/web/Cargo.toml").contains("[profile.dev.package.argon2]"));
}

#[test]
fn no_project_and_projects_we_do_not_understand() {
    let empty = Sandbox::empty();
    let said = empty.run(&with(&["--yes"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("cargo new"), "{}", said.err);

    let other = Sandbox::of_cargo_new("tool", "2021");
    other.write("src/main.rs", "fn main() {\n    println!(\"my own\");\n}\n");
    let said = other.run(&with(&["--yes"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("Two ways on"), "{}", said.err);

    let broken = Sandbox::of_fixture("axum-hello");
    broken.write("Cargo.toml", "[package\n");
    assert_eq!(broken.run(&with(&["--yes"])).code, 3);
}

#[test]
fn a_router_we_cannot_find_is_left_to_a_person_with_the_lines_to_paste() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/main.rs", "use axum as _;\n\nfn main() {\n    println!(\"no router yet\");\n}\n");
    let looked = sandbox.run(&with(&["--dry-run"]));
    assert_eq!(looked.code, 0, "{}", looked.err);
    assert!(looked.err.contains("web::router(auth.clone())"), "{}", looked.err);
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains("Left to do by hand"), "{}", said.err);
    assert!(said.err.contains("web::router(auth.clone())"), "{}", said.err);
    assert!(sandbox.read("src/main.rs").contains("mod accounts;"), "the rest is written");
    assert!(sandbox.read("src/accounts/mod.rs").contains("register"));
}

#[test]
fn crlf_projects_stay_crlf() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    for path in ["Cargo.toml", "src/main.rs"] {
        sandbox.write(path, &sandbox.read(path).replace('\n', "\r\n"));
    }
    assert_eq!(sandbox.run(&with(&["--yes"])).code, 0);
    for (path, text) in sandbox.tree() {
        if path != "Cargo.lock" {
            assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{path}");
        }
    }
    assert!(sandbox.run(&with(&["--yes"])).err.contains("nothing to do"));
}

#[test]
fn a_member_of_a_workspace_is_picked_by_name() {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n");
    let fixture = Sandbox::of_fixture("axum-hello");
    let manifest = fixture.read("Cargo.toml").replace("\n[workspace]\n", "");
    sandbox.write("crates/web/Cargo.toml", &manifest);
    sandbox.write("crates/web/src/main.rs", &fixture.read("src/main.rs"));

    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("choose one with -p; it has axum-hello"), "{}", said.err);

    let said = sandbox.run(&with(&["--yes", "-p", "axum-hello"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(sandbox.read("crates/web/src/accounts/mod.rs").contains("register"));
    assert!(
        sandbox.read("Cargo.toml").contains("[profile.dev.package.argon2]"),
        "profiles belong to the root"
    );
    assert!(!sandbox.read("crates/web/Cargo.toml").contains("profile"));

    let by_path = sandbox.run(&with(&["--yes", "--manifest-path", "crates/web/Cargo.toml"]));
    assert!(by_path.err.contains("nothing to do"), "{}", by_path.err);
}

#[test]
fn a_second_schema_joins_the_first() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    assert_eq!(sandbox.run(&["Store", "User", "users", "--yes"]).code, 0);
    let main = sandbox.read("src/main.rs");
    let said = sandbox.run(&["Backoffice", "Admin", "admins", "--yes", "--timestamp", "20260101000001"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sandbox.read("src/main.rs"), format!("mod backoffice;\n{main}"));
    let web = sandbox.read("src/web/mod.rs");
    assert!(web.contains(".merge(users::routes())") && web.contains(".merge(admins::routes())"), "{web}");
    assert!(sandbox.run(&["Store", "User", "users", "--yes"]).err.contains("nothing to do"));
}

#[test]
fn agents_get_one_section_however_often_it_runs() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    assert!(!sandbox.run(&with(&["--dry-run"])).err.contains("AGENTS.md"), "only where the file is");

    sandbox.write("AGENTS.md", "# Rules\n");
    assert!(!sandbox.run(&with(&["--dry-run", "--no-agents-md"])).err.contains("AGENTS.md"));
    assert_eq!(sandbox.run(&with(&["--yes"])).code, 0);
    assert_eq!(
        sandbox.run(&["Backoffice", "Admin", "admins", "--yes", "--timestamp", "20260101000001"]).code,
        0
    );
    let text = sandbox.read("AGENTS.md");
    assert!(text.starts_with("# Rules\n\n<!-- gen-auth-start -->\n"), "{text}");
    assert_eq!(text.matches("<!-- gen-auth-start -->").count(), 1);
    assert_eq!(text.matches("<!-- gen-auth-end -->").count(), 1);
    assert!(text.contains("crate::web::users::auth"), "{text}");
}

/// What a person sees who types `answers`: `script` (util-linux, on every Linux) gives the program a terminal.
#[cfg(target_os = "linux")]
fn at_a_terminal(sandbox: &Sandbox, flags: &str, answers: &str) -> support::Said {
    let program = env!("CARGO_BIN_EXE_cargo-gen-auth");
    let script =
        format!("printf '{answers}' | script -qec '{program} Accounts User users {flags}' /dev/null");
    let output = std::process::Command::new("sh").current_dir(sandbox.path()).args(["-c", &script]).output();
    said(&output.expect("sh starts"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_at_a_terminal_is_asked_once() {
    for (answer, code, written) in
        [("y", 0, true), ("n", 0, false), ("d\nn", 0, false), ("what\n\n", 0, true)]
    {
        let sandbox = Sandbox::of_fixture("axum-hello");
        let said = at_a_terminal(&sandbox, "", &format!("{answer}\n"));
        assert_eq!(said.code, code, "{}", said.out);
        assert!(said.out.contains("Write this?"), "{}", said.out);
        assert_eq!(sandbox.path().join("src/accounts").exists(), written, "{answer}");
    }
}

/// A program on axum and sqlx whose manifest has another framework too, and the features of two databases.
fn of_two_minds() -> Sandbox {
    let sandbox = Sandbox::of_fixture("axum-flat");
    let manifest = sandbox.read("Cargo.toml");
    let manifest = manifest.replace("axum = ", "actix-web = \"4.9\"\naxum = ");
    let manifest = manifest.replace("\"sqlite\"]", "\"sqlite\", \"postgres\"]");
    sandbox.write("Cargo.toml", &manifest);
    sandbox
}

#[cfg(target_os = "linux")]
#[test]
fn a_person_at_a_terminal_says_which_of_several_is_meant() {
    let by_flags = of_two_minds();
    let flags = ["--framework", "axum", "--db", "sqlite", "--timestamp", "20260101000000"];
    assert_eq!(by_flags.run(&with(&[&["--yes"], &flags[..]].concat())).code, 0);

    let asked = of_two_minds();
    let said = at_a_terminal(&asked, "--timestamp 20260101000000", "neither\n2\nsqlite\ny\n");
    assert_eq!(said.code, 0, "{}", said.out);
    for line in [
        "Cargo.toml is set up for several:",
        "1  actix-web (actix-web 4.9.0 in Cargo.toml)",
        "2  axum (axum 0.8.0 in Cargo.toml)",
        "Answer with a number or a name of the list.",
        "--framework axum answers this beforehand",
        "2  sqlite (feature sqlite of sqlx 0.9.0 in Cargo.toml)",
        "--db sqlite answers this beforehand",
    ] {
        assert!(said.out.contains(line), "{line}\n{}", said.out);
    }
    assert_eq!(said.out.matches("Which framework").count(), 2, "{}", said.out);
    assert_eq!(asked.tree(), by_flags.tree(), "as if the flags had said so");

    // Who answers beforehand is not there to be asked.
    for flags in ["--yes", "--check"] {
        let said = at_a_terminal(&asked, flags, "2\nsqlite\ny\n");
        assert_eq!(said.code, 3, "{}", said.out);
        assert!(said.out.contains("say --framework actix-web or --framework axum"), "{}", said.out);
    }
}

#[test]
fn of_two_frameworks_or_databases_the_flag_says_which() {
    let sandbox = of_two_minds();
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--dry-run"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("--framework actix-web or --framework axum"), "{}", said.err);
    let said = sandbox.run(&with(&["--yes", "--framework", "axum"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("--db postgres or --db sqlite"), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
    let said = sandbox.run(&with(&["--yes", "--framework", "axum", "--db", "sqlite"]));
    assert_eq!(said.code, 0, "{}", said.err);
}

/// `4` leads to what is newest; what leads to an older one does not build.
#[test]
fn a_framework_that_is_too_old_in_the_end_is_refused() {
    let lock = |version: &str| {
        format!("version = 4\n\n[[package]]\nname = \"actix-web\"\nversion = \"{version}\"\n")
    };
    let (old, new) = (lock("4.8.0"), lock("4.12.1"));
    let cases = [
        ("4", "", None),
        ("4", new.as_str(), None),
        ("4.5", new.as_str(), None),
        ("4.11", "", None),
        ("4", old.as_str(), Some("Cargo.lock has actix-web 4.8.0")),
        ("=4.5", "", Some("Cargo.toml asks for actix-web =4.5")),
        ("~4.8", new.as_str(), Some("Cargo.toml asks for actix-web ~4.8")),
    ];
    for (asked, lock, refused) in cases {
        let sandbox = Sandbox::of_fixture("actix-hello");
        std::fs::remove_file(sandbox.path().join("Cargo.lock")).unwrap();
        let manifest = sandbox.read("Cargo.toml");
        sandbox
            .write("Cargo.toml", &manifest.replace("actix-web = \"4\"", &format!("actix-web = \"{asked}\"")));
        if !lock.is_empty() {
            sandbox.write("Cargo.lock", lock);
        }
        let said = sandbox.run(&with(&["--dry-run"]));
        assert_eq!(said.code, if refused.is_some() { 3 } else { 0 }, "{asked}: {}", said.err);
        if let Some(why) = refused {
            assert!(said.err.contains(why) && said.err.contains("needs 4.9 or later"), "{}", said.err);
            let way_out =
                if why.starts_with("Cargo.lock") { "`cargo update -p actix-web`" } else { "raise it" };
            assert!(said.err.contains(way_out), "{}", said.err);
        }
    }
}

#[test]
fn a_framework_the_program_is_not_built_on_is_refused_by_name() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let said = sandbox.run(&with(&["--yes", "--framework", "actix-web"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("Cargo.toml does not depend on actix-web, and"), "{}", said.err);
}
