
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
