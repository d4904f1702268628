use a::b;

mod alpha;
mod config;
mod zeta;

fn main() {}
