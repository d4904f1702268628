fn app() -> Router {
    Router::new()
}
