async fn main() {
    let app = axum::Router::new()
        .route("/", get(root))
        .nest("/api", api::routes())
        .layer(TraceLayer::new_for_http())
        .layer(CorsLayer::permissive());
    axum::serve(listener, app).await.unwrap();
}
