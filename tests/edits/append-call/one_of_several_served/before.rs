fn metrics() -> Router {
    Router::new().route("/metrics", get(metrics_handler))
}

async fn main() {
    let api = Router::new().route("/users", get(users));
    let app = Router::new()
        .route("/", get(root))
        .nest("/api", api)
        .with_state(state);
    let service = ServiceBuilder::new().service(app);
    axum::serve(listener, service).await.unwrap();
}
