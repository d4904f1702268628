async fn app() -> Router {
    Router::new()
        .route("/", get(root))
        .merge(
            crate::web::router(
                auth.clone(),
            ),
        )
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
}
