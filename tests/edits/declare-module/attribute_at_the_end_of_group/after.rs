mod config;
#[cfg(test)]
mod tests;
mod web;
