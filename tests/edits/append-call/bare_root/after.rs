use axum::Router;

async fn app() -> Router {
    Router::new()
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(auth, web::session))
}
