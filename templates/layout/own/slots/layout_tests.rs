
#[tokio::test]
async fn our_pages_stand_in_your_layout_with_menu_and_stylesheet() {
    let (_, mut browser) = start().await;
    for path in [LOG_IN, REGISTER] {
        let page = browser.get(path).await;
        let menus = page.body.matches("<nav aria-label=\"Account\">");
        assert_eq!(menus.count(), 1, "{path}");
        page.assert_shows("<link rel=\"stylesheet\" href=\"/assets/auth.css\">");
    }
}
