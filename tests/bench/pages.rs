//! Pages per second, side by side: a page behind our log-in against the same app's page with one indexed query and
//! no log-in, and against the same page behind axum-login on tower-sessions (`tests/bench/peer`).
//!
//! `cargo bench --bench pages` builds the apps, starts them, and lets `wrk` (Debian: `apt-get install wrk`) ask one
//! after the other, round by round; printed are the medians of each round's ratios.

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// Of one measurement.
const SECONDS: usize = 3;

fn main() {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("pages: skipped, for there is no wrk here (Debian: apt-get install wrk)");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let peer = Server::peer(folder.path());
    let apps = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/pages");
    let mut apps: Vec<PathBuf> =
        fs::read_dir(apps).expect("apps").map(|entry| entry.expect("an app").path()).collect();
    apps.sort();
    for app in apps {
        let name = app.file_name().expect("a name").to_string_lossy().into_owned();
        let ours = Server::generated(&app, &folder.path().join(&name));
        for connections in CONNECTIONS {
            let (mut to_lookup, mut to_peer) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let me = ours.pages_per_second("/me", connections);
                to_lookup.push(me / ours.pages_per_second("/lookup", connections));
                to_peer.push(me / peer.pages_per_second("/users/settings", connections));
            }
            println!(
                "{name}, {connections:>2} connections: {:.2} times a look-up without log-in (aim: 0.95), \
                 {:.2} times axum-login (aim: 1.6)",
                median(&mut to_lookup),
                median(&mut to_peer)
            );
        }
    }
}

/// A program that answers, until it is dropped.
struct Server {
    child: Child,
    port: u16,
    cookie: String,
}

impl Server {
    fn peer(folder: &Path) -> Server {
        let source = folder.join("peer");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peer"), &source);
        let port = free_port();
        let mut command = Command::new(build(&source, "peer"));
        command.arg(folder.join("peer.db")).arg(port.to_string());
        let mut server = Server::start(command, port);
        let answer = server.get("/login?email=user500@example.com");
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        server.cookie = cookie.expect("a session").to_owned();
        server
    }

    /// The project of `source` after a run of the generator.
    fn generated(source: &Path, folder: &Path) -> Server {
        copy(source, folder);
        let status = Command::new(env!("CARGO_BIN_EXE_cargo-gen-auth"))
            .current_dir(folder)
            .args(["Accounts", "User", "users", "--yes", "--quiet"])
            .status()
            .expect("the generator starts");
        assert!(status.success(), "generated");
        let port = free_port();
        let mut command = Command::new(build(folder, "pages"));
        command
            .current_dir(folder)
            .env("ADDRESS", format!("127.0.0.1:{port}"))
            .env("BASE_URL", format!("http://localhost:{port}"))
            .env("SMTP_URL", "smtp://localhost")
            .env("MAIL_FROM", "app@example.com")
            .env_remove("DATABASE_URL");
        let mut server = Server::start(command, port);
        let answer = server.get("/start");
        server.cookie = answer.lines().last().expect("a cookie").to_owned();
        server
    }

    fn start(mut command: Command, port: u16) -> Server {
        let child = command.stdout(Stdio::null()).spawn().expect("the server starts");
        let server = Server { child, port, cookie: String::new() };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "no answer on port {port}");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The whole answer, headers first.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let (port, cookie) = (self.port, &self.cookie);
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        answer
    }

    fn pages_per_second(&self, path: &str, connections: usize) -> f64 {
        assert!(self.get(path).contains("user500@example.com"), "{path} shows who it is for");
        let output = Command::new("wrk")
            .args(["-t1", &format!("-c{connections}"), &format!("-d{SECONDS}s")])
            .args(["-H", &format!("Cookie: {}", self.cookie)])
            .arg(format!("http://127.0.0.1:{}{path}", self.port))
            .output()
            .expect("wrk starts");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains("Non-2xx"), "{text}");
        let rate = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
        rate.and_then(|rate| rate.trim().parse().ok()).unwrap_or_else(|| panic!("no rate in {text}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds a project in release and gives its program. All of them share one target folder.
fn build(project: &Path, name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    let status = Command::new(env!("CARGO"))
        .current_dir(project)
        .args(["build", "--release", "--quiet"])
        .env("CARGO_TARGET_DIR", &target)
        .status()
        .expect("cargo starts");
    assert!(status.success(), "{name} builds");
    // Apart, for the next app of this name would take its place.
    let program = target.join("release").join(name).with_extension(env::consts::EXE_EXTENSION);
    let own = project.join(name).with_extension(env::consts::EXE_EXTENSION);
    fs::copy(program, &own).expect("the program");
    own
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
