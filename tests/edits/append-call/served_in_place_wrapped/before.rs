async fn main() {
    axum::serve(listener, Router::new().route("/", get(root)))
        .await
        .unwrap();
}
