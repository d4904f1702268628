fn app() -> Router {
    let app = Router::new()
        .route("/", get(root))
        .route("/a", get(a))
        .merge(x::routes()); // done
    app
}
