#![allow(dead_code)]

mod accounts;