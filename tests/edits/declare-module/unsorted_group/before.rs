mod zeta;
mod config;

fn main() {}
