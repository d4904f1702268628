
    /// A hash that the library makes by itself.
    fn library_hash(params: Params) -> String {
        let hash = Argon2::from(params).hash_password(b"hello world!");
        hash.unwrap().to_string()
    }
