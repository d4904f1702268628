mod config;
mod web;
