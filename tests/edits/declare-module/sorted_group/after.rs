use a::b;

mod alpha;
mod config;
mod error;
mod zeta;

fn main() {}
