async fn main() {
    let app = if dev {
        Router::new().route("/", get(dev))
    } else {
        Router::new().route("/", get(prod))
    };
    axum::serve(listener, app).await.unwrap();
}
