//! The same for actix-web (`fixtures/actix-*`): the `App` is made in a closure, once for each worker.

use super::*;

/// `run` of the library gets the pool, hides it behind `Data` of the same name, and adds that at the very end.
#[cfg(unix)]
#[test]
fn run_of_a_library() {
    let test = "
#[tokio::test]
async fn accounts_stand_beside_what_was_there() {
    let port = spawn_app().await;
    let response = ask(port, \"GET /users/log-in HTTP/1.1\").await;
    assert_eq!(status(&response), \"200\");
    assert!(response.contains(\"content-security-policy: \"), \"{response}\");
    let response = ask(port, \"GET /admin/dashboard HTTP/1.1\").await;
    assert_eq!(status(&response), \"401\");
    // The tables of the accounts are in the database of the subscriptions, made by the pool that was there.
    let response = ask(port, \"GET /admin/dashboard HTTP/1.1\\r\\ncookie: name=ann\").await;
    assert_eq!(status(&response), \"200\");
    assert!(response.ends_with(\"\\r\\n\\r\\n0\"), \"{response}\");
}
";
    let app = App::generate(Sandbox::of_fixture("actix-run"), &[&NAMES]);
    let startup = app.read("src/startup.rs");
    assert!(startup.contains("Auth::with_pool(db_pool.get_ref().clone())\n        .await"), "{startup}");
    let cluster = postgres::Cluster::start();
    cluster.sql("postgres", "CREATE DATABASE app");
    all_holds(app.with_database_url(cluster.url("app")), |sandbox| append(sandbox, "tests/api.rs", test));
}

/// A closure in a variable, a loop in it, a route for every path, and something else that is served.
#[test]
fn factory() {
    let test = "
    #[actix_web::test]
    async fn log_in_comes_before_notes_of_any_name() {
        let (pages, metrics) = start().await;
        let found = answers(pages, &[\"/users/log-in\", \"/users/none\"]).await;
        assert!(found[0].starts_with(\"HTTP/1.1 200 \"), \"{}\", found[0]);
        assert!(found[1].ends_with(\"no such note\"), \"{}\", found[1]);
        let found = answers(metrics, &[\"/users/log-in\"]).await;
        assert!(found[0].starts_with(\"HTTP/1.1 404 \"), \"{}\", found[0]);
    }
}
";
    holds("actix-factory", &["--router", "src/main.rs::serve"], |sandbox| {
        let main = sandbox.read("src/main.rs");
        assert!(main.contains("site::Auth::with_pool(pages.notes.clone()).expect("), "{main}");
        let open = main.strip_suffix("}\n").expect("a module at the end");
        sandbox.write("src/main.rs", &format!("{open}{test}"));
    });
}

/// A type of the owner's own around the app, in a block around the closure.
#[test]
fn wrapper() {
    holds("actix-wrapper", &[], |_| {});
}

#[test]
fn two_servers_pasted() {
    let sandbox = Sandbox::of_fixture("actix-hello");
    let metrics = "use actix_web::{App, HttpServer, web};\n\npub async fn serve() -> std::io::Result<()> {\n    \
                   HttpServer::new(|| App::new().route(\"/metrics\", web::to(|| async { \"up\" })))\n        \
                   .bind((\"127.0.0.1\", 9090))?\n        .run()\n        .await\n}\n";
    sandbox.write("src/metrics.rs", metrics);
    let main = sandbox.read("src/main.rs").replacen("use actix_web", "mod metrics;\n\nuse actix_web", 1);
    let start = "    actix_web::rt::spawn(metrics::serve());\n    HttpServer::new(";
    sandbox.write("src/main.rs", &main.replace("    HttpServer::new(", start));
    works_when_pasted(sandbox, "--router src/main.rs::main");
}

#[test]
fn an_app_that_each_worker_calls_for_pasted() {
    let sandbox = Sandbox::of_fixture("actix-configure");
    let main = "mod notes;\n\nuse actix_web::body::MessageBody;\n\
                use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};\n\
                use actix_web::{App, Error, HttpServer, web};\nuse notes::Notes;\n\n\
                fn create_app(\n    notes: web::Data<Notes>,\n) -> App<\n    impl ServiceFactory<\n        \
                ServiceRequest,\n        Response = ServiceResponse<impl MessageBody>,\n        \
                Config = (),\n        InitError = (),\n        Error = Error,\n    >,\n> {\n    \
                App::new().app_data(notes).configure(notes::routes)\n}\n\n\
                #[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    \
                let notes = web::Data::new(Notes::default());\n    \
                HttpServer::new(move || create_app(notes.clone()))\n        \
                .bind((\"127.0.0.1\", 8080))?\n        .run()\n        .await\n}\n";
    sandbox.write("src/main.rs", main);
    works_when_pasted(sandbox, "each worker makes this in a function that adds routes");
}

#[test]
fn a_macro_pasted() {
    let sandbox = Sandbox::of_fixture("actix-hello");
    let main = sandbox.read("src/main.rs");
    let rules = "macro_rules! app {\n    ($($page:ident),*) => {\n        \
                 App::new()$(.service($page))*\n    };\n}\n\n";
    let main = main.replace("#[actix_web::main]", &format!("{rules}#[actix_web::main]"));
    let chain = "HttpServer::new(|| App::new().service(greet))";
    assert!(main.contains(chain));
    sandbox.write("src/main.rs", &main.replace(chain, "HttpServer::new(|| app!(greet))"));
    works_when_pasted(sandbox, "where this router is made could not be found");
}
