use axum::{Router, routing::get};

fn main() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let auth = web::Auth::from_env().await.expect("accounts cannot start");
        let app = Router::new()
            .route("/", get(|| async { "Hello, World!" }))
            .merge(web::router(auth.clone()))
            .layer(axum::middleware::from_fn_with_state(auth, web::session));
        let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();
        axum::serve(listener, app).await.unwrap();
    });
}
