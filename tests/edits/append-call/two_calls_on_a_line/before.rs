fn app() -> Router {
    Router::new().route("/", get(root))
        .layer(a).layer(b)
}
