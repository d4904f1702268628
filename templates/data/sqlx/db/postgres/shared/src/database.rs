//! Opens the database and brings its tables up to date.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;

pub type Db = sqlx::PgPool;

/// Of each node: all of them together have to stay below the server's `max_connections`, which is 100 by default.
const MAX_CONNECTIONS: u32 = 10;

/// So long a request waits for a connection while all are in use or the server is away. Then it gets an error.
const PATIENCE: Duration = Duration::from_secs(3);

pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
    let db = PgPoolOptions::new()
        .max_connections(MAX_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // A ping, so that no request gets a connection that ended when the server was restarted.
        .test_before_acquire(true)
        .connect_with(options(url)?)
        .await?;
    // Under a lock of the server: of nodes that start at the same moment, one migrates and the others wait.
    sqlx::migrate!().run(&db).await?;
    Ok(db)
}

fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        // Without the URL, which may hold a password.
        let message =
            "this app is built for PostgreSQL, so DATABASE_URL must start with `postgres://`";
        return Err(sqlx::Error::Configuration(message.into()));
    }
    PgConnectOptions::from_str(url)
}

/// Databases for tests. There are as many as tests at the same moment: `app_test_1`, `app_test_2` and so on, beside
/// the `app` of `DATABASE_URL`, which is left alone. They stay for the next run, which is what makes it fast.
#[cfg(test)]
pub mod testing {
    use super::{options, Db};
    use sqlx::migrate::MigrateDatabase;
    use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
    use sqlx::{ConnectOptions, Connection, Postgres};
    use std::num::NonZero;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::available_parallelism;
    use std::time::Duration;

    static NEXT: AtomicUsize = AtomicUsize::new(0);

    /// How often a test tries the usual databases before it makes another one.
    const ROUNDS: usize = 3;

    /// What a test locks the database with that it uses. Any number would do.
    const IN_USE: i64 = 7_236_178_001;

    const MOMENT: Duration = Duration::from_millis(20);

    /// Which tables migrations put rows into. Made when they have run: a database without it is new.
    const REMEMBER: &str = "
        CREATE TABLE filled_by_migrations AS
        SELECT oid AS id
        FROM pg_class
        WHERE relkind = 'r' AND pg_relation_size(oid) > 0";

    /// Empties the tables that an earlier test wrote to. What migrations put into tables stays.
    const CLEAR: &str = "
        DO $$
        DECLARE
            written regclass[];
            one regclass;
        BEGIN
            written := ARRAY(
                SELECT oid::regclass
                FROM pg_class
                WHERE relkind = 'r'
                    AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
                    AND pg_relation_size(oid) > 0
                    AND oid <> 'filled_by_migrations'::regclass
                    AND oid NOT IN (SELECT id FROM filled_by_migrations)
            );
            FOREACH one IN ARRAY written LOOP
                EXECUTE 'DELETE FROM ' || one;
            END LOOP;
        EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN
            -- Much slower, but in no order.
            EXECUTE 'TRUNCATE ' || array_to_string(written, ', ') || ' CASCADE';
        END
        $$";

    /// An empty database that no other test uses at the same moment.
    pub async fn empty() -> Db {
        let url = std::env::var("DATABASE_URL").unwrap_or_default();
        let hint = "set DATABASE_URL to a database on the server where tests may create theirs, for example \
                    DATABASE_URL=postgres://postgres:postgres@localhost/app";
        let base = options(&url).expect(hint);
        let name = base.get_database().expect(hint).to_owned();
        // In turn, so that the server has seen the end of the test that had one before.
        let usual = 2 * available_parallelism().map_or(1, NonZero::get);
        let turn = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut tried = 0;
        loop {
            let round = tried / usual;
            let number = match round {
                0..ROUNDS => (turn + tried) % usual,
                // More tests run at once than there are processors.
                _ => tried - (ROUNDS - 1) * usual,
            };
            // No test is worth waiting for the disk.
            let own = base.clone().options([("synchronous_commit", "off")]);
            let own = own.database(&format!("{name}_test_{}", number + 1));
            if let Some(db) = claim(own).await {
                return db;
            }
            tried += 1;
            if tried % usual == 0 {
                tokio::time::sleep(MOMENT).await;
            }
        }
    }

    /// The same, for tests of what happens at the same moment.
    pub async fn concurrent() -> Concurrent {
        Concurrent { db: empty().await }
    }

    pub struct Concurrent {
        pub db: Db,
    }

    /// None when another test has it.
    async fn claim(options: PgConnectOptions) -> Option<Db> {
        let mut connection = connect(&options).await;
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(IN_USE);
        let is_free: Result<bool, _> = lock.fetch_one(&mut connection).await;
        if !is_free.expect("PostgreSQL answers") {
            let _ = connection.close().await;
            return None;
        }
        if !is_ready(&mut connection).await {
            // Made with other migrations than there are now.
            let _ = connection.close().await;
            drop_stale(&options).await;
            return Box::pin(claim(options)).await;
        }
        // The lock is the connection's, and that ends with the test and its runtime, whatever became of it.
        tokio::spawn(async move {
            let _in_use = connection;
            std::future::pending::<()>().await;
        });
        let pool = PgPoolOptions::new().max_connections(4);
        Some(pool.connect_lazy_with(options))
    }

    /// False for one of other migrations.
    async fn is_ready(connection: &mut PgConnection) -> bool {
        let migrations = sqlx::migrate!();
        let is_new = "SELECT to_regclass('filled_by_migrations') IS NULL";
        let is_new: Result<bool, _> = sqlx::query_scalar(is_new).fetch_one(&mut *connection).await;
        if is_new.expect("PostgreSQL answers") {
            let migrated = migrations.run(&mut *connection).await;
            migrated.expect("the migrations run");
            run(REMEMBER, connection).await;
            return true;
        }
        let versions = "SELECT version, checksum FROM _sqlx_migrations ORDER BY version";
        let applied = sqlx::query_as(versions).fetch_all(&mut *connection).await;
        let applied: Vec<(i64, Vec<u8>)> = applied.expect("PostgreSQL answers");
        let wanted = migrations.iter();
        let wanted = wanted.filter(|it| !it.migration_type.is_down_migration());
        let wanted = wanted.map(|it| (it.version, it.checksum.to_vec()));
        if !wanted.eq(applied) {
            return false;
        }
        run(CLEAR, connection).await;
        true
    }

    async fn run(statement: &'static str, connection: &mut PgConnection) {
        let done = sqlx::query(statement).execute(connection).await;
        done.expect("the database of an earlier test can be used again");
    }

    async fn connect(options: &PgConnectOptions) -> PgConnection {
        loop {
            match options.connect().await {
                Ok(connection) => return connection,
                Err(error) if is(&error, "3D000") => create(options).await,
                // All places are taken, until another test is over.
                Err(error) if is(&error, "53300") => tokio::time::sleep(MOMENT).await,
                Err(error) => panic!("the server of DATABASE_URL cannot be reached: {error}"),
            }
        }
    }

    async fn drop_stale(options: &PgConnectOptions) {
        let url = options.to_url_lossy();
        if let Err(error) = Postgres::drop_database(url.as_str()).await {
            // Another test did, and uses the new one.
            let in_use = is(&error, "55006");
            assert!(in_use, "an old database cannot be dropped: {error}");
        }
    }

    async fn create(options: &PgConnectOptions) {
        let url = options.to_url_lossy();
        if let Err(error) = Postgres::create_database(url.as_str()).await {
            // Another test was faster.
            let is_there = is(&error, "42P04") || is(&error, "23505");
            assert!(is_there, "no database can be created for a test: {error}");
        }
    }

    /// Whether PostgreSQL gives this code for an error.
    fn is(error: &sqlx::Error, code: &str) -> bool {
        let given = error.as_database_error().and_then(|error| error.code());
        given.is_some_and(|given| given == code)
    }
}

#[cfg(test)]
mod tests {
    use super::{open, testing};
    use sqlx::ConnectOptions;

    #[tokio::test]
    async fn says_that_it_opens_postgres_only() {
        for url in ["sqlite://app.db", "mysql://name:secret@localhost/db", ""] {
            let error = open(url).await.unwrap_err().to_string();
            assert!(error.contains("must start with `postgres://`"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[tokio::test]
    async fn opens_what_is_migrated_already() {
        let db = testing::empty().await;
        let url = db.connect_options().to_url_lossy();
        let opened = open(url.as_str()).await;
        opened.expect("it opens").close().await;
    }

    #[tokio::test]
    async fn every_test_has_a_database_of_its_own() {
        let (one, other) = (testing::empty().await, testing::empty().await);
        let name = "SELECT current_database()::text";
        let name_of = |db| sqlx::query_scalar::<_, String>(name).fetch_one(db);
        let (first, second) = (name_of(&one).await.unwrap(), name_of(&other).await.unwrap());
        assert_ne!(first, second);
    }
}
