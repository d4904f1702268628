fn main() {
    runtime.block_on(async {
        let pool = connect().await;
        let auth = crate::web::Auth::from_env()
            .await
            .expect("accounts cannot start");
        // our app
        // in two lines
        let app = Router::new()
            .route("/", get(root))
            .merge(crate::web::router(auth.clone()))
            .layer(axum::middleware::from_fn_with_state(
                auth,
                crate::web::session,
            ))
            .with_state(pool);
        axum::serve(listener, app).await.unwrap();
    });
}
