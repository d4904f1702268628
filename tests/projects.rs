//! Projects with routers of every shape (`fixtures/axum-*`, `fixtures/actix-*`): accounts are added, everything compiles without a
//! warning, both test suites pass, and a second run has nothing to do. Slow: minutes.
//!
//! `cargo test --features matrix --test projects`

mod generated_app;
#[cfg(unix)]
mod postgres;
#[path = "projects/actix.rs"]
mod projects_actix;
#[path = "projects/shapes.rs"]
mod projects_shapes;
mod support;

use generated_app::App;
use support::Sandbox;

const NAMES: [&str; 3] = ["Accounts", "User", "users"];

/// Generates into a fixture, has tests added of what the owner would see, and looks at it from all sides.
fn holds(fixture: &str, flags: &[&str], adapt: impl Fn(&Sandbox)) {
    all_holds(App::generate(Sandbox::of_fixture(fixture), &[&[&NAMES[..], flags].concat()]), adapt);
}

fn all_holds(app: App, adapt: impl Fn(&Sandbox)) {
    app.is_unchanged_by_a_second_run();
    app.is_formatted();
    adapt(app.sandbox());
    app.has_no_warning();
    app.passes_its_tests();
}

fn append(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.write(path, &format!("{}{text}", sandbox.read(path)));
}

/// Asks for a page: its status, and with which headers of ours.
const ASK: &str = "
#[cfg(test)]
mod with_accounts {
    use axum::Router;
    use axum::body::Body;
    use axum::http::{HeaderMap, Request};
    use tower::ServiceExt;

    async fn ask(app: &Router, path: &str) -> (u16, HeaderMap) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        (response.status().as_u16(), response.headers().clone())
    }
";

/// A chain in `main`, in a package with a library, whose pool of PostgreSQL went into the state.
#[cfg(unix)]
#[test]
fn inline() {
    inline_with(Sandbox::of_fixture("axum-inline"), "with_pool(state.db.clone()).expect(");
}

/// The same, where nobody runs the migrations at start.
#[cfg(unix)]
#[test]
fn inline_without_migrations_at_start() {
    let sandbox = Sandbox::of_fixture("axum-inline");
    let run = "    sqlx::migrate!().run(&db).await.expect(\"the migrations run\");\n";
    let main = sandbox.read("src/main.rs");
    assert!(main.contains(run));
    sandbox.write("src/main.rs", &main.replace(run, ""));
    inline_with(sandbox, "with_pool(state.db.clone())\n        .await\n        .expect(");
}

#[cfg(unix)]
fn inline_with(sandbox: Sandbox, started: &str) {
    let app = App::generate(sandbox, &[&NAMES]);
    let main = app.read("src/main.rs");
    assert!(main.contains(&format!("let auth = web::Auth::{started}")), "{main}");
    let cluster = postgres::Cluster::start();
    cluster.sql("postgres", "CREATE DATABASE app");
    all_holds(app.with_database_url(cluster.url("app")), |_| {});
}

/// A function in a module takes the state and is given a layer in `main`.
#[test]
fn flat() {
    let test = format!(
        "{ASK}
    #[tokio::test]
    async fn log_in_is_served_and_handlers_can_ask_who_it_is() {{
        let db = crate::database::testing::empty().await;
        let app = super::create_router(std::sync::Arc::new(crate::AppState {{ db }}));
        assert_eq!(ask(&app, \"/users/log-in\").await.0, 200);
        assert_eq!(ask(&app, \"/api/health\").await.0, 200);
    }}
}}
"
    );
    holds("axum-flat", &[], |sandbox| {
        append(sandbox, "src/route.rs", &test);
        // One of the owner's handlers asks who it is.
        let handlers = sandbox.read("src/handler.rs");
        let asks = "pub async fn health(\n    crate::web::users::auth::MaybeUser(scope): \
                    crate::web::users::auth::MaybeUser,\n) -> &'static str {\n    \
                    scope.map_or(\"fine\", |_| \"fine with somebody\")\n}";
        let before = "pub async fn health() -> &'static str {\n    \"fine\"\n}";
        assert!(handlers.contains(before));
        sandbox.write("src/handler.rs", &handlers.replace(before, asks));
    });
}

/// State first, layers as variables, the chain last; its migrations in a folder of their own.
#[test]
fn composed() {
    let test = "//! What came with the accounts, inside of the layers that were there.

use axum::body::Body;
use axum::http::Request;
use axum_composed::{Config, db, router};
use tower::ServiceExt;

#[tokio::test]
async fn log_in_is_inside_of_the_layers() {
    let name = \"test\".to_owned();
    let db = db::connect(\"sqlite::memory:\").await.unwrap();
    let app = router(Config { name }, db);
    let request = Request::get(\"/users/log-in\").body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[\"x-name\"], \"composed\");
    assert_eq!(response.headers()[\"access-control-allow-origin\"], \"*\");
}
";
    holds("axum-composed", &[], |sandbox| sandbox.write("tests/accounts.rs", test));
}

/// The same shape on axum 0.7, sqlx 0.7 and PostgreSQL, with queries that are checked without a server and migrations
/// that somebody else runs.
#[cfg(unix)]
#[test]
fn flat_of_older_versions() {
    let test = format!(
        "{ASK}
    #[tokio::test]
    async fn notes_are_kept_beside_accounts() {{
        let db = crate::database::testing::empty().await;
        let app = super::create_router(std::sync::Arc::new(crate::AppState {{ db }}));
        let request = Request::post(\"/api/notes/\").body(Body::from(\"tea\")).unwrap();
        let id = app.clone().oneshot(request).await.unwrap().into_body();
        let id = axum::body::to_bytes(id, 100).await.unwrap();
        let path = format!(\"/api/notes/{{}}\", std::str::from_utf8(&id).unwrap());
        assert_eq!(ask(&app, &path).await.0, 200);
    }}
}}
"
    );
    let cluster = postgres::Cluster::start();
    let app = App::generate(Sandbox::of_fixture("axum-flat-postgres"), &[&NAMES]);
    // Our migrations have to wait for the database, which only `main` can.
    assert!(app.read("src/main.rs").contains("web::Auth::with_pool(pool.clone())"));
    let app = app.with_database_url(cluster.url("app"));
    all_holds(app, |sandbox| append(sandbox, "src/route.rs", &test));
}

/// The same shape on axum 0.7, sqlx 0.8 and PostgreSQL, with six layers.
#[cfg(unix)]
#[test]
fn composed_of_older_versions() {
    let test = "//! What came with the accounts, inside of the layers that were there.

use axum::body::Body;
use axum::http::Request;
use axum_composed_postgres::{Config, db, router};
use tower::ServiceExt;

#[tokio::test]
async fn log_in_is_inside_of_the_layers() {
    let name = \"test\".to_owned();
    let db = db::connect(&std::env::var(\"DATABASE_URL\").unwrap()).await.unwrap();
    let app = router(Config { name }, db);
    for (path, status) in [(\"/users/log-in\", 200), (\"/notes/1\", 404)] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()[\"x-name\"], \"composed\");
        assert_eq!(response.headers()[\"access-control-allow-origin\"], \"*\");
    }
}
";
    let cluster = postgres::Cluster::start();
    cluster.sql("postgres", "CREATE DATABASE app");
    let app = App::generate(Sandbox::of_fixture("axum-composed-postgres"), &[&NAMES]);
    all_holds(app.with_database_url(cluster.url("app")), |sandbox| sandbox.write("tests/accounts.rs", test));
}

/// An async function of the library opens the database, whose tables it makes itself.
#[test]
fn initialize() {
    let test = "//! What came with the accounts.

use axum::body::Body;
use axum::http::Request;
use axum_initialize::initialize_app;
use tower::ServiceExt;

#[tokio::test]
async fn log_in_is_served_beside_what_was_there() {
    let app = initialize_app(\"sqlite::memory:\").await;
    for path in [\"/users/log-in\", \"/\", \"/assets/site.css\"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, \"{path}\");
        let long = response.headers().get(\"cache-control\");
        assert_eq!(long.is_some_and(|long| long == \"max-age=3600\"), path.starts_with(\"/assets\"));
    }
}
";
    holds("axum-initialize", &[], |sandbox| sandbox.write("tests/accounts.rs", test));
}

/// A guard and a fallback stand between the routes and the state.
#[test]
fn nested() {
    let test = format!(
        "{ASK}
    #[tokio::test]
    async fn the_guard_keeps_what_it_kept_and_lets_people_log_in() {{
        let pool = crate::database::testing::empty().await;
        let state = super::AppState {{ pool }};
        let app: Router = super::app_router(state.clone()).with_state(state);
        assert_eq!(ask(&app, \"/\").await.0, 403);
        assert_eq!(ask(&app, \"/v1/notes\").await.0, 403);
        assert_eq!(ask(&app, \"/missing\").await.0, 404);
        let (status, headers) = ask(&app, \"/users/log-in\").await;
        assert_eq!(status, 200);
        assert!(headers.contains_key(\"content-security-policy\"));
    }}
}}
"
    );
    holds("axum-nested", &[], |sandbox| append(sandbox, "src/routes.rs", &test));
}

/// Routes for any state, a function that decorates, and a static that has the pool.
#[test]
fn open() {
    holds("axum-open", &[], |_| {});
}

/// No database, a runtime by hand, and a function that is not async and that tests call.
#[test]
fn staged() {
    holds("axum-staged", &[], |_| {});
}

/// A member of a workspace serves, and its program is another one.
#[test]
fn workspace() {
    holds("axum-workspace", &["-p", "api"], |_| {});
}

const UMBRELLA: [&str; 4] = ["-p", "server", "--context-package", "bakery"];

/// The context in one member, the pages in another, on the pool of that one.
#[test]
fn umbrella() {
    holds("axum-umbrella", &UMBRELLA, |_| {});
}

#[test]
fn umbrella_of_passwords_with_uuids() {
    let flags = ["--login", "password", "--id-type", "uuid"];
    holds("axum-umbrella", &[&UMBRELLA[..], &flags].concat(), |_| {});
}

/// Without what the workspace could say about it.
#[test]
fn umbrella_without_enumeration() {
    let sandbox = Sandbox::of_fixture("axum-umbrella");
    let root = sandbox.read("Cargo.toml").replace("bakery = { path = \"crates/bakery\" }\n", "");
    sandbox.write("Cargo.toml", &root);
    let by_path = "bakery = { path = \"../bakery\" }";
    let server = sandbox.read("crates/server/Cargo.toml").replace("bakery.workspace = true", by_path);
    sandbox.write("crates/server/Cargo.toml", &server);
    let app = App::generate(sandbox, &[&[&NAMES[..], &UMBRELLA, &["--no-enumeration"]].concat()]);
    app.is_unchanged_by_a_second_run();
    app.is_formatted();
    app.has_no_warning();
    app.passes_its_tests();
}

/// A second schema, and the other framework, whose accounts open a database of their own.
#[test]
fn umbrella_of_actix() {
    let sandbox = Sandbox::of_fixture("axum-umbrella");
    let main =
        std::fs::read_to_string(support::fixture("actix-hello").join("src/main.rs")).expect("a program");
    sandbox.write("crates/server/src/main.rs", &main);
    let manifest =
        sandbox.read("crates/server/Cargo.toml").replace("axum.workspace = true", "actix-web = \"4\"");
    let manifest = manifest.replace("sqlx.workspace = true\n", "");
    sandbox
        .write("crates/server/Cargo.toml", manifest.split("\n[dev-dependencies]").next().expect("a start"));
    let users = [&NAMES[..], &UMBRELLA].concat();
    let clerks = [&["Staff", "Clerk", "clerks"], &UMBRELLA[..]].concat();
    let app = App::generate(sandbox, &[&users, &clerks]);
    app.is_unchanged_by_a_second_run();
    app.is_formatted();
    app.has_no_warning();
    app.passes_its_tests();
}

/// A method makes the router, and something else is served too.
#[test]
fn servers() {
    holds("axum-servers", &["--router", "src/server.rs::router"], |_| {});
}

/// What is printed is pasted, line by line.
fn works_when_pasted(sandbox: Sandbox, says: &str) {
    let (app, said) = App::generate_partly(sandbox, &NAMES);
    assert!(said.contains(says), "{said}");
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    let start = lines.iter().position(|line| line.starts_with("in `")).expect("where");
    let mut paste = lines[start..].iter();
    let (file, rest) = paste.next().and_then(|line| line[4..].split_once('`')).expect("a file");
    let above: usize = rest.split([' ', ',']).find_map(|word| word.parse().ok()).expect("a line");
    let statement = paste.next().expect("a statement");
    let place = paste.next().expect("a place");
    let within: usize = place.split([' ', ',']).find_map(|word| word.parse().ok()).expect("a line");
    let behind = place.split('`').nth(1).expect("what stands before");
    let calls: Vec<&str> = paste.take_while(|line| line.starts_with(['.', '('])).copied().collect();

    let text = app.sandbox().read(file);
    let mut text: Vec<String> = text.lines().map(str::to_owned).collect();
    text[within - 1] = text[within - 1].replacen(behind, &format!("{behind}{}", calls.concat()), 1);
    if let Some(at) = lines.iter().position(|line| line.ends_with("ahead of `||`, add:")) {
        let within: usize = lines[at].split([' ', ',']).find_map(|word| word.parse().ok()).expect("a line");
        text[within - 1] = text[within - 1].replacen("||", &format!("{} ||", lines[at + 1]), 1);
    }
    if let Some(at) = lines.iter().position(|line| line.starts_with("and ahead of that `")) {
        let name = lines[at].split('`').nth(1).expect("a name");
        text[within - 1] = text[within - 1].replacen(name, &format!("{} {name}", lines[at + 1]), 1);
    }
    text.insert(above - 1, (*statement).to_owned());
    app.sandbox().write(file, &format!("{}\n", text.join("\n")));

    app.passes_its_tests();
    app.has_no_warning();
    app.is_unchanged_by_a_second_run();
}

#[test]
fn two_servers_pasted() {
    works_when_pasted(Sandbox::of_fixture("axum-servers"), "--router src/server.rs::router");
}

#[test]
fn a_closure_pasted() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let main = sandbox.read("src/main.rs");
    let main =
        main.replace("let app = Router", "let make = || Router").replace("app).await", "make()).await");
    sandbox.write("src/main.rs", &main);
    works_when_pasted(sandbox, "where this router is made could not be found");
}

#[test]
fn a_macro_pasted() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let main = sandbox.read("src/main.rs");
    let rules = "macro_rules! routes {\n    ($($path:literal),*) => {\n        \
                 Router::new()$(.route($path, get(|| async { $path })))*\n    };\n}\n\n";
    let main = main.replace("#[tokio::main]", &format!("{rules}#[tokio::main]"));
    let chain = "Router::new().route(\"/\", get(|| async { \"Hello, World!\" }))";
    assert!(main.contains(chain));
    sandbox.write("src/main.rs", &main.replace(chain, "routes![\"/\", \"/about\"]"));
    works_when_pasted(sandbox, "where this router is made could not be found");
}
