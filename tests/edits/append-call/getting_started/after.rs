use axum::{Router, routing::get};

#[tokio::main]
async fn main() {
    let auth = web::Auth::from_env().await.expect("accounts cannot start");
    // build our application with a single route
    let app = Router::new()
        .route("/", get(|| async { "Hello, World!" }))
        .merge(web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(auth, web::session));

    // run our app with hyper, listening globally on port 3000
    let listener = tokio::net::TcpListener::bind("0.0.0.0:3000").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
