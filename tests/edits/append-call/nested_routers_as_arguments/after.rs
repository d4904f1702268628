async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    let app = Router::new()
        .nest(
            "/api",
            Router::new()
                .route("/users", get(users))
                .route("/articles", get(articles)),
        )
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .layer(Extension(pool));
    axum::serve(listener, app).await.unwrap();
}
