async fn app(mode: Mode) -> Router {
    match mode {
        Mode::A => Router::new().route("/", get(a)),
        Mode::B => other(),
    }
}
