mod zeta;
mod config;
mod accounts;

fn main() {}
