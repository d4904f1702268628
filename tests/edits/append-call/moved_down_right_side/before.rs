async fn main() {
    let app =
        Router::new().route("/a/rather/long/path/for/this", get(a_rather_long_handler_name_indeed));
}
