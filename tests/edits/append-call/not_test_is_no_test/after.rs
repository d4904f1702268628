#[cfg(not(test))]
fn app() -> Router {
    Router::new().merge(x::routes()).layer(x)
}
