        let policy = "default-src 'none'; style-src 'self'; img-src 'self'; \
            base-uri 'self'; frame-ancestors 'none'; form-action 'self'";
