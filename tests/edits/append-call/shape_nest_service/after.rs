#[tokio::main]
async fn start() -> anyhow::Result<()> {
    let conn = Database::connect(db_url).await?;
    let state = AppState { templates, conn };

    let auth = web::Auth::from_env().await.expect("accounts cannot start");
    let app = Router::new()
        .route("/", get(list_posts).post(create_post))
        .route("/{id}", get(edit_post).post(update_post))
        .nest_service(
            "/static",
            get_service(ServeDir::new("static")).handle_error(|error| async move {
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    format!("Unhandled internal error: {error}"),
                )
            }),
        )
        .merge(web::router(auth.clone()))
        .layer(axum::middleware::from_fn_with_state(auth, web::session))
        .layer(CookieManagerLayer::new())
        .with_state(state);

    let listener = tokio::net::TcpListener::bind(&server_url).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
