//! Parses a command line and does nothing: the floor a command built with clap cannot go below.

use clap::Parser;

#[derive(Parser)]
struct Args {
    #[arg(long)]
    dry_run: bool,
}

fn main() {
    let args = Args::parse();
    assert!(args.dry_run);
}
