mod config;

use x;

pub mod routes;
pub mod views;

fn main() {}
