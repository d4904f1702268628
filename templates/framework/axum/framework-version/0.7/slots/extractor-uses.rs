use axum::async_trait;
