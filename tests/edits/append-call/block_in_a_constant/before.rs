static APP: LazyLock<Router> = {
    LazyLock::new(make)
};

const ROUTER: Router = {
    Router::new()
};
