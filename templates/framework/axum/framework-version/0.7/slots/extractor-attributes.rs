#[async_trait]
