//! A page of the owner's with the menu and messages of accounts, as the last words of a run say; and what all
//! pages look like in the owner's layout.

use crate::web::cookies::Cookies;
use crate::web::users::{auth::MaybeUser, pages::Frame};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "club.html")]
struct Club {
    frame: Frame,
}

pub async fn club(MaybeUser(scope): MaybeUser, cookies: Cookies) -> Response {
    let frame = Frame::new(&cookies, scope.as_ref());
    crate::page(&Club { frame })
}

#[cfg(test)]
mod tests {
    use crate::web::{self, Auth, config::Config};
    use crate::{database::testing, mailer::Mailer};
    use axum::{Router, body::Body, http::Request, http::header, middleware::from_fn_with_state};
    use http_body_util::BodyExt;
    use std::sync::Arc;
    use tower::ServiceExt;

    const MENU: &str = "<nav aria-label=\"Account\">";
    const MESSAGE: &str = "role=\"alert\">You must log in to access this page.";

    async fn site() -> Router {
        let auth = Auth {
            db: testing::empty().await,
            mailer: Mailer::local(),
            config: Arc::new(Config::new("http://localhost").unwrap()),
        };
        let app = crate::pages().merge(web::router(auth.clone()));
        app.layer(from_fn_with_state(auth, web::session))
    }

    /// A page as somebody sees it who was sent to log in.
    async fn page(path: &str) -> String {
        let app = site().await;
        let guarded = Request::get("/users/settings").body(Body::empty()).unwrap();
        let sent_away = app.clone().oneshot(guarded).await.unwrap();
        let mut request = Request::get(path);
        for cookie in sent_away.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            request = request.header(header::COOKIE, pair);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    fn stand_in_this_order(body: &str, parts: &[&str]) {
        let mut rest = body;
        for part in parts {
            let found = rest.split_once(part);
            rest = found.unwrap_or_else(|| panic!("no {part} where it should be in\n{body}")).1;
        }
    }

    #[tokio::test]
    async fn the_log_in_page_stands_in_the_layout() {
        let body = page("/users/log-in").await;
        stand_in_this_order(
            &body,
            &[
                "<title>Log in</title>",
                "<a href=\"/about\">About us</a>",
                MENU,
                "<a href=\"/users/register\">Register</a>",
                "</header>",
                "<main>",
                MESSAGE,
                "<h1>Log in</h1>",
                "</main>",
                "Open from six.",
            ],
        );
    }

    #[tokio::test]
    async fn the_mailbox_stands_in_the_layout() {
        let body = page("/dev/mailbox").await;
        stand_in_this_order(&body, &["About us", "<main>", "<h1>Mailbox</h1>", "</main>", "Open from six."]);
    }

    #[tokio::test]
    async fn a_page_of_ones_own_has_menu_and_message() {
        let body = page("/club").await;
        stand_in_this_order(&body, &["About us", MENU, "</header>", "<main>", MESSAGE, "<h1>Club</h1>"]);
    }

    #[tokio::test]
    async fn other_pages_are_what_they_were() {
        for path in ["/", "/about"] {
            let body = page(path).await;
            assert!(!body.contains(MENU) && !body.contains(MESSAGE), "{body}");
        }
    }
}
