//! Stories of projects that have already what a run would bring: it is found, shown with its place and with the way
//! around it, before anything is written.

mod support;

use support::{Said, Sandbox};

const USERS: [&str; 3] = ["Accounts", "User", "users"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    USERS.iter().copied().chain(more.iter().copied()).collect()
}

/// The hello-world with further files.
fn hello(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::of_fixture("axum-hello");
    files.iter().for_each(|(path, text)| sandbox.write(path, text));
    sandbox
}

/// Stops with exit code 4, having written nothing; says each of `says`.
fn stops(sandbox: &Sandbox, args: &[&str], says: &[&str]) -> Said {
    let before = sandbox.tree();
    let said = sandbox.run(&[args, &["--yes"]].concat());
    assert_eq!(said.code, 4, "{}", said.err);
    says.iter().for_each(|says| assert!(said.err.contains(says), "no {says:?} in\n{}", said.err));
    assert_eq!(sandbox.tree(), before);
    said
}

/// Writes, and a second run has nothing to do.
fn writes(sandbox: &Sandbox, args: &[&str]) -> Said {
    let said = sandbox.run(&[args, &["--yes"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let again = sandbox.run(&[args, &["--yes"]].concat());
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.err.contains("nothing to do"), "{}", again.err);
    said
}

const MADE: &str = "-- People.\nCREATE TABLE IF NOT EXISTS \"Users\" (\n    id INTEGER PRIMARY KEY\n);\n";

#[test]
fn a_table_of_a_migration_stops_the_run_and_a_flag_leads_around_it() {
    let sandbox = hello(&[("migrations/0001_people.sql", MADE)]);
    stops(&sandbox, &USERS, &["migrations/0001_people.sql:2: makes a table `users`", "--table NAME"]);
    let said = writes(&sandbox, &with(&["--table", "members"]));
    assert!(!said.err.contains("warning"), "{}", said.err);
}

#[test]
fn so_does_one_with_the_name_of_our_second_table() {
    let sandbox = hello(&[("migrations/1_a.up.sql", "CREATE TABLE users_tokens (id INTEGER);\n")]);
    stops(&sandbox, &USERS, &["migrations/1_a.up.sql:1: makes a table `users_tokens`"]);
}

#[test]
fn what_is_no_table_any_more_or_never_was_one_is_no_evidence() {
    let texts = [
        "-- CREATE TABLE users (id INTEGER);\n/*\nCREATE TABLE users (id INTEGER);\n*/\n",
        "CREATE TABLE notes (text TEXT DEFAULT 'CREATE TABLE users (id INTEGER);');\n",
        "CREATE TABLE users_notes (id INTEGER);\nCREATE INDEX users ON users_notes (id);\n",
        "CREATE TABLE users (id INTEGER);\nALTER TABLE users RENAME TO people;\n",
    ];
    for text in texts {
        let said = writes(&hello(&[("migrations/0001_a.sql", text)]), &USERS);
        assert!(!said.err.contains("warning"), "{text}: {}", said.err);
    }
    // By number, not by name: 9 is ahead of 10.
    let made = ("migrations/9_a.sql", "CREATE TABLE users (id INTEGER);\n");
    let dropped = ("migrations/10_b.sql", "DROP TABLE users;\n");
    writes(&hello(&[made, dropped]), &USERS);
    stops(&hello(&[made, dropped, ("migrations/11_c.sql", made.1)]), &USERS, &["migrations/11_c.sql:1"]);
    let down = ("migrations/9_a.down.sql", "DROP TABLE users;\n");
    stops(&hello(&[("migrations/9_a.up.sql", made.1), down]), &USERS, &["migrations/9_a.up.sql:1"]);
}

#[test]
fn of_sql_that_somebody_else_runs_a_person_is_told() {
    for path in ["migrations/2020-01-01_users/up.sql", "db/schema.sql", "migrations/V1__users.sql"] {
        let sandbox = hello(&[(path, MADE)]);
        let dry = sandbox.run(&with(&["--dry-run"]));
        assert_eq!(dry.code, 0, "{}", dry.err);
        let says = format!("warning {path}:2: makes a table `users`");
        assert!(dry.err.contains(&says) && dry.err.contains("--table NAME"), "{}", dry.err);
        let said = writes(&sandbox, &USERS);
        assert!(said.err.contains(&says), "{}", said.err);
    }
    let elsewhere = hello(&[("migrations/0001_a.sql", "CREATE TABLE old.users (id INTEGER);\n")]);
    let said = writes(&elsewhere, &USERS);
    assert!(said.err.contains("warning migrations/0001_a.sql:1: makes a table `old.users`"), "{}", said.err);
}

#[test]
fn what_a_run_of_ours_made_is_not_in_the_way_of_another() {
    let sandbox = hello(&[]);
    writes(&sandbox, &USERS);
    let said = writes(&sandbox, &["Backoffice", "Admin", "admins"]);
    assert!(!said.err.contains("warning"), "{}", said.err);
    // The same table for another schema.
    let args = ["Backoffice", "Owner", "owners", "--table", "users"];
    stops(&sandbox, &args, &["create_users_auth_tables.sql: is there already", "--table NAME"]);
    // The owner has gone on meanwhile: what is written is looked at no more.
    sandbox.write(
        "migrations/20990101000000_users.sql",
        "DROP TABLE users;\nCREATE TABLE users (id INTEGER);\n",
    );
    let said = writes(&sandbox, &USERS);
    assert!(!said.err.contains("warning"), "{}", said.err);
}

#[test]
fn the_findings_are_in_the_document() {
    let sandbox = hello(&[("migrations/0001_people.sql", MADE), ("sql/a.sql", MADE)]);
    let said = sandbox.run(&with(&["--json", "--dry-run"]));
    assert_eq!(said.code, 4, "{}", said.err);
    let document: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["outcome"], "blocked");
    let of = |number: usize| {
        let finding = &document["findings"][number];
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        (text("level"), text("path"), finding["lines"][0].as_u64(), text("by_hand").contains("--table"))
    };
    assert_eq!(of(0), ("blocks".to_owned(), "migrations/0001_people.sql".to_owned(), Some(2), true));
    assert_eq!(of(1), ("warning".to_owned(), "sql/a.sql".to_owned(), Some(2), true));
}

#[test]
fn a_module_of_the_owner_s_is_named_with_what_to_do() {
    let own = "pub fn mine() {}\n";
    for (path, says, around) in [
        ("src/database.rs", "without what generated code calls", "rename yours"),
        ("src/mailer.rs", "without what generated code calls", "rename yours"),
        ("src/web/mod.rs", "without what generated code calls", "rename yours"),
        ("src/web.rs", "is the module that src/web/mod.rs would be", "rename yours"),
        ("src/accounts/mod.rs", "with other content", "another CONTEXT"),
        ("src/accounts/user.rs", "with other content", "another CONTEXT"),
        ("src/web/users/mod.rs", "with other content", "--web NS"),
        ("templates/users/log_in.html", "with other content", "--web NS"),
        ("templates/auth_layout.html", "with other content", "move yours"),
    ] {
        let said = stops(&hello(&[(path, own)]), &USERS, &[says, around]);
        assert!(said.err.contains(&format!("  {path}: ")), "{path}: {}", said.err);
    }
    let main = Sandbox::of_fixture("axum-hello").read("src/main.rs");
    for (name, around) in [("accounts", "another CONTEXT"), ("database", "rename yours")] {
        let main = format!("{main}\nmod {name} {{}}\n");
        stops(
            &hello(&[("src/main.rs", &main)]),
            &USERS,
            &[&format!("the name `{name}` is already used"), around],
        );
    }
    stops(&hello(&[("src/accounts/mod.rs", own)]), &USERS, &[]);
    let said = hello(&[("src/accounts/mod.rs", own)]).run(&["People", "User", "users", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
}
