mod accounts;

#[macro_use]
mod macros;

#[cfg(test)]
mod tests;

fn main() {}
