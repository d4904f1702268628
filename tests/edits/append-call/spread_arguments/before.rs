fn app() -> Router {
    Router::new().route(
        "/",
        get(root).post(another_rather_long_handler_name_indeed).put(yet_another_handler),
    )
}
