#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let auth = crate::web::Auth::from_env().await?;
    HttpServer::new(move || {
        App::new()
            .configure(crate::web::configure(auth.clone()))
            .app_data(web::Data::new(database.clone()))
            .service(
                web::scope("/api")
                    // todos
                    .service(web::scope("/todos").service(todo::list).service(todo::add))
                    // users
                    .service(web::scope("/users").service(user::list)),
            )
    })
    .bind(("127.0.0.1", 8080))?
    .run()
    .await
}
