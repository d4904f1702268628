async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let app = Router::new()
        // pages
        .route("/", get(root))
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        // everything is traced
        .layer(TraceLayer::new_for_http()) // on stdout
        // the state
        .with_state(state);
}
