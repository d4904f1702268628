mod pages;

use axum::{Extension, Router, response::Html, routing::get};
use web::{Auth, users::auth::RequireUser};

#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/start", get(start))
        .route("/lookup", get(lookup))
        .route("/me", get(me));

    let address = std::env::var("ADDRESS").expect("ADDRESS");
    let listener = tokio::net::TcpListener::bind(address).await.expect("a free port");
    axum::serve(listener, app).await.expect("a server");
}

async fn start(Extension(auth): Extension<Auth>) -> String {
    pages::start(&auth.db).await
}

async fn lookup(Extension(auth): Extension<Auth>) -> Html<String> {
    Html(pages::page(&pages::look_up(&auth.db).await))
}

async fn me(RequireUser(scope): RequireUser) -> Html<String> {
    Html(pages::page(&scope.user.email))
}
