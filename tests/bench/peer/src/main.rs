//! What a page behind a log-in costs with the session libraries most projects use: axum-login on tower-sessions,
//! its store in the same SQLite file as the users.
//!
//! `peer FILE PORT`. `GET /login?email=` logs in, `GET /users/settings` needs that.

use std::env;

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId, login_required};
use serde::Deserialize;
use sqlx::{
    FromRow, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::time::Duration};
use tower_sessions_sqlx_store::SqliteStore;

#[derive(Clone, Debug, FromRow)]
struct User {
    id: i64,
    email: String,
}

impl AuthUser for User {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.email.as_bytes()
    }
}

#[derive(Clone, Deserialize)]
struct Credentials {
    email: String,
}

#[derive(Clone)]
struct Backend {
    db: SqlitePool,
}

impl AuthnBackend for Backend {
    type User = User;
    type Credentials = Credentials;
    type Error = sqlx::Error;

    async fn authenticate(&self, credentials: Credentials) -> Result<Option<User>, sqlx::Error> {
        sqlx::query_as("SELECT id, email FROM users WHERE email = $1")
            .bind(credentials.email)
            .fetch_optional(&self.db)
            .await
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<User>, sqlx::Error> {
        sqlx::query_as("SELECT id, email FROM users WHERE id = $1").bind(id).fetch_optional(&self.db).await
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Settings<'a> {
    email: &'a str,
}

async fn log_in(mut session: AuthSession<Backend>, Query(credentials): Query<Credentials>) -> StatusCode {
    let user = session.authenticate(credentials).await.expect("the database answers").expect("a user");
    session.login(&user).await.expect("the store answers");
    StatusCode::OK
}

async fn settings(session: AuthSession<Backend>) -> Html<String> {
    let user = session.user.expect("somebody");
    Html(Settings { email: &user.email }.render().expect("a page"))
}

async fn healthy(State(db): State<SqlitePool>) -> StatusCode {
    if db.is_closed() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}

#[tokio::main]
async fn main() {
    let mut args = env::args().skip(1);
    let file = args.next().expect("a file");
    let port: u16 = args.next().and_then(|port| port.parse().ok()).expect("a port");
    // As the generated app opens it.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let pool = SqlitePoolOptions::new().test_before_acquire(false);
    let db = pool.connect_with(options).await.expect("a database");
    sqlx::query("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE)")
        .execute(&db)
        .await
        .expect("a table");
    for number in 0..1_000 {
        sqlx::query("INSERT INTO users (email) VALUES ($1)")
            .bind(format!("user{number}@example.com"))
            .execute(&db)
            .await
            .expect("a user");
    }
    let store = SqliteStore::new(db.clone());
    store.migrate().await.expect("a table");
    let sessions = SessionManagerLayer::new(store)
        .with_secure(false)
        .with_expiry(Expiry::OnInactivity(Duration::days(14)));
    let auth = AuthManagerLayerBuilder::new(Backend { db: db.clone() }, sessions).build();
    let app = Router::new()
        .route("/users/settings", get(settings))
        .route_layer(login_required!(Backend))
        .route("/login", get(log_in))
        .route("/", get(healthy))
        .layer(auth)
        .with_state(db);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("a free port");
    axum::serve(listener, app).await.expect("a server");
}
