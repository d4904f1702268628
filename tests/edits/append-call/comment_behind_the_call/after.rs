async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let app = Router::new()
        .route("/", get(root)) // the home page, "/" only
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .layer(TraceLayer::new_for_http());
}
