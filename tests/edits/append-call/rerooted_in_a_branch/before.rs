async fn main() {
    let mut app = Router::new().route("/", get(root));
    if let Some(prefix) = prefix {
        app = Router::new().nest(prefix, app);
    }
    axum::serve(listener, app).await.unwrap();
}
