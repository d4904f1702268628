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
