async fn main() {
    let auth = crate::web::Auth::from_env()
        .await
        .expect("accounts cannot start");
    // ルーターを作る — 애플리케이션 é
    let app = Router::new()
        .route("/größe", get(größe)) // 日本語のコメント
        .merge(crate::web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(
            auth,
            crate::web::session,
        ))
        .layer(x); // ßßß
}
