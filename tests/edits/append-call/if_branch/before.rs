async fn main() {
    let app = if dev {
        Router::new().route("/", get(dev)).layer(dev)
    } else {
        other()
    };
    axum::serve(listener, app).await.unwrap();
}
