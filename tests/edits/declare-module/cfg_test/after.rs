mod config;
#[cfg(test)]
mod fixtures;
mod web;
