fn app() -> Router {
    Router::new().route("/", get(root)).fallback(|| async {
        let a = 1;
        let b = 2;
        a + b
    })
}
