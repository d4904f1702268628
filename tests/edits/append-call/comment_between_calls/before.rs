async fn main() {
    let app = Router::new()
        // pages
        .route("/", get(root))
        // everything is traced
        .layer(TraceLayer::new_for_http()) // on stdout
        // the state
        .with_state(state);
}
