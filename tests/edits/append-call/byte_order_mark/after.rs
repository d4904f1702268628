fn app() -> Router {
    // é
    Router::new()
        .route("/", get(root))
        .merge(x::routes())
        .with_state(s)
}
