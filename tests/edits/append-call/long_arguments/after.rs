async fn app() -> Router {
    Router::new()
        .route("/", get(root))
        .layer(axum::middleware::from_fn_with_state(
            auth.clone(),
            crate::administration::session,
        ))
        .with_state(state)
}
