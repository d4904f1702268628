async fn main() -> std::io::Result<()> {
    let name = String::new();
    with(|| App::new().service(hello(&name))).await
}
