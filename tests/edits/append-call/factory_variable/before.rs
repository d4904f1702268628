async fn main() -> std::io::Result<()> {
    let metrics = || App::new().service(metrics);
    let app = move || App::new().service(hello);
    other(metrics);
    HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await
}
