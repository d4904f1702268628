mod config;
#[cfg(unix)]
mod os;
mod zeta;

#[cfg(test)]
mod tests;
