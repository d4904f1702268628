/// Nobody else's page may frame ours, so as to have buttons clicked unseen, or receive our forms. What may be loaded
/// is left to your layout, in which they stand: where you know all of it, say so by a `default-src` here.
const CONTENT_POLICY: HeaderValue =
    HeaderValue::from_static("base-uri 'self'; frame-ancestors 'none'; form-action 'self'");
