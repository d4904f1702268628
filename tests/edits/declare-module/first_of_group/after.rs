// Modules.
mod accounts;
mod config;
mod zeta;
