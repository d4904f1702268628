fn app() -> Router {
    Router::new()
        .route("/", get(root))
        .route("/a", get(a)) // a
}
