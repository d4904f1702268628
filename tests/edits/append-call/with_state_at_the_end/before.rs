use axum::{routing::get, Router};

pub async fn app(state: AppState) -> Router {
    Router::new()
        .route("/", get(root))
        .route("/users", get(users).post(create))
        .with_state(state)
}
