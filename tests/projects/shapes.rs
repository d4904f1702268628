//! The same for shapes that are rarer: a router in a field, one that describes its API, decorated ones, a platform's.

use super::*;

/// What an owner's test of the fixture says of accounts, in the place of one of its lines.
fn also(sandbox: &Sandbox, path: &str, line: &str, more: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(line), "{path} has no {line}");
    sandbox.write(path, &text.replace(line, &format!("{line}\n{more}")));
}

/// The router is kept in a struct until it is served, beside the pool.
#[test]
fn field() {
    let last = "        assert!(ask(address, \"GET /\").await.starts_with(\"HTTP/1.1 404\"));";
    let more = "        let log_in = ask(address, \"GET /users/log-in\").await;\n        \
                assert!(log_in.starts_with(\"HTTP/1.1 200\"), \"{log_in}\");";
    holds("axum-field", &[], |sandbox| also(sandbox, "src/server.rs", last, more));
}

/// Functions put layers around the router; one of them is a guard, another stands around that.
#[test]
fn decorated() {
    let last = "        assert!(stranger.contains(\"server: decorated\"), \"{stranger}\");";
    let more = "        let log_in = ask(\"GET /users/log-in HTTP/1.1\").await;\n        \
                assert!(log_in.starts_with(\"HTTP/1.1 200\"), \"{log_in}\");\n        \
                assert!(log_in.contains(\"server: decorated\"), \"{log_in}\");";
    holds("axum-decorated", &[], |sandbox| also(sandbox, "src/main.rs", last, more));
}

/// Routes with a description, split from it; a fallback stands behind a layer.
#[test]
fn openapi() {
    let test = "//! What came with the accounts, inside of the layer ahead of the fallback.

use axum::body::Body;
use axum::http::Request;
use axum_openapi::{AppState, connect, router};
use std::sync::Arc;
use tower::ServiceExt;

#[tokio::test]
async fn log_in_is_inside_of_the_layer() {
    let db = connect(\"sqlite::memory:\").await.unwrap();
    let app = router(Arc::new(AppState { db }));
    for (path, status, is_inside) in [(\"/users/log-in\", 200, true), (\"/elsewhere\", 404, false)] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key(\"server\"), is_inside);
    }
}
";
    holds("axum-openapi", &[], |sandbox| sandbox.write("tests/accounts.rs", test));
}

/// What `main` returns is served by a platform, of whose crates only the names are real (`stubs/README.md`).
#[test]
fn platform() {
    let app = App::generate(Sandbox::of_fixture("axum-shuttle"), &[&NAMES]);
    all_holds(app, |sandbox| {
        let main = sandbox.read("src/main.rs");
        let paths = "[(\"/\", 200), ";
        assert!(main.contains(paths));
        sandbox.write("src/main.rs", &main.replace(paths, &format!("{paths}(\"/users/log-in\", 200), ")));
    });
}

/// Modules of the owner's have the names of ours, and a table that the program makes has it too.
#[test]
fn modules() {
    let flags = ["--table", "members"];
    let first = [&NAMES[..], &flags].concat();
    let app = App::generate(
        Sandbox::of_fixture("axum-modules"),
        &[&first, &["Backoffice", "Admin", "admins", "--web", "Staff"]],
    );
    for file in ["auth_database.rs", "auth_hashing.rs", "auth_mailer.rs", "auth_web/mod.rs"] {
        assert!(app.sandbox().path().join("src").join(file).is_file(), "{file}");
    }
    all_holds(app, |_| {});
}

#[test]
fn modules_of_the_other_way_to_log_in() {
    let flags = ["--table", "members", "--login", "password", "--id-type", "uuid", "--hashing", "bcrypt"];
    holds("axum-modules", &flags, |_| {});
}

/// Of two functions one is there, which depends on how the program is built.
#[test]
fn functions_of_which_one_is_there_pasted() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let main = sandbox.read("src/main.rs");
    let chain = "Router::new().route(\"/\", get(|| async { \"Hello, World!\" }))";
    assert!(main.contains(chain));
    let made = |cfg: &str| format!("\n#[cfg({cfg})]\nfn routes() -> Router {{\n    {chain}\n}}\n");
    let both = made("debug_assertions") + &made("not(debug_assertions)");
    sandbox.write("src/main.rs", &format!("{}{both}", main.replace(chain, "routes()")));
    works_when_pasted(sandbox, "where this router is made could not be found");
}
