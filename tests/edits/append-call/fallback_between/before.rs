pub async fn app_router(state: AppState) -> Router<AppState> {
    Router::new()
        .route("/", get(root))
        // posts of the first version
        .nest("/v1/posts", posts_routes(state.clone()))
        .fallback(handler_404)
        .with_state(state)
}
