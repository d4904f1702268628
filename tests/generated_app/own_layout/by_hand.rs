//! A page of the owner's in a layout that was edited by hand.

use crate::accounts::Scope;
use crate::web::flash::Flash;
use askama::Template;

#[derive(Template)]
#[template(path = "club.html")]
struct Club {
    title: &'static str,
    scope: Option<Scope>,
    flash: Option<Flash>,
}

#[test]
fn shows_menu_and_message() {
    let club = Club {
        title: "Club",
        scope: None,
        flash: Some(Flash::LogInRequired),
    };
    let page = club.render().unwrap();
    let (menu, content) = page.split_once("<main>").unwrap();
    assert!(menu.contains("<a href=\"/users/log-in\">Log in</a>"), "{page}");
    assert!(content.contains("<p role=\"alert\">You must log in"), "{page}");
}
