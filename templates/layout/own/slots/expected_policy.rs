        let policy = "base-uri 'self'; frame-ancestors 'none'; form-action 'self'";
