//! What the apps of every framework measure: a page made from one address, and where that comes from.

use askama::Template;

use crate::{
    accounts::{deliver_login_instructions, register},
    database::Db,
    mailer::Mailer,
};

const EMAIL: &str = "user500@example.com";

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    email: &'a str,
}

pub fn page(email: &str) -> String {
    Page { email }.render().expect("a page")
}

/// A thousand users; gives the token of a link that logs one of them in.
pub async fn start(db: &Db) -> String {
    let mut link = String::new();
    for number in 0..1_000 {
        let email = format!("user{number}@example.com");
        let user = register(db, &email).await.expect("a user");
        if email == EMAIL {
            let keep = |token: &str| {
                link = token.to_owned();
                String::new()
            };
            let mailer = Mailer::local();
            deliver_login_instructions(db, &mailer, &user, keep).await.expect("a link");
        }
    }
    link
}

/// One query that an index answers.
pub async fn look_up(db: &Db) -> String {
    sqlx::query_scalar("SELECT email FROM users WHERE email = $1")
        .bind(EMAIL)
        .fetch_one(db)
        .await
        .expect("a user")
}
