async fn main() {
    // the app
    let app = Router::new()
        .route("/", get(root))
        .layer(x);
    axum::serve(listener, app).await.unwrap();
}
