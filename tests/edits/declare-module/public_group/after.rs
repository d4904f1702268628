mod config;

use x;

pub mod routes;
pub mod users;
pub mod views;

fn main() {}
