async fn main() {
    let app = if dev {
        let auth = crate::web::Auth::from_env()
            .await
            .expect("accounts cannot start");
        Router::new()
            .route("/", get(dev))
            .merge(crate::web::router(auth.clone()))
            .layer(axum::middleware::from_fn_with_state(
                auth,
                crate::web::session,
            ))
            .layer(dev)
    } else {
        other()
    };
    axum::serve(listener, app).await.unwrap();
}
