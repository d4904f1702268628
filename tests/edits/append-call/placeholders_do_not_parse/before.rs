use {{crate_name}}::app;

fn app() -> Router {
    Router::new()
}
