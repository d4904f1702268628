async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let mut app = Router::new()
        .route("/", get(root))
        .route("/a", get(a))
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ));
    if cfg!(debug_assertions) {
        app = app.route("/debug", get(debug));
    }
    let app = app.layer(TraceLayer::new_for_http()).with_state(state);
    axum::serve(listener, app.into_make_service())
        .await
        .unwrap();
}
