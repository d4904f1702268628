fn app() -> Router {
    let app = Router::new()
        .route("/", get(root))
        .route("/a", get(a)); // done
    app
}
