async fn main() {
    let app = Router::new()
        .route("/", get(root)) // the home page, "/" only
        .layer(TraceLayer::new_for_http());
}
