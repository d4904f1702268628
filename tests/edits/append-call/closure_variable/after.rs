async fn main() -> std::io::Result<()> {
    let auth = crate::web::Auth::from_env().await?;
    let app = move || {
        App::new()
            .configure(crate::web::configure(auth.clone()))
            .service(hello)
    };
    HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await
}
