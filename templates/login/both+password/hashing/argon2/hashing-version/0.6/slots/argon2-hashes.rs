
fn new_hash(password: &str, memory: &mut Vec<Block>) -> Result<String, Failure> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let salt = Salt::generate();
    let output = compute(&argon2, password, &salt, memory)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: argon2.params().try_into()?,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

fn is_hash_of(hash: &str, password: &str, memory: &mut Vec<Block>) -> Result<bool, Failure> {
    let stored = PasswordHash::new(hash)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = stored.version.ok_or("the stored hash has no version")?;
    let params = Params::try_from(&stored)?;
    let argon2 = Argon2::new(algorithm, version.try_into()?, params);
    let salt = stored.salt.ok_or("the stored hash has no salt")?;
    let output = compute(&argon2, password, &salt, memory)?;
    // `Output` compares in constant time.
    Ok(stored.hash == Some(output))
}
