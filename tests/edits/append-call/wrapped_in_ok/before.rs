async fn app() -> Result<Router, Error> {
    Ok(Router::new().route("/", get(root)))
}
