use actix_web::{web, App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let auth = crate::web::Auth::from_env().await?;
    HttpServer::new(move || {
        App::new()
            .configure(crate::web::configure(auth.clone()))
            .service(hello)
            .service(echo)
    })
    .bind(("127.0.0.1", 8080))?
    .run()
    .await
}
