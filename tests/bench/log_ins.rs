//! What a flood of log-ins does to everybody else: how long an unrelated page takes while 50 passwords are being
//! hashed, compared with how long it takes when nothing else happens.
//!
//! `cargo bench --bench log_ins` generates an app, builds it for release, starts it and prints p50 and p99 of both,
//! with the ratio. Ratios, because this machine's speed cancels out. What else runs on it does not: every core that a
//! compiler is busy on is one that no page gets at once. The first build takes minutes.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const LOG_INS: usize = 50;
const ROUNDS: usize = 20;
const SAMPLES: usize = 300;

/// Between two requests for the page, so that they fall on all moments of the hashing.
const PAUSE: Duration = Duration::from_millis(2);

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = Running::start(&build(folder.path()), folder.path());
    let mut page = app.connect();
    let mut rounds = Vec::new();
    times(&mut page, SAMPLES);
    for _ in 0..ROUNDS {
        let idle = times(&mut page, SAMPLES);
        let flood = Flood::start(&app);
        let busy = times(&mut page, SAMPLES);
        let hashes = flood.stop();
        rounds.push(Round { idle: percentiles(idle), busy: percentiles(busy), hashes });
    }
    report(&rounds);
}

struct Round {
    /// p50 and p99, in seconds.
    idle: (f64, f64),
    busy: (f64, f64),
    /// How many log-ins were answered meanwhile.
    hashes: usize,
}

fn report(rounds: &[Round]) {
    let sorted = |of: &dyn Fn(&Round) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let median = |of: &dyn Fn(&Round) -> f64| sorted(of)[ROUNDS / 2];
    let show = |what: &str, p50: f64, p99: f64| {
        println!("  {what:28} p50 {:.2} ms, p99 {:.2} ms", p50 * 1e3, p99 * 1e3);
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let ratios = sorted(&|round| round.busy.1 / round.idle.1);
    println!("an unrelated page on {cores} cores, medians of {ROUNDS} rounds of {SAMPLES} requests");
    show("idle", median(&|round| round.idle.0), median(&|round| round.idle.1));
    show(
        &format!("while {LOG_INS} log-ins hash"),
        median(&|round| round.busy.0),
        median(&|round| round.busy.1),
    );
    println!("  log-ins answered in a round  {}", median(&|round| round.hashes as f64));
    println!(
        "p99 while {LOG_INS} log-ins hash / idle: {:.1} times ({:.1} to {:.1}; aim: within 5)",
        ratios[ROUNDS / 2],
        ratios[ROUNDS / 10],
        ratios[ROUNDS - 1 - ROUNDS / 10]
    );
}

fn percentiles(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn times(page: &mut Connection, samples: usize) -> Vec<f64> {
    let once = |_| {
        thread::sleep(PAUSE);
        let start = Instant::now();
        assert_eq!(page.request("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"), 200);
        start.elapsed().as_secs_f64()
    };
    (0..samples).map(once).collect()
}

/// People who try passwords, each again as soon as there is an answer. An unknown address costs a full hash.
struct Flood {
    is_over: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    people: Vec<thread::JoinHandle<()>>,
}

impl Flood {
    fn start(app: &Running) -> Flood {
        let (is_over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let people = (0..LOG_INS).map(|number| {
            let mut connection = app.connect();
            let body = format!("email=nobody{number}%40example.com&password=hello+world%21");
            let request = format!(
                "POST /users/log-in HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let (is_over, answered) = (is_over.clone(), answered.clone());
            thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    assert_eq!(connection.request(&request), 422);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        let people = people.collect();
        // All of them are waiting for a hash now.
        thread::sleep(Duration::from_millis(200));
        answered.store(0, Ordering::Relaxed);
        Flood { is_over, answered, people }
    }

    fn stop(self) -> usize {
        let answered = self.answered.load(Ordering::Relaxed);
        self.is_over.store(true, Ordering::Relaxed);
        for person in self.people {
            person.join().expect("every log-in was answered");
        }
        answered
    }
}

/// A connection that is kept open: HTTP as far as our own answers need it.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Sends a request, reads the whole answer and returns its status.
    fn request(&mut self, text: &str) -> u16 {
        self.stream.get_mut().write_all(text.as_bytes()).expect("the app reads");
        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let mut length = 0;
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().expect("a length");
            }
        }
        self.stream.read_exact(&mut vec![0; length]).expect("a body");
        status
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the app answers");
        line.trim_end().to_owned()
    }
}

/// The app, which ends with this value.
struct Running {
    process: Child,
    port: u16,
}

impl Running {
    fn start(program: &Path, folder: &Path) -> Running {
        let port = free_port();
        let process = Command::new(program)
            .current_dir(folder)
            .env("PORT", port.to_string())
            .env("BASE_URL", format!("http://localhost:{port}"))
            .env("DATABASE_URL", "sqlite://bench.db")
            // Never used: no form of this bench sends a mail.
            .env("SMTP_URL", "smtp://localhost:1")
            .env("MAIL_FROM", "bench@example.com")
            .stdin(Stdio::null())
            .spawn()
            .expect("the app starts");
        let mut app = Running { process, port };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return app;
            }
            assert!(app.process.try_wait().expect("a process").is_none(), "the app ended");
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the app does not listen");
    }

    fn connect(&self) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the app listens");
        stream.set_nodelay(true).expect("a socket");
        Connection { stream: BufReader::new(stream) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// The default app, built beside those of the tests. `GEN_AUTH_ARGS` in the environment adds flags of ours.
fn build(folder: &Path) -> PathBuf {
    let project = folder.join("axum-hello");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/axum-hello");
    fs::create_dir_all(project.join("src")).expect("a folder");
    for path in ["Cargo.toml", "Cargo.lock", "src/main.rs"] {
        fs::copy(fixture.join(path), project.join(path)).expect("a file of the fixture");
    }
    let main = project.join("src/main.rs");
    let text = fs::read_to_string(&main).expect("the program");
    let address = "\"0.0.0.0:3000\"";
    assert!(text.contains(address), "{text}");
    let of_environment = "(\"127.0.0.1\", std::env::var(\"PORT\").unwrap().parse::<u16>().unwrap())";
    fs::write(&main, text.replace(address, of_environment)).expect("the program");

    let flags = env::var("GEN_AUTH_ARGS").unwrap_or_default();
    let mut generate = Command::new(env!("CARGO_BIN_EXE_cargo-gen-auth"));
    generate.current_dir(&project).args(["Accounts", "User", "users", "--yes", "--quiet"]);
    succeeds(generate.args(flags.split_whitespace()));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(&project).args(["build", "--quiet", "--release"]).env("CARGO_TARGET_DIR", &target);
    succeeds(&mut build);
    target.join("release").join("axum-hello").with_extension(env::consts::EXE_EXTENSION)
}

fn succeeds(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
}
