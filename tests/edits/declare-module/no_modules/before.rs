//! Docs.

#![allow(dead_code)]

use axum::Router;

fn main() {}
