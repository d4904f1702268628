// Modules.
mod config;
mod zeta;
