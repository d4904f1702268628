async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let app = axum::Router::new()
        .route("/", get(root))
        .nest("/api", api::routes())
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .layer(TraceLayer::new_for_http())
        .layer(CorsLayer::permissive());
    axum::serve(listener, app).await.unwrap();
}
