async fn app(mode: Mode) -> Router {
    match mode {
        Mode::A => Router::new().route("/", get(a)).route("/a/b/c", get(abc)),
        Mode::B => other(),
    }
}
