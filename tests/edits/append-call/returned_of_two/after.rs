fn routes() -> Router {
    let api = Router::new().route("/users", get(users));
    Router::new()
        .route("/", get(root))
        .nest("/api", api)
        .merge(x::routes())
}
