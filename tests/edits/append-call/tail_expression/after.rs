fn routes() -> Router {
    Router::new()
        .route("/", get(root))
        .route("/health", get(health))
        .merge(x::routes())
}
