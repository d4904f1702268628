use axum::Router as R;

fn app() -> R {
    R::new().route("/", get(root)).with_state(state)
}
