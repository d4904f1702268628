async fn main() {
    // ルーターを作る — 애플리케이션 é
    let app = Router::new()
        .route("/größe", get(größe)) // 日本語のコメント
        .layer(x); // ßßß
}
