fn app(some_state: AppState) -> Router {
    let application_with_a_long_name: Router<some_module::AppState> = Router::new().layer(x).y(y);
    application_with_a_long_name.with_state(some_state)
}
