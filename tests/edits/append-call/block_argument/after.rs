fn app() -> Router {
    Router::new()
        .route("/", get(|| async {
            let a = 1;
            let b = "two
lines";
            let c = 3;
            format!("{a}{b}{c}")
        }))
        .merge(x::routes())
}
