//! The default stack, generated, compiled, linted, formatted and tested, as a developer would have it.

mod generated_app;
mod support;

use generated_app::App;
use support::Sandbox;

#[test]
fn the_default_stack_compiles_and_passes_its_own_tests() {
    let app = App::generate(Sandbox::of_fixture("axum-hello"), &[&["Accounts", "User", "users"]]);
    app.is_formatted();
    app.passes_its_tests();
    app.is_unchanged_by_a_second_run();
}
