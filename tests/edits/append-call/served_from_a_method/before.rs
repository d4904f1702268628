impl Server {
    fn metrics(&self) -> Router {
        Router::new().route("/metrics", get(metrics_handler))
    }

    fn router(&self) -> Router {
        Router::new().route("/", get(root)).with_state(self.state.clone())
    }

    async fn run(self) {
        axum::serve(self.listener, self.router()).await.unwrap();
    }
}
