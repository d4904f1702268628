fn sql() -> &'static str {
    "
  select *
"
}

fn app() -> Router {
    Router::new().route("/", get(root)).route("/other", get(other))
}
