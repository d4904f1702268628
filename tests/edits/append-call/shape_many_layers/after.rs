pub async fn router(cfg: Config, db: Db) -> Router {
    let app_state = AppState { db };

    // Tracing of requests.
    let trace_layer = trace_layer();

    // Cross-origin requests.
    let cors_layer = cors_layer();

    // Time limit.
    let timeout_layer = TimeoutLayer::new(cfg.timeout);

    // All the routes.
    let router = routes::router();

    let auth = web::Auth::from_env().await.expect("accounts cannot start");
    Router::new()
        .merge(router)
        .merge(web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(auth, web::session))
        .layer(cors_layer)
        .layer(timeout_layer)
        .layer(trace_layer)
        .with_state(app_state)
}
