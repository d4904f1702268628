//! One page behind a log-in, and the same page made from one indexed query without any.

use askama::Template;
use axum::{Extension, response::Html};

use crate::{
    accounts::{create_session, now, register},
    web::{
        Auth,
        users::auth::{RequireUser, SESSION},
    },
};

const EMAIL: &str = "user500@example.com";

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    email: &'a str,
}

fn page(email: &str) -> Html<String> {
    Html(Page { email }.render().expect("a page"))
}

/// A thousand users; answers with the cookie of one of them.
pub async fn start(Extension(auth): Extension<Auth>) -> String {
    let mut cookie = String::new();
    for number in 0..1_000 {
        let email = format!("user{number}@example.com");
        let user = register(&auth.db, &email).await.expect("a user");
        if email == EMAIL {
            let token = create_session(&auth.db, &user, now()).await.expect("a session");
            cookie = format!("__Host-{SESSION}={token}");
        }
    }
    cookie
}

pub async fn lookup(Extension(auth): Extension<Auth>) -> Html<String> {
    let email: String = sqlx::query_scalar("SELECT email FROM users WHERE email = $1")
        .bind(EMAIL)
        .fetch_one(&auth.db)
        .await
        .expect("a user");
    page(&email)
}

pub async fn me(RequireUser(scope): RequireUser) -> Html<String> {
    page(&scope.user.email)
}
