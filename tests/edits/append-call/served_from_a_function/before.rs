fn metrics() -> Router {
    Router::new().route("/metrics", get(metrics_handler))
}

fn app(state: AppState) -> Result<Router, Error> {
    let router = Router::new()
        .route("/", get(root))
        .with_state(state);
    Ok(router)
}

async fn main() {
    tokio::spawn(other::serve_metrics(metrics()));
    axum::serve(listener, app(state).unwrap().into_make_service()).await.unwrap();
}
