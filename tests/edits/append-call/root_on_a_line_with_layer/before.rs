fn app() -> Router {
    Router::new().layer(a)
        .layer(b)
}
