async fn main() {
    #[cfg(feature = "a")]
    let app = Router::new().route("/", get(root)).with_state(pool);
}
