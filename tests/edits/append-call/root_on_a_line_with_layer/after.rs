fn app() -> Router {
    Router::new()
        .merge(x::routes())
        .layer(a)
        .layer(b)
}
