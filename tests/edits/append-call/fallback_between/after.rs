pub async fn app_router(state: AppState) -> Router<AppState> {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    Router::new()
        .route("/", get(root))
        // posts of the first version
        .nest("/v1/posts", posts_routes(state.clone()))
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .fallback(handler_404)
        .with_state(state)
}
