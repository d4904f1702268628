
#[cfg(test)]
mod tests {
    use super::{open, testing};

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
        let url = testing::url_of(&db.connect_options());
        let opened = open(&url).await;
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
