fn app() -> axum::Router {
    axum::Router::<AppState>::new()
        .route("/", axum::routing::get(root))
        .merge(x::routes())
        .with_state(s)
}
