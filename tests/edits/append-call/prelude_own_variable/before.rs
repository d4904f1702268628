use axum::{Router, routing::get};

#[tokio::main]
async fn main() {
    let auth = "mine";
    let app = Router::new().route("/", get(move || async move { auth }));
    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
