mod pages;

use axum::{Router, routing::get};

#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/start", get(pages::start))
        .route("/lookup", get(pages::lookup))
        .route("/me", get(pages::me));

    let address = std::env::var("ADDRESS").expect("ADDRESS");
    let listener = tokio::net::TcpListener::bind(address).await.expect("a free port");
    axum::serve(listener, app).await.expect("a server");
}
