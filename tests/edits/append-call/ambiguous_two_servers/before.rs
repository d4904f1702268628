async fn main() {
    let public = Router::new().route("/", get(root));
    let admin = Router::new().route("/admin", get(admin));
    tokio::spawn(async move { axum::serve(one, public).await.unwrap() });
    axum::serve(two, admin).await.unwrap();
}
