//! Workspaces: the package that is meant, a context in a package of its own, what is inherited, and migrations where
//! they are kept.

mod support;

use std::collections::BTreeMap;

use cargo_gen_auth::{
    plan::{Level, Plan},
    project::Project,
    report::{self, Stop},
};
use support::{fixture, plan_of, tree_of};

type Files = BTreeMap<String, String>;

const USERS: [&str; 5] = ["Accounts", "User", "users", "-p", "server"];

fn umbrella() -> Files {
    tree_of(&fixture("axum-umbrella"))
}

fn project(files: &Files) -> Project {
    let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Project::from_files(files, Some("server")).expect("a project")
}

fn try_plan(files: &Files, flags: &[&str]) -> anyhow::Result<Plan> {
    plan_of(&project(files), &[&USERS[..], flags].concat())
}

fn plan(files: &Files, flags: &[&str]) -> Plan {
    try_plan(files, flags).expect("a plan")
}

fn after(files: &Files, plan: &Plan) -> Files {
    let changed = plan.changes().map(|(path, change)| (path.to_owned(), change.after.clone()));
    files.clone().into_iter().chain(changed).collect()
}

fn replaced(files: &mut Files, path: &str, old: &str, new: &str) {
    let text = files.get_mut(path).expect(path);
    assert!(text.contains(old), "{path} has no {old}");
    *text = text.replace(old, new);
}

/// The error of a run that stops before there is a plan.
fn refusal(files: &Files, flags: &[&str], stop: Stop) -> String {
    let error = try_plan(files, flags).err().unwrap_or_else(|| panic!("{flags:?} is not refused"));
    assert_eq!(report::reason(&error) as u8, stop as u8, "{error}");
    error.to_string()
}

const IN_BAKERY: [&str; 2] = ["--context-package", "bakery"];

#[test]
fn each_side_goes_to_its_package() {
    let plan = plan(&umbrella(), &IN_BAKERY);
    let mut count = 0;
    for (path, change) in plan.changes() {
        let of_context = path.starts_with("crates/bakery/");
        let is_context = ["/accounts/", "/database.rs", "/mailer.rs", "/migrations/", "/build.rs"]
            .iter()
            .any(|part| path.contains(part));
        let is_web = path.contains("/web/") || path.contains("/templates/");
        assert!(!is_context || of_context, "{path}");
        assert!(!is_web || path.starts_with("crates/server/"), "{path}");
        // The pages reach the context from outside; the context knows of no pages.
        let odd: &[&str] = if is_web {
            &["crate::accounts", "crate::database", "crate::mailer"]
        } else {
            &["bakery::accounts", "crate::web"]
        };
        let found = odd.iter().find(|words| change.after.contains(**words));
        assert!(found.is_none(), "{path} says {found:?}");
        count += usize::from(is_context || is_web);
    }
    assert!(count > 50, "{count}");
    let commands: Vec<&str> =
        plan.next.iter().map(String::as_str).filter(|line| line.starts_with("cargo")).collect();
    let expected = ["cargo run -p server", "cargo test -p server -p bakery runs the tests that came along"];
    assert_eq!(commands, expected);
}

#[test]
fn a_package_that_lists_no_dependencies_for_all_gets_a_path() {
    let mut files = umbrella();
    replaced(&mut files, "Cargo.toml", "bakery = { path = \"crates/bakery\" }\n", "");
    replaced(&mut files, "crates/server/Cargo.toml", "bakery.workspace = true\n", "");
    let plan = plan(&files, &IN_BAKERY);
    let manifest = &after(&files, &plan)["crates/server/Cargo.toml"];
    assert!(manifest.contains("\nbakery = { path = \"../bakery\" }\n"), "{manifest}");
    let for_tests = "\nbakery = { path = \"../bakery\", features = [\"testing\"] }\n";
    assert!(manifest.contains(for_tests), "{manifest}");
}

#[test]
fn code_calls_the_library_by_the_name_it_has_there() {
    let mut files = umbrella();
    replaced(&mut files, "crates/bakery/Cargo.toml", "name = \"bakery\"", "name = \"the-bakery\"");
    replaced(&mut files, "crates/server/Cargo.toml", "bakery.workspace = true\n", "");
    let state = "crates/server/src/web/state.rs";
    let flags = ["--context-package", "the-bakery"];
    let text = &after(&files, &plan(&files, &flags))[state];
    assert!(text.contains("use the_bakery::database"), "{text}");

    files.get_mut("crates/bakery/Cargo.toml").unwrap().push_str("\n[lib]\nname = \"oven\"\n");
    let text = &after(&files, &plan(&files, &flags))[state];
    assert!(text.contains("use oven::database"), "{text}");

    let renamed = "[dependencies]\nloaf = { package = \"the-bakery\", path = \"../bakery\" }\n";
    replaced(&mut files, "crates/server/Cargo.toml", "[dependencies]\n", renamed);
    let all = after(&files, &plan(&files, &flags));
    assert!(all[state].contains("use loaf::database"), "{}", all[state]);
    let manifest = &all["crates/server/Cargo.toml"];
    assert_eq!(manifest.matches("\nloaf = ").count(), 2, "once for the tests:\n{manifest}");
}

#[test]
fn a_second_run_changes_nothing_and_a_second_schema_joins() {
    let files = umbrella();
    let files = after(&files, &plan(&files, &IN_BAKERY));
    assert!(plan(&files, &IN_BAKERY).is_empty());
    let flags = ["Staff", "Clerk", "clerks", "-p", "server", "--context-package", "bakery"];
    let second = plan_of(&project(&files), &flags).expect("a plan");
    assert_eq!(second.findings(Level::Blocks).count() + second.findings(Level::ByHand).count(), 0);
    let edited = second.changes().filter(|(_, change)| change.before.is_some());
    let edited: Vec<&str> = edited.map(|(path, _)| path).collect();
    assert_eq!(edited, ["crates/bakery/src/lib.rs", "crates/server/src/web/mod.rs"]);
    let files = after(&files, &second);
    assert!(plan_of(&project(&files), &flags).expect("a plan").is_empty());
}

/// Of each package the names that are taken there; code of the one calls what the other has by its new name.
#[test]
fn beside_modules_of_either_package_ours_have_other_names() {
    let mut files = umbrella();
    replaced(&mut files, "crates/bakery/src/lib.rs", "pub mod recipes;", "mod mailer;\npub mod recipes;");
    files.insert("crates/bakery/src/mailer.rs".to_owned(), "pub fn mine() {}\n".to_owned());
    replaced(&mut files, "crates/server/src/main.rs", "use axum::Router;", "mod web;\n\nuse axum::Router;");
    files.insert("crates/server/src/web.rs".to_owned(), "pub fn mine() {}\n".to_owned());
    let first = plan(&files, &IN_BAKERY);
    assert!(first.findings(Level::Blocks).next().is_none() && first.findings(Level::ByHand).next().is_none());
    let all = after(&files, &first);
    assert!(all["crates/bakery/src/lib.rs"].contains("pub mod auth_mailer;\npub mod database;"));
    assert!(all["crates/server/src/main.rs"].contains(".merge(auth_web::router(auth.clone()))"));
    assert!(all["crates/server/src/auth_web/state.rs"].contains("use bakery::auth_mailer::Mailer;"));
    assert!(all.contains_key("crates/bakery/src/auth_mailer.rs"));
    assert!(plan(&all, &IN_BAKERY).is_empty());
}

#[test]
fn a_second_schema_has_its_context_where_the_first_has() {
    let clerk = ["Staff", "Clerk", "clerks", "-p", "server"];
    let in_bakery = [&clerk[..], &IN_BAKERY].concat();
    for (first, second) in [(&IN_BAKERY[..], &clerk[..]), (&[], &in_bakery)] {
        let files = umbrella();
        let files = after(&files, &plan(&files, first));
        let second = plan_of(&project(&files), second).expect("a plan");
        let [blocks] = second.findings(Level::Blocks).collect::<Vec<_>>()[..] else { panic!("{second}") };
        assert_eq!(blocks.path, "crates/server/Cargo.toml");
        assert!(blocks.says.contains("pages of an earlier run"), "{}", blocks.says);
        assert!(blocks.by_hand.as_deref().is_some_and(|way| way.contains("--context-package")));
    }
}

#[test]
fn a_package_the_context_cannot_go_into_is_refused_with_what_would_do() {
    let files = umbrella();
    let says = refusal(&files, &["--context-package", "bakry"], Stop::Usage);
    assert!(says.contains("no package `bakry`") && says.contains("did you mean `bakery`?"), "{says}");
    let says = refusal(&files, &["--context-package", "server"], Stop::Usage);
    assert!(says.contains("is the package that the pages go into"), "{says}");

    let mut program = files.clone();
    let text = program.remove("crates/bakery/src/lib.rs").unwrap();
    program.insert("crates/bakery/src/main.rs".to_owned(), text);
    let says = refusal(&program, &IN_BAKERY, Stop::Project);
    assert!(says.contains("has no library") && says.contains("make crates/bakery/src/lib.rs"), "{says}");

    let mut outside = files.clone();
    let text = outside.remove("crates/bakery/src/lib.rs").unwrap();
    outside.insert("crates/bakery/bakery.rs".to_owned(), text);
    outside.get_mut("crates/bakery/Cargo.toml").unwrap().push_str("\n[lib]\npath = \"bakery.rs\"\n");
    let says = refusal(&outside, &IN_BAKERY, Stop::Project);
    assert!(says.contains("crates/bakery/bakery.rs, which is not directly in src/"), "{says}");
    assert!(
        says.contains("move it to src/lib.rs, and take its `path` out of crates/bakery/Cargo.toml;"),
        "{says}"
    );

    let mut alone = files.clone();
    alone.retain(|path, _| path.starts_with("crates/server/"));
    let alone = alone.into_iter().map(|(path, text)| (path["crates/server/".len()..].to_owned(), text));
    let says = refusal(&alone.collect(), &IN_BAKERY, Stop::Usage);
    assert!(says.contains("beside server there is none"), "{says}");
}

#[test]
fn packages_that_would_need_each_other_are_refused() {
    let mut files = umbrella();
    replaced(&mut files, "crates/server/Cargo.toml", "bakery.workspace = true\n", "");
    // By way of a third one.
    let mill =
        "[package]\nname = \"mill\"\nedition = \"2024\"\n[dependencies]\nserver = { path = \"../server\" }\n";
    files.insert("crates/mill/Cargo.toml".to_owned(), mill.to_owned());
    replaced(
        &mut files,
        "crates/bakery/Cargo.toml",
        "[dependencies]\n",
        "[dependencies]\nmill = { path = \"../mill\" }\n",
    );
    let says = refusal(&files, &IN_BAKERY, Stop::Project);
    assert!(says.contains("--context-package bakery depends on server"), "{says}");
    // For tests alone cargo allows it.
    replaced(&mut files, "crates/bakery/Cargo.toml", "mill = { path = \"../mill\" }\n", "");
    replaced(
        &mut files,
        "crates/bakery/Cargo.toml",
        "[dev-dependencies]\n",
        "[dev-dependencies]\nmill = { path = \"../mill\" }\n",
    );
    assert!(!plan(&files, &IN_BAKERY).is_empty());
}

#[test]
fn names_are_checked_against_both_packages() {
    let files = umbrella();
    let named = |names: [&str; 3], files: &Files| {
        let args = [&names[..], &["-p", "server"], &IN_BAKERY].concat();
        plan_of(&project(files), &args).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let says = named(["Bakery", "User", "users"], &files);
    assert!(says.contains("`bakery`"), "{says}");
    let says = named(["Accounts", "Guest", "bakery"], &files);
    assert!(says.contains("makes a module `bakery`"), "{says}");
    let says = named(["Server", "User", "users"], &files);
    assert!(says.contains("same name as the package"), "{says}");
    let mut taken = files.clone();
    taken.insert("crates/bakery/src/accounts.rs".to_owned(), String::new());
    let says = named(["Accounts", "User", "users"], &taken);
    assert!(says.contains("already a module of this project, crates/bakery/src/accounts.rs"), "{says}");

    for (library, why) in [
        ("core", "a crate of Rust itself"),
        ("web", "a module of the pages"),
        ("app", "a module of the pages"),
    ] {
        let mut files = files.clone();
        let lib = format!("\n[lib]\nname = \"{library}\"\n");
        files.get_mut("crates/bakery/Cargo.toml").unwrap().push_str(&lib);
        let says = refusal(&files, &IN_BAKERY, Stop::Project);
        assert!(says.contains(why) && says.contains("under [lib] in crates/bakery/Cargo.toml"), "{says}");
    }
}

/// What both depend on is the same crate, or the pool of one would be a stranger to the other.
#[test]
fn a_dependency_new_to_one_package_has_the_version_of_the_other() {
    let mut files = umbrella();
    let sqlx = "sqlx = { version = \"0.8.3\", features = [\"sqlite\"] }\n";
    replaced(&mut files, "Cargo.toml", "sqlx = {", "unused = {");
    replaced(&mut files, "crates/bakery/Cargo.toml", "sqlx.workspace = true\n", "");
    replaced(&mut files, "crates/server/Cargo.toml", "sqlx.workspace = true\n", sqlx);
    let all = after(&files, &plan(&files, &IN_BAKERY));
    let manifest = &all["crates/bakery/Cargo.toml"];
    assert!(manifest.contains("\nsqlx = { version = \"0.8.3\", default-features = false"), "{manifest}");
}

#[test]
fn what_the_workspace_gives_is_not_asked_for_again() {
    let files = umbrella();
    let manifest = |files: &Files| after(files, &plan(files, &[]))["crates/server/Cargo.toml"].clone();
    let text = manifest(&files);
    assert!(
        text.contains("\nsqlx.workspace = true\n") && text.contains("\ntokio.workspace = true\n"),
        "{text}"
    );

    // Only what it lacks.
    let mut less = files.clone();
    replaced(&mut less, "Cargo.toml", "\"derive\", \"macros\", ", "");
    let text = manifest(&less);
    assert!(
        text.contains("\nsqlx = { workspace = true, features = [\"derive\", \"macros\"] }\n")
            || text.contains("\nsqlx.workspace = true\nsqlx.features = [\"derive\", \"macros\"]\n"),
        "{text}"
    );

    // One listed there that the package has by itself goes by itself.
    let mut own = files.clone();
    replaced(
        &mut own,
        "crates/server/Cargo.toml",
        "tokio.workspace = true",
        "tokio = { version = \"1.40\", features = [\"net\"] }",
    );
    let text = manifest(&own);
    assert!(text.contains("\ntokio = { version = \"1.40\", features = [\"net\", \"macros\", \"rt-multi-thread\", \"sync\"] }\n"), "{text}");

    // New ones are inherited, too.
    let mut listed = files;
    replaced(
        &mut listed,
        "Cargo.toml",
        "tokio = {",
        "serde = { version = \"1\", features = [\"derive\"] }\ncookie = \"0.18\"\ntokio = {",
    );
    let text = manifest(&listed);
    assert!(
        text.contains("\nserde.workspace = true\n") && text.contains("\ncookie.workspace = true\n"),
        "{text}"
    );
}

/// Generated code is written for the default features.
#[test]
fn default_features_the_workspace_turns_off_are_turned_on() {
    let mut files = umbrella();
    replaced(
        &mut files,
        "Cargo.toml",
        "axum = \"0.8\"",
        "axum = { version = \"0.8\", default-features = false }\ncookie = { version = \"0.18\", default-features = false }",
    );
    replaced(&mut files, "Cargo.toml", "tokio = {", "tokio = { default-features = false,");
    replaced(&mut files, "Cargo.toml", "\"full\"", "\"net\"");
    let manifest = |files: &Files| after(files, &plan(files, &[]))["crates/server/Cargo.toml"].clone();
    let is_on = |name: &str, text: &str| {
        let parsed: toml_edit::DocumentMut = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
        let entry = &parsed["dependencies"][name];
        assert_eq!(entry["workspace"].as_bool(), Some(true), "{text}");
        entry.get("default-features").and_then(toml_edit::Item::as_bool)
    };
    let text = manifest(&files);
    assert_eq!(is_on("axum", &text), Some(true), "{text}");
    assert_eq!(is_on("tokio", &text), Some(true), "{text}");
    assert_eq!(is_on("cookie", &text), Some(true), "{text}");
    // Not those of what is asked for without them, nor those of the owner's own library.
    assert_eq!(is_on("sqlx", &text), None, "{text}");
    replaced(&mut files, "Cargo.toml", "bakery = {", "bakery = { default-features = false,");
    let all = after(&files, &plan(&files, &IN_BAKERY));
    assert_eq!(is_on("bakery", &all["crates/server/Cargo.toml"]), None, "{text}");

    // In whatever way the member has it.
    for entry in [
        "axum = { workspace = true }",
        "axum = { workspace = true, default-features = false }",
        "axum = { workspace = true, features = [\"ws\"] }",
    ] {
        let mut other = files.clone();
        replaced(&mut other, "crates/server/Cargo.toml", "axum.workspace = true", entry);
        let text = manifest(&other);
        assert_eq!(is_on("axum", &text), Some(true), "{text}");
        other.insert("crates/server/Cargo.toml".to_owned(), text.clone());
        assert_eq!(manifest(&other), text);
    }
}

/// A member without the crate gets the workspace's, with its features.
#[test]
fn the_database_may_be_the_one_of_the_workspace() {
    let mut files = umbrella();
    replaced(&mut files, "Cargo.toml", "\"sqlite\"", "\"postgres\"");
    replaced(&mut files, "crates/server/Cargo.toml", "sqlx.workspace = true\n", "");
    let made = plan(&files, &[]);
    let all = after(&files, &made);
    let manifest = &all["crates/server/Cargo.toml"];
    assert!(manifest.contains("\nsqlx.workspace = true\n"), "{manifest}");
    let database = &all["crates/server/src/database.rs"];
    assert!(database.contains("PgPool") && !database.contains("Sqlite"), "{database}");

    replaced(&mut files, "Cargo.toml", "\"postgres\"", "\"postgres\", \"sqlite\"");
    let Err(error) = try_plan(&files, &[]) else { panic!("two databases") };
    assert!(error.to_string().contains("--db"), "{error}");
}

/// The pages' package has no database of its own, and is built with one that has.
#[test]
fn the_database_may_be_the_one_of_a_package_below() {
    let mut files = umbrella();
    replaced(&mut files, "Cargo.toml", ", \"sqlite\"]", "]");
    replaced(&mut files, "crates/server/Cargo.toml", "sqlx.workspace = true\n", "");
    replaced(&mut files, "crates/server/Cargo.toml", "bakery.workspace", "shop.workspace");
    replaced(&mut files, "Cargo.toml", "bakery = {", "shop = { path = \"./crates/shop\" }\nbakery = {");
    replaced(&mut files, "Cargo.toml", "sqlx = {", "unused = {");
    let shop = "[package]\nname = \"shop\"\nedition = \"2024\"\n[dependencies]\nbakery = { path = \"../bakery\" }\n\
                server = { path = \"../server\" }\ngone = { path = \"../../../gone\" }\n";
    files.insert("crates/shop/Cargo.toml".to_owned(), shop.to_owned());
    let of_bakery = |dependency: &str| {
        let mut files = files.clone();
        replaced(&mut files, "crates/bakery/Cargo.toml", "sqlx.workspace = true", dependency);
        files
    };
    let files = of_bakery("sqlx = { version = \"0.7\", features = [\"postgres\"] }");
    let all = after(&files, &plan(&files, &[]));
    let (manifest, database) = (&all["crates/server/Cargo.toml"], &all["crates/server/src/database.rs"]);
    assert!(
        manifest.contains("\nsqlx = { version = \"0.7\"") && manifest.contains("\"postgres\""),
        "{manifest}"
    );
    assert!(database.contains("PgPool") && !database.contains("Sqlite"), "{database}");

    // What it needs for its tests alone is no database of the program.
    let tested = of_bakery("[dev-dependencies.sqlx]\nversion = \"0.7\"\nfeatures = [\"postgres\"]");
    let all = after(&tested, &plan(&tested, &[]));
    assert!(all["crates/server/src/database.rs"].contains("SqlitePool"));

    for (other, says) in [
        ("sea-orm = \"1\"", "crates/bakery/Cargo.toml uses SeaORM"),
        ("diesel = \"2\"", "crates/bakery/Cargo.toml uses diesel"),
        (
            "sqlx = { version = \"0.8\", features = [\"mysql\"] }",
            "crates/bakery/Cargo.toml uses sqlx with MySQL",
        ),
    ] {
        let refused = refusal(&of_bakery(other), &[], Stop::Project);
        assert!(refused.contains(says), "{refused}");
    }
    plan(&of_bakery("sea-orm = \"1\""), &["--data", "sqlx"]);
}

/// `tower = "0.4"` beside a `tower` of another version for the tests: rustc knows two, and takes neither (E0464).
#[test]
fn what_tests_need_is_of_the_version_the_program_has() {
    let mut files = umbrella();
    let path = "crates/server/Cargo.toml";
    replaced(&mut files, path, "tower = { version = \"0.5\", features = [\"util\"] }\n", "");
    replaced(&mut files, path, "tokio.workspace = true\n", "tokio.workspace = true\ntower = \"0.4.13\"\n");
    let tests = "[dev-dependencies]\nhttp-body-util = \"0.1\"\ntower = { version = \"0.4.13\", features = [\"util\"] }\n";
    let manifest = |files: &Files| after(files, &plan(files, &[]))[path].clone();
    assert!(manifest(&files).contains(tests), "{}", manifest(&files));
    // Whatever others of the workspace have.
    replaced(&mut files, "Cargo.toml", "tokio = {", "tower = \"0.5\"\ntokio = {");
    assert!(manifest(&files).contains(tests), "{}", manifest(&files));
}

/// A member called `database`, of which the program says `database::connect`.
#[test]
fn a_crate_with_the_name_of_a_module_of_ours_is_told() {
    let mut files = umbrella();
    let (path, root) = ("crates/server/Cargo.toml", "crates/server/src/main.rs");
    replaced(&mut files, path, "[dependencies]\n", "[dependencies]\ndatabase = { path = \"../database\" }\n");
    let main = files[root].clone();
    assert_eq!(plan(&files, &[]).findings(Level::Blocks).count(), 0);

    let uses =
        "// database::connect\nuse ::database::connect;\nuse database::{open};\nuse crate::database::x;\n";
    files.insert(root.to_owned(), format!("{uses}{main}"));
    let made = plan(&files, &[]);
    let blocks: Vec<_> = made.findings(Level::Blocks).collect();
    let [one] = blocks.as_slice() else { panic!("{blocks:?}") };
    assert_eq!((one.path.as_str(), one.lines.as_slice()), (root, &[3][..]), "{one:?}");
    assert!(one.by_hand.as_deref().is_some_and(|way| way.contains("`::database`")), "{one:?}");

    files.insert(root.to_owned(), format!("use ::database::connect;\n{main}"));
    assert_eq!(plan(&files, &[]).findings(Level::Blocks).count(), 0);
}

/// The migrations of a plan, by path.
fn migrations(plan: &Plan) -> Vec<&str> {
    plan.changes().map(|(path, _)| path).filter(|path| path.ends_with(".sql")).collect()
}

/// Each style, with the names that the new files get.
const STYLES: [(&[&str], &[&str]); 4] = [
    (&["20250101000000_a.sql"], &["20260101000000_create_users_auth_tables.sql"]),
    (&["0007_a.sql"], &["0008_create_users_auth_tables.sql"]),
    (
        &["20250101000000_a.down.sql", "20250101000000_a.up.sql"],
        &[
            "20260101000000_create_users_auth_tables.down.sql",
            "20260101000000_create_users_auth_tables.up.sql",
        ],
    ),
    (
        &["07_a.down.sql", "07_a.up.sql"],
        &["08_create_users_auth_tables.down.sql", "08_create_users_auth_tables.up.sql"],
    ),
];

#[test]
fn migrations_go_where_they_are_kept_in_the_style_of_those_there() {
    for db in ["sqlite", "postgres"] {
        let mut files = umbrella();
        replaced(&mut files, "Cargo.toml", "\"sqlite\"", &format!("\"{db}\""));
        files.retain(|path, _| !path.contains("/migrations/"));
        // The package itself, one it is built with, the one with the context, and the workspace.
        for (flags, folder, from) in [
            (&[][..], "crates/server/migrations", "migrations"),
            (&[][..], "crates/bakery/migrations", "../bakery/migrations"),
            (&IN_BAKERY[..], "crates/bakery/migrations", "migrations"),
            (&[][..], "migrations", "../../migrations"),
            (&IN_BAKERY[..], "migrations", "../../migrations"),
        ] {
            for (there, new) in STYLES {
                let mut files = files.clone();
                files.extend(there.iter().map(|name| (format!("{folder}/{name}"), "SELECT 1;\n".to_owned())));
                let plan = plan(&files, flags);
                let new: Vec<String> = new.iter().map(|name| format!("{folder}/{name}")).collect();
                assert_eq!(migrations(&plan), new, "{db} {flags:?} {folder}");
                let of = if flags.is_empty() { "crates/server" } else { "crates/bakery" };
                let all = after(&files, &plan);
                let build = &all[&format!("{of}/build.rs")];
                assert!(build.contains(&format!("rerun-if-changed={from}\"")), "{build}");
                let macro_of = if from == "migrations" { String::new() } else { format!("\"{from}\"") };
                let database = &all[&format!("{of}/src/database.rs")];
                assert!(database.contains(&format!("sqlx::migrate!({macro_of})")), "{database}");
                assert!(plan_of(&project(&all), &[&USERS[..], flags].concat()).unwrap().is_empty());
            }
        }
    }
}

/// Where the program runs them from decides.
#[test]
fn migrations_the_program_runs_are_the_ones_to_join() {
    let mut files = umbrella();
    files.insert("db/0003_a.sql".to_owned(), "SELECT 1;\n".to_owned());
    let main = "crates/server/src/main.rs";
    replaced(&mut files, main, "bakery::migrate(&state.db)", "sqlx::migrate!(\"../../db\").run(&state.db)");
    for (flags, of) in [(&[][..], "crates/server"), (&IN_BAKERY[..], "crates/bakery")] {
        let plan = plan(&files, flags);
        assert_eq!(migrations(&plan), ["db/0004_create_users_auth_tables.sql"]);
        let build = &after(&files, &plan)[&format!("{of}/build.rs")];
        assert!(build.contains("rerun-if-changed=../../db\""), "{build}");
    }
}

/// Migrations of a workspace that are not for the database of the accounts stay by themselves.
#[test]
fn migrations_for_something_else_are_not_joined() {
    let mut files = umbrella();
    files.retain(|path, _| !path.contains("/migrations/"));
    files.insert("migrations/0001_a.sql".to_owned(), "SELECT 1;\n".to_owned());
    let plan = plan(&files, &["--db", "postgres"]);
    assert_eq!(migrations(&plan), ["crates/server/migrations/20260101000000_create_users_auth_tables.sql"]);
}

#[test]
fn a_workspace_without_a_package_asks_for_one() {
    let files = umbrella();
    let of = |package: Option<&str>| {
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let error = Project::from_files(files, package).expect_err("an error");
        assert_eq!(report::reason(&error) as u8, Stop::Usage as u8);
        error.to_string()
    };
    let says = of(None);
    assert!(says.contains("choose one with -p; it has bakery, server"), "{says}");
    let says = of(Some("sever"));
    assert!(says.contains("no package `sever`") && says.contains("did you mean `server`?"), "{says}");
    assert!(says.contains("its packages are bakery, server"), "{says}");
}

/// A program of few lines, which calls a library with the router.
#[test]
fn the_package_with_the_router_is_named() {
    let mut files = umbrella();
    let main = "#[tokio::main]\nasync fn main() {\n    web::run().await;\n}\n";
    let app = "[package]\nname = \"app\"\nedition = \"2021\"\n[dependencies]\nweb = { path = \"../server\", package = \"server\" }\n";
    files.insert("crates/app/src/main.rs".to_owned(), main.to_owned());
    files.insert("crates/app/Cargo.toml".to_owned(), app.to_owned());
    let sources = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let app = Project::from_files(sources, Some("app")).expect("a project");
    let error = plan_of(&app, &USERS[..3]).expect_err("an error");
    assert!(error.to_string().contains("the router may be there, say -p server;"), "{error}");
}

/// A program of `src/bin` hands something to a server of another package. The modules go into the library, where what
/// makes our routes is no router of the owner's.
#[test]
fn a_router_that_is_not_found_is_told() {
    let mut files = umbrella();
    files.retain(|path, _| !path.starts_with("crates/server/src/"));
    let main = "#[tokio::main]\nasync fn main() {\n    house::start(server::Notes).await;\n}\n";
    files.insert("crates/server/src/bin/api.rs".to_owned(), main.to_owned());
    files.insert("crates/server/src/lib.rs".to_owned(), "pub struct Notes;\n".to_owned());
    let plan = plan(&files, &[]);
    let by_hand: Vec<&str> = plan.findings(Level::ByHand).map(|finding| finding.says.as_str()).collect();
    assert_eq!(by_hand, ["nothing was found that serves a router"]);
}

/// A program that can do with several databases has a folder for each.
#[test]
fn of_several_folders_of_migrations_the_one_of_the_database_is_joined() {
    let mut files = umbrella();
    let root = "crates/server/src/main.rs";
    let main = files[root].clone();
    for db in ["sqlite", "postgres"] {
        let runs = "fn run() {\n    sqlx::migrate!(\"./db/first\");\n    sqlx::migrate!(\"./db/postgres/migrations\");\n    \
                    sqlx::migrate!(\"./db/sqlite/migrations\");\n}\n";
        files.insert(root.to_owned(), format!("{main}\n{runs}"));
        let plan = plan(&files, &["--db", db]);
        let folder = format!("crates/server/db/{db}/migrations/");
        assert!(migrations(&plan).iter().all(|path| path.starts_with(&folder)), "{:?}", migrations(&plan));
    }
}

#[test]
fn members_may_be_in_folders_of_folders() {
    let mut files = umbrella();
    replaced(&mut files, "Cargo.toml", "[\"crates/*\"]", "[\"*/cr*/*\"]");
    let moved = |path: String| if path.starts_with("crates/") { format!("all/{path}") } else { path };
    let files: Files = files.into_iter().map(|(path, text)| (moved(path), text)).collect();
    assert_eq!(project(&files).manifest, "all/crates/server/Cargo.toml");
}

#[test]
fn a_folder_without_a_manifest_names_those_inside_that_have_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let says = || Project::read(None, None, folder.path()).expect_err("an error").to_string();
    assert!(says().contains("inside a project, or make one"), "{}", says());
    std::fs::create_dir_all(folder.path().join("backend")).expect("a folder");
    std::fs::write(folder.path().join("backend/Cargo.toml"), "").expect("a file");
    assert!(says().contains("inside a project, such as backend, or make one"), "{}", says());
}
