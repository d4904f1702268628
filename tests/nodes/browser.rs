//! A browser for pages that are served over real HTTP: it keeps cookies and sends the headers that browsers send.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// What people type, whichever node answers.
pub const PUBLIC: &str = "http://localhost:8000";

/// Longer than any answer may take.
const HANG: Duration = Duration::from_secs(20);

#[derive(Clone, Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: String,
}

impl Browser {
    pub fn get(&mut self, node: SocketAddr, path: &str) -> io::Result<Answer> {
        self.send(node, &format!("GET {path}"), "")
    }

    pub fn post(&mut self, node: SocketAddr, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let field = |(name, value): &(&str, &str)| {
            let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            format!("{name}={value}")
        };
        let body = fields.iter().map(field).collect::<Vec<_>>().join("&");
        self.send(node, &format!("POST {path}"), &body)
    }

    fn send(&mut self, node: SocketAddr, what: &str, body: &str) -> io::Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let host = PUBLIC.trim_start_matches("http://");
        let request = format!(
            "{what} HTTP/1.1\r\nHost: {host}\r\nOrigin: {PUBLIC}\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect_timeout(&node, HANG)?;
        stream.set_read_timeout(Some(HANG))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        self.read(&String::from_utf8_lossy(&answer)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn read(&mut self, answer: &str) -> Option<Answer> {
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let mut location = String::new();
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "location" => location = value.to_owned(),
                "set-cookie" => self.keep(value)?,
                _ => {}
            }
        }
        Some(Answer { status, location, body: body.to_owned() })
    }

    fn keep(&mut self, cookie: &str) -> Option<()> {
        let (pair, settings) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=')?;
        if settings.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Some(())
    }
}
