//! The whole table of `--list`: every combination generated, compiled, linted, formatted and tested. Very slow.
//!
//! `cargo test --features matrix --test table`; with `TABLE="postgres bcrypt"`, those that have all these values
#![cfg(unix)]

mod combinations;
mod generated_app;
mod postgres;
mod support;

use combinations::{Combinations, flags, sandbox};
use generated_app::App;
use postgres::Cluster;

#[test]
fn every_combination() {
    let words = std::env::var("TABLE").unwrap_or_default();
    let words: Vec<&str> = words.split_whitespace().collect();
    let combinations = Combinations::new();
    let mut all = combinations.all.clone();
    all.retain(|choices| words.iter().all(|word| choices.values().any(|value| value == word)));
    assert!(!all.is_empty(), "no combination has {words:?}");
    let cluster = Cluster::start();
    for (number, choices) in all.iter().enumerate() {
        let flags = format!("Accounts User users {}", flags(choices));
        println!("{} of {}: {flags}", number + 1, all.len());
        let args: Vec<&str> = flags.split(' ').collect();
        let app = App::generate(sandbox(combinations.hello(choices)), &[&args]);
        app.with_database_url(cluster.url(&format!("app_{number}"))).holds();
    }
}
