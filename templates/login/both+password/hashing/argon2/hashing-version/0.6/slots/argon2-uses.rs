use argon2::password_hash::phc::{Output, PasswordHash, Salt};
