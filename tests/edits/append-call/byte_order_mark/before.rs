fn app() -> Router {
    // é
    Router::new()
        .route("/", get(root))
        .with_state(s)
}
