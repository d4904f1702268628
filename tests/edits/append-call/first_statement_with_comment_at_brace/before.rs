async fn main() { // start
    // the app
    let app = Router::new().route("/", get(root));
}
