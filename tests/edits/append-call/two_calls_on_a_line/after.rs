fn app() -> Router {
    Router::new().route("/", get(root))
        .merge(x::routes())
        .layer(a).layer(b)
}
