use sqlx::postgres::PgPoolOptions;
use std::time::Duration;
