fn app() -> Router {
    Router::new()
        .route("/", get(root))
        .with_state(s)
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn works() {
        let app = Router::new().route("/", get(root)).merge(x::routes());
        axum::serve(listener, app).await.unwrap();
    }
}

#[tokio::test]
async fn works_too() {
    let app = Router::new().route("/", get(root));
}
