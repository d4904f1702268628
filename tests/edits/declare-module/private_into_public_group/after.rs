mod accounts;
pub mod routes;
pub mod views;
