async fn main() {
    let app = Router::new().route("/", get(root));
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let app = Router::new()
        .nest("/prefix", app)
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ));
    axum::serve(listener, app).await.unwrap();
}
