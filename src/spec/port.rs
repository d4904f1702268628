//! The port a program listens on, as far as its source tells: what its pages and mails link to until somebody says
//! otherwise.

use std::net::Ipv4Addr;

use anyhow::Result;

use crate::project::Project;

/// Where no file tells.
const USUAL: u16 = 3000;

/// Files looked through at most.
const FILES: usize = 60;

/// How the name of the variable with the port may begin; `DB_PORT` is another one's.
const OURS: [&str; 7] = ["", "APP_", "API_", "HTTP_", "LISTEN_", "SERVER_", "WEB_"];

/// What parts of settings are about the server; what stands at the top is.
const SERVERS: [&str; 8] = ["", "api", "app", "application", "http", "server", "service", "web"];

/// How far behind the name of a variable its default may stand.
const NEAR: usize = 120;

/// The port of the first address in the crate roots, else of the first one in the folders of their modules that is
/// listened on, else what the settings say.
pub(super) fn port(project: &Project) -> Result<u16> {
    let mut files = vec![project.crate_root()?];
    files.extend(project.roots().into_iter().map(|root| root.file));
    for (number, file) in files.iter().enumerate() {
        if files[..number].contains(file) {
            continue;
        }
        let text = project.text(file)?.unwrap_or_default();
        if let Some(port) = in_source(&text, |_| true) {
            return Ok(port);
        }
    }
    for file in modules(project).into_iter().take(FILES) {
        // What else has an address there is perhaps one it calls.
        let text = project.text(&file)?.unwrap_or_default();
        if let Some(port) = in_source(&text, listens) {
            return Ok(port);
        }
    }
    for file in settings(project) {
        let text = project.text(&file)?.unwrap_or_default();
        if let Some(port) = in_settings(&text) {
            return Ok(port);
        }
    }
    Ok(USUAL)
}

/// Files with what the program is told when it starts.
fn settings(project: &Project) -> Vec<String> {
    let mut files = Vec::new();
    for folder in ["", "config", "configuration", "settings"] {
        let folder = project.in_package(folder).trim_end_matches('/').to_owned();
        let names = project.names_in(&folder).into_iter().filter(|name| is_settings(&folder, name));
        let path = |name| if folder.is_empty() { name } else { format!("{folder}/{name}") };
        files.extend(names.map(path));
    }
    files.truncate(FILES);
    files
}

fn is_settings(folder: &str, name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let kind = [".yaml", ".yml", ".toml"].iter().any(|end| lower.ends_with(end));
    let own =
        folder.rsplit('/').next().is_some_and(|last| ["config", "configuration", "settings"].contains(&last));
    lower == ".env" || lower.starts_with(".env.ex") || kind && (own || stem == "config" || stem == "settings")
}

/// `PORT=3000`, or `port` at the top or among what is said of the server.
fn in_settings(text: &str) -> Option<u16> {
    let mut section = String::new();
    for line in text.lines() {
        let trimmed = line.trim();
        let name = trimmed.trim_start_matches('[').trim_end_matches([']', ':']);
        if trimmed.starts_with('[') || trimmed.ends_with(':') && !line.starts_with(' ') {
            section = name.to_ascii_lowercase();
            continue;
        }
        let Some((key, value)) = trimmed.split_once(['=', ':']) else { continue };
        let (key, value) = (key.trim(), value.trim().trim_matches(['"', '\'']));
        let ours = match key.strip_suffix("PORT") {
            Some(prefix) => OURS.contains(&prefix),
            None => key == "port" && SERVERS.contains(&section.as_str()),
        };
        if let Some(port) = number(value).filter(|_| ours) {
            return Some(port);
        }
    }
    None
}

/// Files of modules in `src` and one folder further in.
fn modules(project: &Project) -> Vec<String> {
    let src = project.in_package("src");
    let (files, folders): (Vec<_>, Vec<_>) =
        project.names_in(&src).into_iter().partition(|name| name.ends_with(".rs"));
    let inner = folders.iter().filter(|name| !name.contains('.') && *name != "bin").flat_map(|folder| {
        let names = project.names_in(&format!("{src}/{folder}")).into_iter();
        names.filter(|name| name.ends_with(".rs")).map(move |name| format!("{folder}/{name}"))
    });
    files.into_iter().chain(inner).map(|name| format!("{src}/{name}")).collect()
}

/// The port of the first address in code: `"0.0.0.0:3000"`, `("127.0.0.1", 3000)`, `([127, 0, 0, 1], 3000)`, or what
/// stands in for an environment variable `PORT`.
fn in_source(text: &str, of_ours: impl Fn(&str) -> bool) -> Option<u16> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let address = |is_it: &dyn Fn(&str) -> bool| {
        code.iter().enumerate().find_map(|(number, line)| {
            let port = in_text(line).or_else(|| in_pair(line))?;
            (is_it(line) || number > 0 && is_it(code[number - 1])).then_some(port)
        })
    };
    let address = address(&listens).or_else(|| address(&of_ours));
    let code = code.join("\n");
    address.or_else(|| by_default(&code)).or_else(|| in_constant(&code))
}

fn listens(line: &str) -> bool {
    ["bind", "SocketAddr", "listen"].iter().any(|word| line.contains(word))
}

/// `"HOST:PORT"`, and nothing that has a scheme, a user or a path, nor a host by name: a server of somebody else.
fn in_text(line: &str) -> Option<u16> {
    line.split('"').skip(1).step_by(2).find_map(|text| {
        let (host, port) = text.rsplit_once(':')?;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-[]:{}_".contains(letter);
        let is_ours = host.is_empty() || host == "localhost" || host.parse::<Ipv4Addr>().is_ok();
        let is_host = is_ours || host.starts_with(['[', '{']);
        let fits = is_host && host.chars().all(plain) && port.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| number(port)).flatten()
    })
}

fn in_pair(line: &str) -> Option<u16> {
    let calls = ["bind((", "SocketAddr::from((", "SocketAddr::new(", "SocketAddrV4::new("];
    let host = |text: &str| number(line.split_once(text)?.1);
    if let Some(port) = host("\"0.0.0.0\", ").or_else(|| host("\"127.0.0.1\", ")) {
        return Some(port);
    }
    let behind = calls.iter().find_map(|call| Some(line.split_once(call)?.1))?;
    let port = match behind.split_once("], ") {
        Some((_, port)) => port,
        None => behind.rsplit_once(", ")?.1,
    };
    number(port)
}

/// `let port = 3000;`, `const PORT: u16 = 3000;`
fn in_constant(code: &str) -> Option<u16> {
    let names = ["let port = ", "let port: u16 = ", "const PORT: u16 = "];
    names.iter().find_map(|name| number(code.split_once(name)?.1))
}

/// `env::var("PORT").unwrap_or("3000".to_owned())`, or with a number.
fn by_default(code: &str) -> Option<u16> {
    code.match_indices("PORT\")").find_map(|(at, end)| {
        let (_, prefix) = code[..at].rsplit_once('"')?;
        let behind = &code[at + end.len()..];
        let near = behind.get(..behind.find(';').unwrap_or(behind.len()).min(NEAR))?;
        let (_, given) = near.split_once("unwrap_or").filter(|_| OURS.contains(&prefix))?;
        let digits = given.find(|letter: char| letter.is_ascii_digit())?;
        // A number that is part of a name is none.
        let before = given[..digits].chars().next_back()?;
        number(&given[digits..]).filter(|_| ['(', '"', ' '].contains(&before))
    })
}

fn number(text: &str) -> Option<u16> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<u16> {
        in_source(text, |_| true)
    }

    #[test]
    fn an_address_is_listened_on() {
        let cases = [
            ("let listener = TcpListener::bind(\"0.0.0.0:8080\").await;", 8080),
            ("let bind = \"[::1]:3001\";", 3001),
            ("let cache = \"127.0.0.1:6379\";\nTcpListener::bind(\"0.0.0.0:8005\")", 8005),
            ("let cache = \"127.0.0.1:6379\";\nTcpListener::bind(\n    \"0.0.0.0:8006\",\n)", 8006),
            ("TcpListener::bind((\"127.0.0.1\", 4000)).await", 4000),
            ("shop::server::init(\"0.0.0.0\", 8002).await", 8002),
            ("let port = 8003_u16;\nTcpListener::bind(format!(\"0.0.0.0:{}\", port))", 8003),
            ("pub const PORT: u16 = 8004;", 8004),
            ("let addr = SocketAddr::from(([127, 0, 0, 1], 7777));", 7777),
            ("let addr = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8001);", 8001),
            ("let port = env::var(\"PORT\").unwrap_or(\"8086\".to_string());", 8086),
            ("let port = env::var(\"APP_PORT\")\n    .unwrap_or_else(|_| \"9000\".into());", 9000),
            ("let port = env::var(\"PORT\").ok().and_then(|port| port.parse().ok()).unwrap_or(5000);", 5000),
        ];
        for (text, port) in cases {
            assert_eq!(found(text), Some(port), "{text}");
        }
    }

    #[test]
    fn an_address_of_somebody_else_is_not() {
        let cases = [
            "let url = \"postgres://me:secret@localhost:5432/shop\";",
            "let origin = \"http://localhost:5173\".parse::<HeaderValue>();",
            "let cache = redis::Client::open(\"redis://127.0.0.1:6379\");",
            "// TcpListener::bind(\"0.0.0.0:8080\")",
            "let relay = env::var(\"SMTP\").unwrap_or(\"smtp.example.com:587\".into());",
            "let key = format!(\"user:{id}:1\");",
            "let filter = \"shop=debug,log::query:1\";",
            "println!(\"at 12:30\");",
            "println!(\"12:30\");",
            "Duration::from_secs(60)",
            "let port = env::var(\"DB_PORT\").unwrap_or(\"5432\".into());",
            "let port = env::var(\"PORT\").expect(\"PORT\");\nlet year = 2024;",
            "let layers = Layers::new(\"a\", 12);",
        ];
        for text in cases {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn settings_say_it_of_the_server() {
        let cases = [
            ("DATABASE_URL=postgres://localhost:5432/shop\nPORT=8000\n", Some(8000)),
            ("DB_PORT=5432\nSMTP_PORT=\"25\"\n", None),
            ("SERVER_PORT='8001'\n", Some(8001)),
            ("database:\n  port: 5432\napplication:\n  host: 127.0.0.1\n  port: 8002\n", Some(8002)),
            ("[database]\nport = 5432\n[server]\nport = 8003\n", Some(8003)),
            ("port = 8004\n[database]\nport = 5432\n", Some(8004)),
            ("[redis]\nport = 6379\n", None),
        ];
        for (text, port) in cases {
            assert_eq!(in_settings(text), port, "{text}");
        }
    }
}
