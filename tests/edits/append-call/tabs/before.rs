async fn main() {
	let app = Router::new()
		.route("/", get(root))
		.layer(x);
}
