//! How a page becomes text, and the pages that belong to no account.

use crate::mailer::Mail;
use askama::Template;

/// What handlers answer with: `render` makes the text.
pub use askama::Template as Page;

#[derive(Template)]
#[template(path = "mailbox/index.html")]
pub struct Mailbox {
    pub newest_first: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "mailbox/show.html")]
pub struct KeptMail {
    pub mail: Mail,
}
