fn users() -> Router {
    Router::new().route("/users", get(users))
}
