fn app() -> axum::Router {
    axum::Router::<AppState>::new()
        .route("/", axum::routing::get(root))
        .with_state(s)
}
