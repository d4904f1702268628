#[cfg(test)]
mod accounts;
