#[cfg(not(test))]
fn app() -> Router {
    Router::new().layer(x)
}
