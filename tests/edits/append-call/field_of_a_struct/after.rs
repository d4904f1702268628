fn build() -> Server {
    Server {
        name,
        router: Router::new()
            .route("/", get(root))
            .merge(x::routes())
            .with_state(state),
    }
}
