//! The real program on projects whose router is a question.

mod support;

use support::Sandbox;

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["Accounts", "User", "users"], args].concat()
}

#[test]
fn of_two_routers_a_person_says_which() {
    let sandbox = Sandbox::of_fixture("axum-servers");
    for router in ["src/server.rs", "src/nowhere.rs::router", "router"] {
        let said = sandbox.run(&with(&["--yes", "--router", router]));
        assert_eq!(said.code, 2, "{router}: {}", said.err);
        assert_eq!(said.err.lines().count(), 1, "one clear message: {}", said.err);
    }
    let before = sandbox.read("src/server.rs");
    for _ in 0..2 {
        let said = sandbox.run(&with(&["--yes"]));
        assert_eq!(said.code, 5, "{}", said.err);
        for place in ["src/server.rs:17 (--router src/server.rs::router)", "--router src/metrics.rs::serve"] {
            assert!(said.err.contains(place), "{}", said.err);
        }
        assert_eq!(sandbox.read("src/server.rs"), before);
    }
    let said = sandbox.run(&with(&["--yes", "--router", "src/server.rs::nothing"]));
    assert_eq!(said.code, 5, "{}", said.err);
    let said = sandbox.run(&with(&["--yes", "--router", "src/server.rs::router"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(sandbox.read("src/server.rs").contains("Auth::from_env()"), "as the first run wrote it");

    let sandbox = Sandbox::of_fixture("axum-servers");
    let said = sandbox.run(&with(&["--yes", "--router", "src/server.rs::router"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(sandbox.read("src/server.rs").contains("self.router().merge(crate::web::router(auth.clone()))"));
    assert!(sandbox.run(&with(&["--yes"])).err.contains("nothing to do"));
}

#[cfg(unix)]
#[test]
fn a_router_that_is_not_searched_for_cannot_be_said() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let layer = "title = \"a framework of the house\"\n\n[vars]\nweb_root = \"web\"\n";
    sandbox.write(".gen-auth/templates/house.toml", "api = 1\n");
    sandbox.write(".gen-auth/templates/framework/plain/layer.toml", layer);
    let said = sandbox.run(&with(&["--yes", "--framework", "plain", "--router", "src/main.rs::main"]));
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("--router goes with a framework"), "{}", said.err);
}

#[test]
fn a_pool_that_is_not_looked_for_is_not_said_to_be_missing() {
    let sandbox = Sandbox::of_fixture("axum-postgres");
    // A house's database, of whose pools nothing is said.
    sandbox.write(".gen-auth/templates/data/sqlx/db/postgres/layer.toml", "[pools]\ntypes = []\n");
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("one of the project's is not looked for"), "{}", said.err);
    assert!(said.err.contains("in production set DATABASE_URL, BASE_URL"), "{}", said.err);
    assert!(said.err.contains("without one, cargo run opens"), "{}", said.err);
}

#[test]
fn who_has_a_pool_is_not_told_to_say_where_its_database_is() {
    for fixture in ["axum-postgres", "axum-flat"] {
        let said = Sandbox::of_fixture(fixture).run(&with(&["--yes"]));
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("in production set BASE_URL"), "{}", said.err);
        assert!(!said.err.contains("cargo run opens"), "{}", said.err);
    }
}

#[test]
fn a_router_file_is_edited_through_a_link_and_left_alone_where_it_is_read_only() {
    use std::{fs, os::unix::fs::symlink};

    let sandbox = Sandbox::of_fixture("axum-flat");
    let (link, real) = (sandbox.path().join("src/route.rs"), sandbox.path().join("kept elsewhere/route.rs"));
    fs::create_dir(real.parent().unwrap()).unwrap();
    fs::rename(&link, &real).unwrap();
    symlink("../kept elsewhere/route.rs", &link).unwrap();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(link.is_symlink());
    assert!(sandbox.read("kept elsewhere/route.rs").contains("crate::web::router"));

    let sandbox = Sandbox::of_fixture("axum-flat");
    let file = sandbox.path().join("src/route.rs");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("src/route.rs"), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_module_that_is_not_text_stops_a_search_that_needs_it() {
    let sandbox = Sandbox::of_fixture("axum-flat");
    std::fs::write(sandbox.path().join("src/route.rs"), b"// \xff\n").unwrap();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("src/route.rs is not UTF-8"), "{}", said.err);
    assert!(!sandbox.path().join("src/web").exists());
}

#[test]
fn a_program_of_bin_calls_the_modules_of_the_library() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/bin/serve.rs", &sandbox.read("src/main.rs"));
    std::fs::remove_file(sandbox.path().join("src/main.rs")).unwrap();
    sandbox.write("src/lib.rs", "");
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(sandbox.read("src/bin/serve.rs").contains(".merge(axum_hello::web::router(auth.clone()))"));
    assert_eq!(
        sandbox.read("src/lib.rs"),
        "mod accounts;\nmod database;\nmod hashing;\nmod mailer;\npub mod web;\n"
    );
    let written = sandbox.tree();
    let said = sandbox.run(&with(&["--yes"]));
    assert!(said.code == 0 && said.err.contains("nothing to do"), "{}", said.err);
    assert_eq!(sandbox.tree(), written);
}

#[test]
fn a_program_outside_of_src_without_a_library_is_refused() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/bin/serve.rs", &sandbox.read("src/main.rs"));
    std::fs::remove_file(sandbox.path().join("src/main.rs")).unwrap();
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("no src/main.rs or src/lib.rs"), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_module_that_does_not_parse_stops_a_search_that_needs_it() {
    let sandbox = Sandbox::of_fixture("axum-flat");
    sandbox.write("src/route.rs", "pub fn create_router( {\n");
    let before = sandbox.tree();
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("src/route.rs: line "), "{}", said.err);
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn what_stands_around_the_log_in_page_is_named() {
    let said = Sandbox::of_fixture("actix-run").run(&with(&["--yes"]));
    assert_eq!(said.code, 0, "{}", said.err);
    let note = "note: `.wrap(from_fn(sessions))` in src/startup.rs stands around the log-in page too";
    assert!(said.err.contains(note), "{}", said.err);

    let said = Sandbox::of_fixture("actix-configure").run(&with(&["--yes"]));
    assert!(!said.err.contains("stands around"), "a logger keeps nobody out: {}", said.err);
}

#[test]
fn where_nothing_can_wait_the_run_says_who_runs_the_migrations() {
    let sandbox = Sandbox::of_fixture("actix-run");
    let startup = sandbox.read("src/startup.rs");
    let startup = startup.replace("async fn run(", "fn run(").replace("base_url).await?", "base_url)?");
    sandbox.write("src/startup.rs", &startup);
    let said = sandbox.run(&with(&["--yes"]));
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("note: the program runs no migrations"), "{}", said.err);
    let statement = "Auth::with_pool(db_pool.get_ref().clone()).expect(";
    assert!(sandbox.read("src/startup.rs").replace("\n        ", "").contains(statement));
    assert!(sandbox.run(&with(&["--yes"])).err.contains("nothing to do"));
}
