struct Router;

fn app() -> Router {
    Router::new().route("/", get(root)).with_state(s)
}
