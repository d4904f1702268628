use axum::Router;

async fn app() -> Router {
    Router::new()
}
