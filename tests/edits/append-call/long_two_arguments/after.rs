async fn app() -> Router {
    Router::new()
        .route("/", get(root))
        .nest(
            crate::administration::PREFIX_OF_ADMINISTRATION,
            crate::administration::routes(auth),
        )
        .with_state(state)
}
