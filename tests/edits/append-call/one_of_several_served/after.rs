fn metrics() -> Router {
    Router::new().route("/metrics", get(metrics_handler))
}

async fn main() {
    let api = Router::new().route("/users", get(users));
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let app = Router::new()
        .route("/", get(root))
        .nest("/api", api)
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .with_state(state);
    let service = ServiceBuilder::new().service(app);
    axum::serve(listener, service).await.unwrap();
}
