mod config;
#[cfg(test)]
mod tests;
