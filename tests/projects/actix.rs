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

/// A tree of scopes and handlers with attributes, in the closure itself.
#[test]
fn scopes() {
    let test = "
    #[actix_web::test]
    async fn log_in_is_beside_the_tree() {
        let found = answers(&[\"GET /users/log-in\", \"GET /api/health\", \"GET /users\"]).await;
        assert!(found[0].starts_with(\"HTTP/1.1 200 \"), \"{}\", found[0]);
        assert!(found[1].ends_with(\"\\r\\n\\r\\nfine\"), \"{}\", found[1]);
        assert!(found[2].starts_with(\"HTTP/1.1 404 \"), \"{}\", found[2]);
    }
}
";
    holds("actix-scopes", &[], |sandbox| {
        let main = sandbox.read("src/main.rs");
        let open = main.strip_suffix("}\n").expect("a module at the end");
        sandbox.write("src/main.rs", &format!("{open}{test}"));
    });
}

/// A function of the library makes the app, with routes in it, for the workers and for tests of the owner's.
#[test]
fn made_by_a_function() {
    let test = "
    #[actix_web::test]
    async fn log_in_is_behind_what_the_function_adds() {
        let found = answers(&[\"/users/log-in\", \"/about\", \"/notes/milk\", \"/users/none\"]).await;
        assert!(found[0].starts_with(\"HTTP/1.1 200 \"), \"{}\", found[0]);
        assert!(found[1].ends_with(\"This is about\"), \"{}\", found[1]);
        assert!(found[2].ends_with(\"Buy milk\"), \"{}\", found[2]);
        assert!(found[3].starts_with(\"HTTP/1.1 404 \"), \"{}\", found[3]);
    }
}
";
    holds("actix-made", &[], |sandbox| {
        let main = sandbox.read("src/main.rs");
        assert!(main.contains("site::Auth::with_pool(pool.clone()).expect("), "{main}");
        let open = main.strip_suffix("}\n").expect("a module at the end");
        sandbox.write("src/main.rs", &format!("{open}{test}"));
    });
}

/// `fn create_app(..)` with these parameters and this body, and a server made of `served`.
fn with_create_app(input: &str, body: &str, served: &str) -> Sandbox {
    let sandbox = Sandbox::of_fixture("actix-configure");
    let (input, made) = match input {
        "" => (String::new(), ""),
        input => (format!("\n    {input},\n"), "    let notes = web::Data::new(Notes::default());\n"),
    };
    let main = format!(
        "mod notes;\n\nuse actix_web::body::MessageBody;\n\
         use actix_web::dev::{{ServiceFactory, ServiceRequest, ServiceResponse}};\n\
         use actix_web::{{App, Error, HttpServer, web}};\nuse notes::Notes;\n\n\
         fn create_app({input}) -> App<\n    impl ServiceFactory<\n        \
         ServiceRequest,\n        Response = ServiceResponse<impl MessageBody>,\n        \
         Config = (),\n        InitError = (),\n        Error = Error,\n    >,\n> {{\n    {body}\n}}\n\n\
         #[actix_web::main]\nasync fn main() -> std::io::Result<()> {{\n{made}    \
         HttpServer::new({served})\n        \
         .bind((\"127.0.0.1\", 8080))?\n        .run()\n        .await\n}}\n"
    );
    sandbox.write("src/main.rs", &main);
    sandbox
}

/// The same by its name alone, which becomes a closure.
#[test]
fn made_by_a_function_that_is_handed_over() {
    let body = "let notes = web::Data::new(Notes::default());\n    App::new().app_data(notes).configure(notes::routes)";
    let app = App::generate(with_create_app("", body, "create_app"), &[&NAMES]);
    let main = app.read("src/main.rs");
    assert!(main.contains("HttpServer::new(move || {\n        create_app()\n"), "{main}");
    all_holds(app, |_| {});
}

/// Routes that are not known by reading, ahead of ours.
const LOOP: &str = "let mut app = App::new().app_data(notes).configure(notes::routes);\n    \
                    for path in [\"/a\", \"/b\"] {\n        \
                    app = app.route(path, web::get().to(|| async { \"page\" }));\n    }\n    app";

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
    let sandbox = with_create_app("notes: web::Data<Notes>", LOOP, "move || create_app(notes.clone())");
    works_when_pasted(sandbox, "each worker makes this in a function that adds routes");
}

#[test]
fn an_app_by_the_name_of_its_function_pasted() {
    let body = format!("let notes = web::Data::new(Notes::default());\n    {LOOP}");
    let sandbox = with_create_app("", &body, "create_app");
    works_when_pasted(sandbox, "each worker makes this in a function that adds routes");
}

/// Ours go ahead of routes that would take them, in the function, which is given what they need.
#[test]
fn an_app_whose_routes_take_ours_pasted() {
    let body = "App::new()\n        .app_data(notes)\n        .configure(notes::routes)\n        \
                .route(\"/{a}/{b}\", web::get().to(|| async { \"page\" }))";
    let sandbox = with_create_app("notes: web::Data<Notes>", body, "move || create_app(notes.clone())");
    let (app, said) = App::generate_partly(sandbox, &NAMES);
    assert!(said.contains("`/{a}/{b}` takes `/users/register`"), "{said}");
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    let told = |what: &str| {
        let at = lines.iter().position(|line| line.contains(what)).expect("told");
        let within: usize = lines[at].split([' ', ',']).find_map(|word| word.parse().ok()).expect("a line");
        (within - 1, &lines[at + 1..])
    };
    let text = app.sandbox().read("src/main.rs");
    let mut text: Vec<String> = text.lines().map(str::to_owned).collect();
    let (within, calls) = told("behind `App::new()`, add:");
    let calls = calls.iter().take_while(|line| line.starts_with('.')).copied().collect::<String>();
    text[within] = text[within].replacen("App::new()", &format!("App::new(){calls}"), 1);
    let (within, argument) = told("as the last argument of `create_app`, add:");
    text[within] = text[within].replacen("notes.clone()", &format!("notes.clone(), {}", argument[0]), 1);
    let (within, parameter) = told("as the last parameter of `create_app`");
    text[within + 1].push_str(parameter[0]);
    let (above, statement) = told("above line");
    text.insert(above, statement[0].to_owned());
    app.sandbox().write("src/main.rs", &format!("{}\n", text.join("\n")));

    app.passes_its_tests();
    app.has_no_warning();
    app.is_unchanged_by_a_second_run();
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
