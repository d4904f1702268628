use axum::Router as R;

fn app() -> R {
    R::new()
        .route("/", get(root))
        .merge(x::routes())
        .with_state(state)
}
