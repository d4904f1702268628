
#[tokio::test]
async fn our_pages_load_nothing_but_our_stylesheet() {
    let (_, mut browser) = start().await;
    let page = browser.get(LOG_IN).await;
    page.assert_shows("<link rel=\"stylesheet\" href=\"/assets/auth.css\">");
    page.assert_lacks("style=");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for rule in policy.split("; ") {
        let (_, from) = rule.split_once(' ').expect("a source");
        assert!(["'none'", "'self'"].contains(&from), "{rule}");
    }
}
