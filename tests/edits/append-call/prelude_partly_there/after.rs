async fn main() {
    let a = one();

    // two
    let b = two(
        a,
    );
    let app = Router::new()
        .route("/", get(root))
        .merge(x::routes())
        .with_state(pool);
}
