use axum::Router;
use clap::Parser;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    let db = PgPoolOptions::new().connect(&config.database_url).await?;
    sqlx::migrate!().run(&db).await?;

    let state = AppState {
        db,
        jwt_secret: config.jwt_secret,
    };
    let app = Router::new()
        .nest("/api", users::router().merge(articles::router()))
        .with_state(state);

    let listener = TcpListener::bind(("0.0.0.0", config.port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
