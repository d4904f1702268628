use axum::Router;

fn app() -> Router {
    Router::new().merge(x::routes()).layer(x)
}

#[cfg(test)]
mod tests {
    use mock::Router;
}
