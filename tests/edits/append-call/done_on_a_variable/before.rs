fn app() -> Router {
    let app = Router::new().route("/", get(root));
    app.merge(x::routes())
}
