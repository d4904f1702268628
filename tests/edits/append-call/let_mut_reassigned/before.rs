async fn main() {
    let mut app = Router::new().route("/", get(root)).route("/a", get(a));
    if cfg!(debug_assertions) {
        app = app.route("/debug", get(debug));
    }
    let app = app.layer(TraceLayer::new_for_http()).with_state(state);
    axum::serve(listener, app.into_make_service())
        .await
        .unwrap();
}
