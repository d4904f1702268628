async fn main() -> std::io::Result<()> {
    let serve = |port| HttpServer::new(|| App::new().service(hello)).bind(("127.0.0.1", port));
    serve(8080)?.run().await
}
