async fn main() {
    let app = Router::new().route("/", get(root));
    let app = Router::new().nest("/prefix", app);
    axum::serve(listener, app).await.unwrap();
}
