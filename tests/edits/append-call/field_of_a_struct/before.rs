fn build() -> Server {
    Server {
        name,
        router: Router::new().route("/", get(root)).with_state(state),
    }
}
