//! Pages per second, side by side: a page behind our log-in against the same app's page with one indexed query and
//! no log-in, and against the same page behind axum-login on tower-sessions (`tests/bench/peer`).
//!
//! `cargo bench --bench pages` builds an app of each framework in `tests/bench/pages` (`-- actix-web` only that one),
//! starts them, and lets `wrk` (Debian: `apt-get install wrk`) ask one after the other, round by round; printed are
//! the medians of each round's ratios, with the lowest and the highest. On a machine that does nothing else.

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// An even number, as each of a pair is asked first in half of them.
const ROUNDS: usize = 6;
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// Of one measurement.
const SECONDS: usize = 3;

fn main() {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("pages: skipped, for there is no wrk here (Debian: apt-get install wrk)");
        return;
    }
    let apps = wanted();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let peer = Server::peer(folder.path());
    for app in apps {
        let ours = Server::generated(&app, &folder.path().join(&app));
        for connections in CONNECTIONS {
            let ask = |server: &Server, path| server.pages_per_second(path, connections);
            let (mut to_lookup, mut to_peer) = (Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                let me = || ask(&ours, "/me");
                let lookup = || ask(&ours, "/lookup");
                let theirs = || ask(&peer, "/users/settings");
                // One beside the other, each first as often as last: what else the machine does meanwhile, and how
                // warm it is, favours neither.
                to_lookup.push(ratio(me, lookup, round));
                to_peer.push(ratio(me, theirs, round));
            }
            println!(
                "{app}, {connections:>2} connections: {} times a look-up without log-in (aim: 0.95), \
                 {} times axum-login (aim: 1.6)",
                summary(&mut to_lookup),
                summary(&mut to_peer)
            );
        }
    }
}

/// The apps to measure: those whose names were given, or all.
fn wanted() -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(source("pages")).expect("apps").map(|app| name_of(&app.expect("an app"))).collect();
    names.sort();
    // Cargo adds `--bench`.
    let given: Vec<String> = env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for name in &given {
        assert!(names.contains(name), "there is no app {name}, only {}", names.join(", "));
    }
    if given.is_empty() { names } else { given }
}

fn name_of(entry: &fs::DirEntry) -> String {
    entry.file_name().to_string_lossy().into_owned()
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench").join(name)
}

/// A program that answers, until it is dropped.
struct Server {
    child: Child,
    port: u16,
    cookie: String,
}

impl Server {
    fn peer(folder: &Path) -> Server {
        let project = folder.join("peer");
        copy(&source("peer"), &project);
        copy(&source("page/templates"), &project.join("templates"));
        let port = free_port();
        let mut command = Command::new(build(&project, "peer"));
        command.arg(folder.join("peer.db")).arg(port.to_string());
        let mut server = Server::start(command, port);
        server.keep_session(&server.get("/login?email=user500@example.com"));
        server
    }

    /// The app `name` after a run of the generator, with somebody logged in.
    fn generated(name: &str, folder: &Path) -> Server {
        copy(&source("page"), folder);
        copy(&source("pages").join(name), folder);
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
        let token = answer.lines().last().expect("a token");
        let answer = server.ask("POST /users/log-in", &format!("token={token}"));
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        server.keep_session(&answer);
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
        let answer = self.ask(&format!("GET {path}"), "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        answer
    }

    fn ask(&self, what: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let (port, cookie, length) = (self.port, &self.cookie, form.len());
        let request = format!(
            "{what} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// From now on asks as whoever the answer logs in.
    fn keep_session(&mut self, answer: &str) {
        let cookies = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        // tower-sessions calls its own `id`.
        let mut sessions = cookies.filter(|cookie| cookie.contains("_session=") || cookie.starts_with("id="));
        self.cookie = sessions.next().expect("a session").to_owned();
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

/// How many times `one` is `other`, asked right after each other: `one` first in every other round.
fn ratio(one: impl Fn() -> f64, other: impl Fn() -> f64, round: usize) -> f64 {
    if round.is_multiple_of(2) {
        let one = one();
        one / other()
    } else {
        let other = other();
        one() / other
    }
}

fn summary(ratios: &mut [f64]) -> String {
    ratios.sort_by(f64::total_cmp);
    let (lowest, highest) = (ratios[0], ratios[ratios.len() - 1]);
    let middle = ratios.len() / 2;
    let median = f64::midpoint(ratios[middle - 1], ratios[middle]);
    format!("{median:.2} ({lowest:.2} to {highest:.2})")
}
