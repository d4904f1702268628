use actix_web::{web, App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let pool = connect();
    let auth = crate::web::Auth::from_env().await?;
    // start
    HttpServer::new(move || {
        let logger = Logger::default();
        App::new()
            .configure(crate::web::configure(auth.clone()))
            .wrap(logger)
            .service(hello)
            .service(web::scope("/api").service(echo))
    })
    .bind(("127.0.0.1", 8080))?
    .run()
    .await
}
