#[cfg(all(test, feature = "web"))]
mod tests {
    fn app() -> Router {
        Router::new()
    }
}
