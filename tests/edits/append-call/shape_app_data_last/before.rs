pub async fn run(listener: TcpListener, db_pool: PgPool) -> Result<Server, anyhow::Error> {
    let db_pool = Data::new(db_pool);
    let message_store = CookieMessageStore::builder(key.clone()).build();
    let server = HttpServer::new(move || {
        App::new()
            .wrap(message_framework.clone())
            .wrap(TracingLogger::default())
            .route("/", web::get().to(home))
            .service(
                web::scope("/admin")
                    .wrap(from_fn(reject_anonymous_users))
                    .route("/dashboard", web::get().to(admin_dashboard)),
            )
            .app_data(db_pool.clone())
    })
    .listen(listener)?
    .run();
    Ok(server)
}
