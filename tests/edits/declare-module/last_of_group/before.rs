mod alpha;
mod config;
use a;
