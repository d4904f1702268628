async fn main() {
    let app = Router::new()
        .nest(
            "/api",
            Router::new()
                .route("/users", get(users))
                .route("/articles", get(articles)),
        )
        .layer(Extension(pool));
    axum::serve(listener, app).await.unwrap();
}
