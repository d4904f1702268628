/// Our pages are a stylesheet, forms and no script. Nobody else's page may frame them, so as to have buttons
/// clicked unseen, or receive our forms.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'",
);
