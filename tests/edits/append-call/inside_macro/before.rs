async fn main() {
    let app = build! {
        Router::new().route("/", get(root))
    };
    axum::serve(listener, app).await.unwrap();
}
