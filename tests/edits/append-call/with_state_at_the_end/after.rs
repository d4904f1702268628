use axum::{routing::get, Router};

pub async fn app(state: AppState) -> Router {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    Router::new()
        .route("/", get(root))
        .route("/users", get(users).post(create))
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .with_state(state)
}
