fn users() -> Router {
    Router::new().route("/users", get(users))
}

fn articles() -> Router {
    Router::new()
        .route("/articles", get(articles))
        .merge(x::routes())
}
