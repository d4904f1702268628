async fn main() {
    let a = one();

    let app = Router::new()
        .route("/", get(root))
        .with_state(pool);
}
