fn main() {
    runtime.block_on(async {
        let pool = connect().await;
        // our app
        // in two lines
        let app = Router::new().route("/", get(root)).with_state(pool);
        axum::serve(listener, app).await.unwrap();
    });
}
