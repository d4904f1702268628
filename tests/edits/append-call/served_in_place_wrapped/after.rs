async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    axum::serve(
        listener,
        Router::new()
            .route("/", get(root))
            .merge(crate::web::router(auth.clone()))
            .layer(axum::middleware::from_fn_with_state(
                auth,
                crate::web::session,
            )),
    )
    .await
    .unwrap();
}
