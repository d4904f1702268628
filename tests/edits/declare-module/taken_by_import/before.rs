use actix_web::{self, web::{self, Data}};
