//! Sends mail by SMTP, or keeps it in memory for the mailbox page and the tests.

use lettre::message::header::ContentType;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::collections::VecDeque;
use std::env;
use std::fmt;
use std::future::Future;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many mails are kept where none are sent.
const KEPT_MAILS: usize = 100;

#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
}

#[derive(Clone)]
enum Transport {
    Smtp(Arc<AsyncSmtpTransport<Tokio1Executor>>),
    Local(Arc<Mutex<VecDeque<Mail>>>),
}

/// A mail that was kept. Without `Debug`, because most of them hold a link that logs somebody in.
#[derive(Clone)]
pub struct Mail {
    pub id: u64,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl Mailer {
    /// `SMTP_URL` is like `smtps://name:password@smtp.example.com`, `MAIL_FROM` like `Name <contact@example.com>`.
    ///
    /// Without an `SMTP_URL` a development build keeps its mails. A release build refuses to start, because its
    /// mailbox page would hand everybody's log-in links to anybody.
    pub fn from_env() -> Result<Self, Error> {
        // What is empty counts as not set.
        let given = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let (smtp_url, from) = (given("SMTP_URL"), given("MAIL_FROM"));
        Self::from_settings(smtp_url, from, cfg!(debug_assertions))
    }

    fn from_settings(
        smtp_url: Option<String>,
        from: Option<String>,
        is_development: bool,
    ) -> Result<Self, Error> {
        let mut mailer = match smtp_url {
            Some(url) => Self::smtp(&url)?,
            None if is_development => Self::local(),
            None => return Err(Error::new("SMTP_URL is not set")),
        };
        if let Some(from) = from {
            let from = from.parse();
            mailer.from = from.map_err(|_| Error::new("MAIL_FROM is not a mail address"))?;
        }
        Ok(mailer)
    }

    pub fn smtp(url: &str) -> Result<Self, Error> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        // Without the library's own words: they could quote the password in the URL.
        let builder = builder.map_err(|_| Error::new("SMTP_URL is not a URL for SMTP"))?;
        let transport = Transport::Smtp(Arc::new(builder.build()));
        Ok(Self::new(transport))
    }

    /// For tests: one that does not keep its mails. Nobody listens where it would send them.
    #[cfg(test)]
    pub fn remote() -> Self {
        Self::smtp("smtp://localhost").expect("it is a URL for SMTP")
    }

    pub fn local() -> Self {
        Self::new(Transport::Local(Arc::default()))
    }

    fn new(transport: Transport) -> Self {
        let from = Address::new_dangerous("contact", "example.com");
        Self {
            from: Mailbox::new(None, from),
            transport,
        }
    }

    pub fn is_local(&self) -> bool {
        matches!(self.transport, Transport::Local(_))
    }

    /// The kept mails, oldest first; none with SMTP.
    pub fn sent(&self) -> Vec<Mail> {
        match &self.transport {
            Transport::Smtp(_) => Vec::new(),
            Transport::Local(kept) => lock(kept).iter().cloned().collect(),
        }
    }

    pub async fn deliver(&self, to: &str, subject: &str, text: String) -> Result<(), Error> {
        // Typed, so that whatever is in it becomes one recipient or none, and never a further header.
        let address = Address::from_str(to);
        let address = address.map_err(|_| Error::new("no mail can be sent to that address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(text.clone())
            .map_err(|_| Error::new("the message could not be built"))?;
        match &self.transport {
            Transport::Smtp(server) => server.send(message).await.map(drop)?,
            Transport::Local(kept) => {
                let mut kept = lock(kept);
                if kept.len() == KEPT_MAILS {
                    kept.pop_front();
                }
                let id = kept.back().map_or(1, |last| last.id + 1);
                kept.push_back(Mail {
                    id,
                    from: self.from.to_string(),
                    to: to.to_owned(),
                    subject: subject.to_owned(),
                    text,
                });
            }
        }
        Ok(())
    }

    /// Whether mail can be sent to an address like that; whether it arrives is another matter.
    pub fn takes(address: &str) -> bool {
        Address::from_str(address).is_ok()
    }

    /// Does `work`, which sends mail to an address only if it has an account, without the time it takes being read
    /// off the response. With `Local` it is done when this returns, for the page that shows the mail, and for tests.
    pub async fn off_request(&self, work: impl Future<Output = ()> + Send + 'static) {
        match self.transport {
            Transport::Smtp(_) => drop(tokio::spawn(work)),
            Transport::Local(_) => work.await,
        }
    }
}

fn lock(kept: &Mutex<VecDeque<Mail>>) -> MutexGuard<'_, VecDeque<Mail>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a mail was not sent, without anything that it held.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<smtp::Error> for Error {
    fn from(error: smtp::Error) -> Self {
        match error.status() {
            // Without the text of the answer, in which servers quote the recipient.
            Some(code) => Self::new(format!("the mail server answered {code}")),
            None if error.is_response() => Self::new("the mail server gave no valid answer"),
            None => Self::new(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;
    use tokio::sync::oneshot;

    /// A mail server for one mail. Returns its URL, and what it was told once the mail is through.
    async fn server(answer_to_recipient: &'static str) -> (String, oneshot::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (done, told) = oneshot::channel();
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (reading, mut writing) = socket.split();
            let mut lines = BufReader::new(reading).lines();
            let mut told = String::new();
            let mut in_data = false;
            writing.write_all(b"220 hello\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                told += &line;
                told += "\n";
                in_data = (in_data || line == "DATA") && line != ".";
                let answer = match line.split([' ', ':']).next() {
                    Some("DATA") => "354 go on",
                    _ if in_data => continue,
                    Some("RCPT") => answer_to_recipient,
                    _ => "250 fine",
                };
                let answer = format!("{answer}\r\n");
                writing.write_all(answer.as_bytes()).await.unwrap();
            }
            let _ = done.send(told);
        });
        (url, told)
    }

    #[tokio::test]
    async fn sends_by_smtp() {
        let (url, told) = server("250 fine").await;
        let mailer = Mailer::smtp(&url).unwrap();
        let text = "Hi!\n\nhttp://localhost:3000/token\n".to_owned();

        mailer
            .deliver("a@example.com", "Hello", text)
            .await
            .unwrap();

        let told = told.await.unwrap();
        assert!(told.contains("MAIL FROM:<contact@example.com>"), "{told}");
        assert!(told.contains("RCPT TO:<a@example.com>"), "{told}");
        assert!(told.contains("\nSubject: Hello\n"), "{told}");
        assert!(told.contains("\nContent-Type: text/plain; charset=utf-8\n"));
        assert!(told.contains("\nMessage-ID: "), "{told}");
        assert!(told.contains("\nHi!\n\nhttp://localhost:3000/token\n"));
        assert!(!mailer.is_local());
        assert!(mailer.sent().is_empty());
    }

    #[tokio::test]
    async fn an_answer_that_quotes_the_recipient_does_not_reach_the_log() {
        let (url, _told) = server("550 5.1.1 <a@example.com>: unknown").await;
        let mailer = Mailer::smtp(&url).unwrap();

        let error = mailer
            .deliver("a@example.com", "Hello", String::new())
            .await;

        let error = error.unwrap_err();
        assert_eq!(error.to_string(), "the mail server answered 550");
        assert!(!format!("{error:?}").contains("a@example.com"));
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_or_speaks_no_tls_is_an_error() {
        let (plain, _told) = server("250 fine").await;
        let with_tls = plain.replace("smtp://", "smtps://");

        for url in ["smtp://127.0.0.1:1", &with_tls] {
            let mailer = Mailer::smtp(url).unwrap();
            let result = mailer.deliver("a@example.com", "Hello", String::new());
            assert!(result.await.is_err(), "{url}");
        }
    }

    #[test]
    fn only_a_development_build_keeps_its_mails() {
        let url = Some("smtp://localhost".to_owned());
        for (url, is_development, is_local) in [
            (None, true, true),
            (url.clone(), true, false),
            (url.clone(), false, false),
        ] {
            let mailer = Mailer::from_settings(url, None, is_development);
            assert_eq!(mailer.unwrap().is_local(), is_local);
        }
        let refused = Mailer::from_settings(None, None, false).err().unwrap();
        assert_eq!(refused.to_string(), "SMTP_URL is not set");
    }

    #[tokio::test]
    async fn mails_come_from_the_configured_address() {
        let from = |text: &str| Mailer::from_settings(None, Some(text.to_owned()), true);

        let mailer = from("Hello <hi@example.com>").unwrap();
        let sent = mailer.deliver("a@example.com", "Hello", String::new());
        sent.await.unwrap();
        assert_eq!(mailer.sent()[0].from, "Hello <hi@example.com>");

        assert!(from("hi@example.com\r\nBcc: b@example.com").is_err());
    }

    #[test]
    fn a_url_that_is_not_one_for_smtp_is_refused_without_its_password() {
        let refused = Mailer::smtp("http://name:secret@example.com")
            .err()
            .unwrap();

        assert!(!refused.to_string().contains("secret"));
    }

    #[tokio::test]
    async fn headers_cannot_be_injected() {
        let mailer = Mailer::local();

        for to in [
            "a@example.com\r\nBcc: b@example.com",
            "a@example.com\nBcc: b@example.com",
            "a@example.com, b@example.com",
            "a@example.com; b@example.com",
            "name <a@example.com>",
            "a@example.com>\r\nDATA",
            "",
        ] {
            let result = mailer.deliver(to, "Hello", String::new()).await;
            assert!(result.is_err(), "{to:?}");
        }
        assert!(mailer.sent().is_empty());
    }

    #[tokio::test]
    async fn keeps_the_last_hundred() {
        let mailer = Mailer::local();
        for number in 1..=103 {
            let subject = number.to_string();
            let sent = mailer.deliver("a@example.com", &subject, String::new());
            sent.await.unwrap();
        }

        let kept = mailer.clone().sent();

        assert_eq!(kept.len(), 100);
        assert_eq!((kept[0].id, kept[0].subject.as_str()), (4, "4"));
        assert_eq!((kept[99].id, kept[99].subject.as_str()), (103, "103"));
    }

    #[tokio::test]
    async fn work_off_the_request_is_waited_for_only_without_smtp() {
        static DONE: AtomicBool = AtomicBool::new(false);
        Mailer::local()
            .off_request(async {
                tokio::task::yield_now().await;
                DONE.store(true, Ordering::Relaxed);
            })
            .await;
        assert!(DONE.load(Ordering::Relaxed));

        // Were it waited for, it would never end: its start is only given afterwards.
        let (start, started) = oneshot::channel::<()>();
        let (end, ended) = oneshot::channel();
        let mailer = Mailer::remote();
        let work = async {
            started.await.unwrap();
            end.send(()).unwrap();
        };
        let off = mailer.off_request(work);
        let off = tokio::time::timeout(Duration::from_secs(5), off).await;
        assert!(off.is_ok(), "it was waited for");
        start.send(()).unwrap();
        ended.await.unwrap();
    }
}
