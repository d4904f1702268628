//! Opens the database and brings its tables up to date.

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;

pub type Db = sqlx::SqlitePool;

pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
    if !url.starts_with("sqlite:") {
        // Without the URL, which may hold a password. The library would take it for the name of a file.
        let message = "this app is built for SQLite, so DATABASE_URL must start with `sqlite:`";
        return Err(sqlx::Error::Configuration(message.into()));
    }
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        // Readers do not wait for the writer, and a commit need not wait for the disk: after a power cut
        // the last log-in may be missing, but nothing is broken.
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let db = SqlitePoolOptions::new()
        // A connection to a file does not go stale, and the ping costs a fifth of a look-up.
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    sqlx::migrate!().run(&db).await?;
    Ok(db)
}

/// Databases for tests.
#[cfg(test)]
pub mod testing {
    use super::Db;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
    use std::path::PathBuf;
    use std::time::Duration;

    /// An empty database in memory.
    pub async fn empty() -> Db {
        let options = SqliteConnectOptions::new().in_memory(true);
        // Every connection to memory opens a database of its own, so there is one and it stays open.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(5));
        migrated(pool, options).await
    }

    /// An empty database in a file, for tests of what happens at the same moment: they need two connections.
    pub async fn concurrent() -> Concurrent {
        let name = format!("{}-{:x}", env!("CARGO_PKG_NAME"), rand::random::<u128>());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir(&directory).expect("the directory is new");
        let options = SqliteConnectOptions::new()
            .filename(directory.join("test.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new().min_connections(2);
        let db = migrated(pool, options).await;
        Concurrent { db, directory }
    }

    /// Removes the file when the test is over.
    pub struct Concurrent {
        pub db: Db,
        directory: PathBuf,
    }

    impl Drop for Concurrent {
        fn drop(&mut self) {
            // Nothing depends on it, and a panic in here would hide the one that ended the test.
            let _ = std::fs::remove_dir_all(&self.directory);
        }
    }

    async fn migrated(pool: SqlitePoolOptions, options: SqliteConnectOptions) -> Db {
        let db = pool.connect_with(options).await.expect("SQLite opens");
        let migrations = sqlx::migrate!();
        migrations.run(&db).await.expect("the migrations run");
        db
    }
}

#[cfg(test)]
mod tests {
    use super::open;

    #[tokio::test]
    async fn says_that_it_opens_sqlite_only() {
        for url in ["postgres://name:secret@localhost/db", "app.db", ""] {
            let error = open(url).await.unwrap_err().to_string();
            assert!(error.contains("must start with `sqlite:`"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(open("sqlite::memory:").await.is_ok());
    }
}
