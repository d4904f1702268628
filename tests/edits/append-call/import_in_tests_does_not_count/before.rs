use axum::Router;

fn app() -> Router {
    Router::new().layer(x)
}

#[cfg(test)]
mod tests {
    use mock::Router;
}
