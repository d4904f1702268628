//! Stories of projects that have already what a run would bring: it is found, shown with its place and with the way
//! around it, before anything is written.

mod support;

use std::collections::BTreeSet;

use cargo_gen_auth::{
    catalog::Catalog,
    edit::{self, Edit, Pools, Root, Route, Seek, with_room},
    templates::Templates,
};
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
    let main = format!("{main}\nmod accounts {{}}\n");
    stops(
        &hello(&[("src/main.rs", &main)]),
        &USERS,
        &["the name `accounts` is already used", "another CONTEXT"],
    );
    stops(&hello(&[("src/accounts/mod.rs", own)]), &USERS, &[]);
    let said = hello(&[("src/accounts/mod.rs", own)]).run(&["People", "User", "users", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn beside_a_module_of_the_owner_s_ours_has_another_name() {
    let own = "pub fn mine() {}\n";
    let main = Sandbox::of_fixture("axum-hello").read("src/main.rs");
    let inline = format!("{main}\npub mod database {{}}\n");
    for (path, text, name) in [
        ("src/database.rs", own, "database"),
        ("src/hashing.rs", own, "hashing"),
        ("src/mailer.rs", own, "mailer"),
        ("src/web/mod.rs", own, "web"),
        ("src/web.rs", own, "web"),
        ("src/main.rs", &inline, "database"),
    ] {
        let sandbox = hello(&[(path, text)]);
        let said = writes(&sandbox, &USERS);
        let says = format!("note: `{name}` is a module of yours: ours is `auth_{name}`");
        assert!(said.err.contains(&says), "{path}: {}", said.err);
        let said = writes(&sandbox, &["Backoffice", "Admin", "admins"]);
        assert!(!said.err.contains("is a module of yours"), "{path}: {}", said.err);
        let tree = sandbox.tree();
        let is_at = |path: &str| tree.contains_key(&format!("src/auth_{name}{path}"));
        assert!(is_at(".rs") != is_at("/mod.rs"), "{path}");
        // Nothing goes to the owner's.
        let usual = format!("{name}::");
        let ours = tree.iter().filter(|(path, _)| path.ends_with(".rs") && !path.ends_with("main.rs"));
        for (path, text) in ours {
            let begins = |at: usize| !text[..at].ends_with(|c: char| c == '_' || c.is_alphanumeric());
            assert!(!text.match_indices(&usual).any(|(at, _)| begins(at)), "{path}:\n{text}");
        }
        if path != "src/main.rs" {
            assert_eq!(tree[path], own);
        }
    }
    // Once ours are there, they keep their names.
    let sandbox = hello(&[]);
    writes(&sandbox, &USERS);
    sandbox.write("src/database.rs", &format!("{}\npub fn mine() {{}}\n", sandbox.read("src/database.rs")));
    writes(&sandbox, &["Backoffice", "Admin", "admins"]);
    assert!(!sandbox.path().join("src/auth_database.rs").exists());
    stops(
        &hello(&[("src/database.rs", own), ("src/auth_database.rs", own)]),
        &USERS,
        &["src/database.rs: is there already, without what generated code calls", "rename yours"],
    );
}

#[test]
fn tables_that_the_program_makes_itself_are_shown() {
    let store = "pub async fn open(pool: &SqlitePool) {\n    sqlx::query(\n        r#\"\n        \
                 CREATE TABLE IF NOT EXISTS users (id INTEGER)\n        \"#,\n    )\n    .execute(pool)\n    .await;\n}\n";
    let main = |line: &str| format!("{line}\n{}", Sandbox::of_fixture("axum-hello").read("src/main.rs"));
    let sandbox = hello(&[("src/main.rs", &main("mod store;")), ("src/store.rs", store)]);
    let says = "warning src/store.rs:4: makes a table `users`: in the same database, ours could not be made";
    let dry = sandbox.run(&with(&["--dry-run"]));
    assert!(dry.err.contains(says) && dry.err.contains("--table NAME"), "{}", dry.err);
    assert!(!writes(&sandbox, &with(&["--table", "members"])).err.contains("warning"));

    let included = "const TABLES: &str = include_str!(\"../tables.sql\");";
    let sandbox = hello(&[("src/main.rs", &main(included)), ("tables.sql", MADE)]);
    let said = writes(&sandbox, &USERS);
    assert!(said.err.contains("warning tables.sql:2: makes a table `users`"), "{}", said.err);
    // Found in two ways, said once.
    let included = "const TABLES: &str = include_str!(\"../sql/tables.sql\");";
    let said = writes(&hello(&[("src/main.rs", &main(included)), ("sql/tables.sql", MADE)]), &USERS);
    assert_eq!(said.err.matches("makes a table `users`").count(), 1, "{}", said.err);

    for (line, store) in [
        (
            "mod store;",
            "/// CREATE TABLE users (id INTEGER);\npub fn a() {\n    // \"CREATE TABLE users (a);\"\n}\n",
        ),
        ("mod store;", "#[cfg(test)]\nmod tests {\n    const A: &str = \"CREATE TABLE users (a)\";\n}\n"),
        ("mod store;", "pub const A: &str = \"to create table users\";\n"),
        ("#[cfg(test)]\nmod store;", store),
        ("", store),
    ] {
        let said = writes(&hello(&[("src/main.rs", &main(line)), ("src/store.rs", store)]), &USERS);
        assert!(!said.err.contains("warning"), "{line}{store}: {}", said.err);
    }
}

/// The hello-world with these calls on its router, and these lines below `main`.
fn routed(calls: &str, more: &str) -> Sandbox {
    let sandbox = hello(&[]);
    let main = sandbox.read("src/main.rs");
    let route = ".route(\"/\", get(|| async { \"Hello, World!\" }))";
    assert!(main.contains(route));
    sandbox.write("src/main.rs", &format!("{}{more}", main.replace(route, &format!("{route}\n{calls}"))));
    sandbox
}

const USERS_ROUTES: &str = "\nfn users() -> Router {\n    Router::new().route(SIGN_UP, get(|| async {}))\n}\n\n\
                            const SIGN_UP: &str = \"/register\";\n";

#[test]
fn a_route_of_ours_stops_the_run_wherever_it_is_made() {
    let plain = ".route(\"/users/log-in\", get(|| async {}))";
    let said = stops(&routed(plain, ""), &USERS, &["`/users/log-in` is a route already", "--web NS"]);
    assert!(said.err.contains("src/main.rs:7: "), "{}", said.err);
    let nested = ".nest(\"/users\", users())";
    stops(&routed(nested, USERS_ROUTES), &USERS, &["src/main.rs:15: `/users/register` is a route already"]);
    // `{id}` beside our `{token}` panics as two of one name do.
    let varying = ".merge(Router::new().route(\"/users/log-in/{id}\", get(|| async {})))";
    stops(&routed(varying, ""), &USERS, &["`/users/log-in/{id}` is a route already"]);
    let same = ".route(\"/assets/auth.css\", get(|| async {}))";
    stops(
        &routed(same, ""),
        &USERS,
        &["`/assets/auth.css` is a route already", "give yours another address"],
    );
    let module = hello(&[
        ("src/shop/mod.rs", "mod people;\npub fn all() -> axum::Router {\n    people::all()\n}\n"),
        (
            "src/shop/people.rs",
            "use axum::routing::get;\n\npub fn all() -> axum::Router {\n    let mut all = axum::Router::new();\n    \
             all = all.route(\"/users/settings\", get(|| async {}));\n    all\n}\n",
        ),
    ]);
    let main = module.read("src/main.rs").replace("use axum", "mod shop;\n\nuse axum");
    module.write(
        "src/main.rs",
        &main.replace("let app = Router::new()", "let app = Router::new().merge(shop::all())"),
    );
    stops(&module, &USERS, &["src/shop/people.rs:5: `/users/settings` is a route already"]);

    for flags in [["Accounts", "User", "members"].to_vec(), with(&["--web", "Backoffice"])] {
        let said = writes(&routed(plain, ""), &flags);
        assert!(!said.err.contains("warning"), "{}", said.err);
    }
    // At one address there may be routes for other methods.
    let other =
        ".route(\"/users/log-in\", axum::routing::put(|| async {}).patch(|| async {}).layer(limit()))";
    let said = writes(&routed(other, ""), &USERS);
    assert!(said.err.contains("`/users/log-in` will have ours beside it"), "{}", said.err);
    for handler in
        ["axum::routing::put(|| async {}).post(|| async {})", "axum::routing::any(|| async {})", "other()"]
    {
        let calls = format!(".route(\"/users/log-in\", {handler})");
        let said =
            stops(&routed(&calls, ""), &USERS, &["`/users/log-in` is a route already, and one of ours"]);
        assert_eq!(said.err.contains("one of ours, for POST\n"), handler.contains("post"), "{}", said.err);
    }
    stops(
        &routed(".route(\"/users/log-in/{id}\", axum::routing::put(|| async {}))", ""),
        &USERS,
        &["`/users/log-in/{id}` is a route already"],
    );
    // Who logs in by password alone has no page for a link.
    writes(&routed(varying, ""), &with(&["--login", "password"]));
    stops(&routed(".route(\"/users/confirm\", get(|| async {}))", ""), &with(&["--login", "password"]), &[]);
}

#[test]
fn routes_among_which_ours_will_be_are_shown() {
    let calls = ".route(\"/users\", get(|| async {}))\n.nest(\"/users/{id}\", Router::new().route(\"/\", get(|| async {})))";
    let sandbox = routed(calls, "");
    let dry = sandbox.run(&with(&["--dry-run"]));
    let says = "warning src/main.rs:7: `/users` and 1 more will have ours beside it, such as `/users/log-in`";
    assert!(dry.err.contains(says) && dry.err.contains("--web NS"), "{}", dry.err);
    let said = writes(&sandbox, &USERS);
    assert!(said.err.contains(says), "{}", said.err);
    // Not again, once ours are there.
    let again = sandbox.run(&with(&["--dry-run"]));
    assert!(!again.err.contains("warning"), "{}", again.err);
    // Those of an earlier run are not the owner's.
    let said = writes(&sandbox, &["Backoffice", "Admin", "admins"]);
    assert!(!said.err.contains("warning"), "{}", said.err);
}

#[test]
fn what_is_no_route_of_the_program_is_no_evidence() {
    for (calls, more) in [
        ("// .route(\"/users/log-in\", get(|| async {}))\n", ""),
        (".nest(\"/api\", Router::new().route(\"/users/log-in\", get(|| async {})))", ""),
        (
            ".nest(PREFIX, Router::new().route(\"/users/log-in\", get(|| async {})))",
            "\nstatic PREFIX: &str = \"/a\";\n",
        ),
        (
            "",
            "\n#[cfg(test)]\nfn app() -> Router {\n    Router::new().route(\"/users/log-in\", get(|| async {}))\n}\n",
        ),
        (
            "",
            "\npub fn unused() -> Router {\n    Router::new().route(\"/users/log-in\", get(|| async {}))\n}\n",
        ),
        (".route(\"/people\", get(|| async { \"/users/log-in\" }))", ""),
        (".route(\"/usersettings\", get(|| async {})).route(\"/{a}/{b}\", get(|| async {}))", ""),
    ] {
        let said = writes(&routed(calls, more), &USERS);
        assert!(!said.err.contains("warning"), "{calls}{more}: {}", said.err);
    }
}

#[test]
fn a_cookie_of_the_same_name_is_shown_and_sessions_are_noted() {
    let more = "\npub const SESSION: &str = \"axum_hello_users_session\";\n";
    let said = writes(&routed("", more), &USERS);
    let says = "warning src/main.rs:14: `axum_hello_users_session` is the name of a cookie of ours";
    assert!(said.err.contains(says) && said.err.contains("--web NS"), "{}", said.err);
    // A package may be called what our module is.
    let member = routed("", more);
    let manifest = member.read("Cargo.toml").replace("[workspace]", "");
    member.write("web/Cargo.toml", &manifest);
    member.write("web/src/main.rs", &member.read("src/main.rs"));
    member.write("Cargo.toml", "[workspace]\nmembers = [\"web\"]\n");
    let said = writes(&member, &with(&["-p", "axum-hello"]));
    assert!(said.err.contains("warning web/src/main.rs:14: `axum_hello_users_session`"), "{}", said.err);

    let comment =
        "\n/// \"axum_hello_users_session\"\npub const SESSION: &str = \"x axum_hello_users_session\";\n";
    let said = writes(&routed("", comment), &USERS);
    assert!(!said.err.contains("warning"), "{}", said.err);

    let sandbox = routed("", "\npub struct User;\n");
    let manifest =
        sandbox.read("Cargo.toml").replace("axum = \"0.8\"", "axum = \"0.8\"\ntower-sessions = \"0.14\"");
    sandbox.write("Cargo.toml", &manifest);
    let said = sandbox.run(&with(&["--dry-run", "--verbose"]));
    assert!(said.err.contains("tower-sessions has sessions too"), "{}", said.err);
    assert!(said.err.contains("a type `User` is there already"), "{}", said.err);
    assert!(!sandbox.run(&with(&["--dry-run"])).err.contains("sessions too"));
    writes(&sandbox, &USERS);
}

/// The other framework: the first route of an address answers, so one of the two would be dead.
#[test]
fn routes_of_scopes_attributes_and_configuring_functions_are_found_too() {
    let with_services = |services: &str, more: &str| {
        let sandbox = Sandbox::of_fixture("actix-hello");
        let main = sandbox.read("src/main.rs");
        assert!(main.contains(".service(greet)"));
        sandbox.write("src/main.rs", &format!("{}{more}", main.replace(".service(greet)", services)));
        sandbox
    };
    let handler = "\n#[get(\"/log-in\")]\nasync fn log_in() -> impl Responder {\n    \"hi\"\n}\n";
    let in_scope = ".service(web::scope(\"/users\").service(log_in))";
    stops(
        &with_services(in_scope, handler),
        &USERS,
        &["src/main.rs:16: `/users/log-in` is a route already", "--web"],
    );
    let resource = ".service(web::resource(\"/users/settings\").route(web::get().to(greet)))";
    stops(&with_services(resource, ""), &USERS, &["src/main.rs:10: `/users/settings` is a route already"]);
    let configured = ".service(web::scope(\"/users\").configure(users))";
    let users = "\nfn users(cfg: &mut web::ServiceConfig) {\n    cfg.route(\"/register\", web::get().to(greet));\n}\n";
    stops(
        &with_services(configured, users),
        &USERS,
        &["src/main.rs:17: `/users/register` is a route already"],
    );
    // One that hands on what it is lent, as it is called elsewhere.
    let more = users.replace("fn users(cfg: &mut", "fn more(app: &mut").replace("cfg.route", "app.route");
    let handed_on = format!("\nfn users(cfg: &mut web::ServiceConfig) {{\n    more(cfg);\n}}\n{more}");
    stops(
        &with_services(configured, &handed_on),
        &USERS,
        &["src/main.rs:21: `/users/register` is a route already"],
    );
    let closure = ".configure(|cfg| {\n        cfg.route(\"/users/log-out\", web::get().to(greet));\n    })";
    stops(&with_services(closure, ""), &USERS, &["src/main.rs:11: `/users/log-out` is a route already"]);

    for (services, more) in [
        (
            ".service(web::scope(\"/api\").service(web::resource(\"/users/log-in\").route(web::get().to(greet))))",
            "",
        ),
        (".service(web::scope(\"/{tenant}\").service(log_in))", handler),
        (".service(greet)", handler),
    ] {
        let said = writes(&with_services(services, more), &USERS);
        assert!(!said.err.contains("warning"), "{services}{more}: {}", said.err);
    }
    let among = ".route(\"/users/{id}\", web::get().to(greet))";
    let said = writes(&with_services(among, ""), &USERS);
    assert!(said.err.contains("warning src/main.rs:10: `/users/{id}` will have ours"), "{}", said.err);
}

/// Where an `App` is made by a function ours stand behind its routes, and a scope answers for all below its address.
#[test]
fn behind_a_scope_of_our_addresses_nothing_is_added() {
    let made = |services: &str| {
        let sandbox = Sandbox::of_fixture("actix-hello");
        let main = sandbox.read("src/main.rs").replace("App::new().service(greet)", "made()");
        let made = "\nfn made() -> App<impl ServiceFactory<ServiceRequest, Config = (), InitError = (), Error = Error>> {\n    \
                    App::new()";
        let uses = "use actix_web::{Error, dev::{ServiceFactory, ServiceRequest}};\n";
        sandbox.write("src/main.rs", &format!("{uses}{main}{made}{services}\n}}\n"));
        sandbox
    };
    for taken in [
        ".service(web::scope(\"/users\"))",
        ".route(\"/users/{a}/{b}\", web::get().to(greet))",
        ".service(web::resource(\"/users/log-out\"))",
    ] {
        let sandbox = made(taken);
        let said = sandbox.run(&with(&["--yes"]));
        assert!([4, 5].contains(&said.code), "{taken}: {}", said.err);
        assert!(!sandbox.read("src/main.rs").contains("site::session"), "{taken}");
    }
    let clear = made(".service(web::scope(\"/api\")).service(greet)");
    writes(&clear, &USERS);
    assert!(clear.read("src/main.rs").contains("site::session"));
}

/// What layers say that they bring is what the generated code has.
#[test]
fn the_routes_and_cookies_of_ours_are_those_declared() {
    let templates = Templates::built_in().unwrap();
    let catalog = Catalog::load(&templates).unwrap();
    for login in ["both", "magic-link", "password"] {
        let sandbox = hello(&[]);
        writes(&sandbox, &with(&["--login", login]));
        let choices = [("framework", "axum"), ("login", login)];
        let choices = choices.map(|(axis, value)| (axis.to_owned(), value.to_owned()));
        let layers = catalog.select(&choices.into());
        let filled = |text: &String| {
            let text = text.replace("{route}", "/users").replace("{web}", "users");
            text.replace("{app_ascii}", "axum_hello").replace(":token", "{token}").replace(":id", "{id}")
        };

        let edits = layers.iter().flat_map(|layer| &layer.toml.edit);
        let mut words = edits.filter_map(|at| match at.fill(&|text| Ok(text.to_owned())).unwrap() {
            Edit::Mount(words) => Some(*words),
            _ => None,
        });
        let mut words = words.next().expect("an edit of the router");
        // So that ours are the owner's.
        words.module = "none".to_owned();
        let roots = [Root { file: "src/main.rs".to_owned(), library: None }];
        let seek = Seek { routes: true, ..Seek::default() };
        let tree = sandbox.tree();
        let read = |path: &str| tree.get(path).cloned();
        let routes = with_room(|| {
            edit::mount_and_look(&words, &Pools::default(), &roots, None, None, &seek, &read).seen.routes
        });
        let written = |mut route: Route| {
            route.methods.sort();
            format!("{} {}", route.methods.join(","), route.path)
        };
        let found: BTreeSet<String> =
            routes.into_iter().filter(|route| route.path != "/").map(written).collect();
        let declared = layers.iter().flat_map(|layer| &layer.toml.ours.routes).map(filled).collect();
        assert_eq!(found, declared, "{login}");

        for cookie in layers.iter().flat_map(|layer| &layer.toml.ours.cookies).map(filled) {
            let is_there = |text: &String| text.contains(&format!("&str = \"{cookie}\";"));
            assert!(tree.values().any(is_there), "{cookie}");
        }
    }
}

#[test]
fn the_configuration_of_our_pages_has_the_line_endings_of_the_project() {
    let crlf = |text: String| text.replace('\n', "\r\n");
    let sandbox = hello(&[]);
    let manifest = sandbox.read("Cargo.toml").replacen("[dependencies]", "[dependencies]\ntera = \"1\"", 1);
    sandbox.write("Cargo.toml", &crlf(manifest));
    sandbox.write("src/main.rs", &crlf(sandbox.read("src/main.rs")));
    writes(&sandbox, &USERS);
    assert_eq!(sandbox.read("askama.toml"), "[general]\r\ndirs = [\"pages\"]\r\n");
}

#[test]
fn a_module_declared_behind_its_attribute_is_the_owners() {
    let main = Sandbox::of_fixture("axum-hello").read("src/main.rs");
    let main = format!("#[path = \"net/web.rs\"] mod web;\n{main}");
    let sandbox = hello(&[("src/main.rs", &main), ("src/net/web.rs", "pub fn fetch() {}\n")]);
    writes(&sandbox, &USERS);
    assert!(sandbox.read("src/main.rs").contains("\nmod auth_web;\n"), "{}", sandbox.read("src/main.rs"));
    assert!(!sandbox.path().join("src/web").exists());
}
