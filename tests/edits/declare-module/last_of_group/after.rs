mod alpha;
mod config;
mod error;
use a;
