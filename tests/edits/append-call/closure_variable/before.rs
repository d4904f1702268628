async fn main() -> std::io::Result<()> {
    let app = || App::new().service(hello);
    HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await
}
