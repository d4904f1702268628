async fn app(mode: Mode) -> Router {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    match mode {
        Mode::A => Router::new()
            .route("/", get(a))
            .merge(crate::web::router(auth.clone()))
            .layer(axum::middleware::from_fn_with_state(
                auth,
                crate::web::session,
            )),
        Mode::B => other(),
    }
}
