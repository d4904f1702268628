fn app() -> Router {
    Router::new()
        .route("/", get(root))
}