static APP: LazyLock<Router> = LazyLock::new(|| Router::new().route("/", get(root)));
