//! The whole table of `--list`: every combination generated, compiled, linted, formatted and tested. Very slow.
//!
//! `cargo test --features matrix --test table`; with `TABLE="postgres bcrypt"`, those that have all these values
#![cfg(unix)]

use std::panic::catch_unwind;

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
    let mut failed = Vec::new();
    for (number, choices) in all.iter().enumerate() {
        let flags = format!("Accounts User users {}", flags(choices));
        println!("{} of {}: {flags}", number + 1, all.len());
        let args: Vec<&str> = flags.split(' ').collect();
        let hello = combinations.hello(choices);
        // The others are worth knowing too: this takes an hour.
        let held = catch_unwind(|| {
            let app = App::generate(sandbox(hello), &[&args]);
            // One for each: what tests leave on a server are some 200 MB.
            let cluster = app.is_on_postgres().then(Cluster::start);
            let app = match &cluster {
                Some(cluster) => app.with_database_url(cluster.url("app")),
                None => app,
            };
            app.holds();
            app.is_cleaned_up();
        });
        if held.is_err() {
            failed.push(flags);
        }
    }
    assert!(failed.is_empty(), "{} of {} do not hold:\n{}", failed.len(), all.len(), failed.join("\n"));
}
