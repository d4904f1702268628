fn app() -> Router {
    Router::new()
        .route("/", get(root))
        .merge(x::routes())
        .fallback(|| async {
            let a = 1;
            let b = 2;
            a + b
        })
}
