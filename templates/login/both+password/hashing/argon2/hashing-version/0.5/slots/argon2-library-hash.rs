
    /// A hash that the library makes by itself.
    fn library_hash(params: Params) -> String {
        let salt = SaltString::generate(OsRng);
        let hash = Argon2::from(params).hash_password(b"hello world!", &salt);
        hash.unwrap().to_string()
    }
