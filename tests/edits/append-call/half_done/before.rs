async fn app() -> Router {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    Router::new()
        .route("/", get(root))
        .merge(crate::web::router(auth.clone()))
        .with_state(s)
}
