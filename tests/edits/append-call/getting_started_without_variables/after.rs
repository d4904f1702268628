use axum::{Router, routing::get};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await?;
    let auth = web::Auth::from_env().await.expect("accounts cannot start");
    axum::serve(
        listener,
        Router::new()
            .route("/", get(|| async { "Hello, World!" }))
            .merge(web::router(auth.clone()))
            .layer(axum::middleware::from_fn_with_state(auth, web::session)),
    )
    .await
}
