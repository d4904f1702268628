//! Docs.

#![allow(dead_code)]

mod accounts;

use axum::Router;

fn main() {}
