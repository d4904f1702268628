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

    Router::new()
        .merge(router)
        .layer(cors_layer)
        .layer(timeout_layer)
        .layer(trace_layer)
        .with_state(app_state)
}
