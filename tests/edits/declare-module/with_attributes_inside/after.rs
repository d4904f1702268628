mod config;
#[cfg(unix)]
mod os;
mod past;
mod zeta;

#[cfg(test)]
mod tests;
