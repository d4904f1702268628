//! Two processes of one generated app on one PostgreSQL: what one begins the other goes on with, and a restart of the
//! server loses and doubles nothing.
//!
//! `cargo test --features matrix --test nodes`
#![cfg(unix)]

mod generated_app;
#[path = "nodes/browser.rs"]
mod nodes_browser;
mod postgres;
mod support;

use std::{
    collections::BTreeSet,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Barrier,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use generated_app::App;
use nodes_browser::{Browser, PUBLIC};
use postgres::Cluster;
use support::Sandbox;

const LOG_IN: &str = "/users/log-in";
const SETTINGS: &str = "/users/settings";

/// So long may a page take when the server is away, on a busy machine.
const PROMPTLY: Duration = Duration::from_secs(8);

struct Node {
    process: Child,
    address: SocketAddr,
}

impl Node {
    /// Starts one; [`Node::wait`] tells when it answers.
    fn start(program: &Path, database_url: &str) -> Node {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let address = free.expect("a free port");
        let process = Command::new(program)
            .current_dir(program.parent().expect("a folder"))
            .env("LISTEN", address.to_string())
            .env("BASE_URL", PUBLIC)
            .env("DATABASE_URL", database_url)
            .stdin(Stdio::null())
            .spawn()
            .expect("it starts");
        Node { process, address }
    }

    fn wait(mut self) -> Node {
        let begin = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            let ended = self.process.try_wait().expect("ours");
            assert!(ended.is_none() && begin.elapsed() < Duration::from_secs(60), "it is not up: {ended:?}");
            thread::sleep(Duration::from_millis(20));
        }
        self
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn two_nodes_are_one_app() {
    two_nodes_of("axum-hello", "\"0.0.0.0:3000\"");
}

#[test]
fn two_nodes_of_actix_are_one_app() {
    two_nodes_of("actix-hello", "(\"127.0.0.1\", 8080)");
}

/// `listens_on` is where the fixture does.
fn two_nodes_of(fixture: &str, listens_on: &str) {
    let args = ["Accounts", "User", "users", "--db", "postgres"];
    let app = App::generate(Sandbox::of_fixture(fixture), &[&args]);
    app.replace("src/main.rs", listens_on, "std::env::var(\"LISTEN\").unwrap()");
    let program = app.build();
    let cluster = Cluster::start();
    // What a careful owner lets an app do: no extension, no schema of its own.
    cluster.sql("postgres", "CREATE ROLE app LOGIN");
    cluster.sql("postgres", "CREATE DATABASE app");
    cluster.sql("app", "GRANT CREATE ON SCHEMA public TO app");
    let url = cluster.url_of("app", "app");
    let start = || Node::start(&program, &url);

    // At the same moment, on an empty database: one of them migrates.
    let (one, two) = (start(), start());
    let (one, two) = (one.wait(), two.wait());
    let migrations = "SELECT count(*) FROM _sqlx_migrations WHERE success AND description LIKE '%users%'";
    assert_eq!(cluster.sql("app", migrations), "1");

    what_one_begins_the_other_goes_on_with(&one, &two);
    a_link_is_used_once(&one, &two);
    let one = a_node_that_dies_takes_nothing_along(one, &two, start);
    a_restart_of_the_server_loses_nothing(&one, &two, &cluster);
}

fn what_one_begins_the_other_goes_on_with(one: &Node, two: &Node) {
    let mut browser = registered(one, "one@example.com");
    let flash = browser.get(two.address, LOG_IN).unwrap().body;
    assert!(flash.contains("one@example.com"), "a flash of the other node: {flash}");
    let token = link_in_mailbox(one, "one@example.com");
    log_in(&mut browser, two, &token);
    for node in [one, two] {
        assert_eq!(browser.get(node.address, SETTINGS).unwrap().status, 200);
    }
    let password = [
        ("action", "update_password"),
        ("password", "correct horse battery"),
        ("password_confirmation", "correct horse battery"),
    ];
    let mut elsewhere = Browser::default();
    assert_eq!(browser.post(one.address, SETTINGS, &password).unwrap().status, 303);
    let fields = [("email", "ONE@example.com"), ("password", "correct horse battery")];
    assert_eq!(elsewhere.post(two.address, LOG_IN, &fields).unwrap().location, "/");
    // Log-out on one, logged out on both.
    browser.post(two.address, "/users/log-out", &[]).unwrap();
    for (node, mut copy) in [(one, browser.clone()), (two, browser)] {
        assert_eq!(copy.get(node.address, SETTINGS).unwrap().status, 303);
    }
    assert_eq!(elsewhere.get(one.address, SETTINGS).unwrap().status, 200);
}

fn a_link_is_used_once(one: &Node, two: &Node) {
    registered(one, "twice@example.com");
    for round in 0..50 {
        // The first of them confirms the account, the others find it confirmed.
        let token = link_in_mailbox(one, "twice@example.com");
        let both = Barrier::new(2);
        let statuses = thread::scope(|scope| {
            let at_once = |node: SocketAddr| {
                let (token, both) = (token.as_str(), &both);
                scope.spawn(move || {
                    both.wait();
                    Browser::default().post(node, LOG_IN, &[("token", token)]).unwrap().status
                })
            };
            [at_once(one.address), at_once(two.address)].map(|thread| thread.join().unwrap())
        });
        assert_eq!(BTreeSet::from(statuses), BTreeSet::from([303, 422]), "round {round}");
        Browser::default().post(one.address, LOG_IN, &[("email", "twice@example.com")]).unwrap();
    }
}

/// Stopped between the mail and the click. Returns its successor.
fn a_node_that_dies_takes_nothing_along(one: Node, two: &Node, start: impl Fn() -> Node) -> Node {
    let mut browser = registered(&one, "left@example.com");
    let token = link_in_mailbox(&one, "left@example.com");
    drop(one);
    log_in(&mut browser, two, &token);
    let one = start().wait();
    assert_eq!(browser.get(one.address, SETTINGS).unwrap().status, 200);
    one
}

/// A request under load.
struct Seen {
    begun: Instant,
    took: Duration,
    /// The address that it registered, if it did.
    email: Option<String>,
    status: u16,
}

fn a_restart_of_the_server_loses_nothing(one: &Node, two: &Node, cluster: &Cluster) {
    let mut browser = registered(one, "stays@example.com");
    log_in(&mut browser, two, &link_in_mailbox(one, "stays@example.com"));
    let over = AtomicBool::new(false);
    let (seen, down, up) = thread::scope(|scope| {
        let users: Vec<_> = (0..8)
            .map(|number| {
                let node = if number % 2 == 0 { one.address } else { two.address };
                let (over, browser) = (&over, browser.clone());
                scope.spawn(move || load(node, number, browser, over))
            })
            .collect();
        thread::sleep(Duration::from_secs(1));
        let down = Instant::now();
        cluster.crash();
        thread::sleep(Duration::from_secs(5));
        cluster.start_again();
        let up = Instant::now();
        thread::sleep(Duration::from_secs(3));
        over.store(true, Ordering::Relaxed);
        let seen: Vec<Seen> = users.into_iter().flat_map(|user| user.join().unwrap()).collect();
        (seen, down, up)
    });
    let failed = |seen: &&Seen| seen.status >= 500;
    assert!(seen.iter().all(|seen| seen.took < PROMPTLY), "{:?}", seen.iter().map(|seen| seen.took).max());
    assert!(seen.iter().filter(failed).any(|seen| (down..up).contains(&seen.begun)));
    let (before, after) =
        (seen.iter().filter(|it| it.begun + it.took < down), seen.iter().filter(|it| it.begun > up));
    assert!(before.count() > 0 && after.clone().count() > 0);
    let late: Vec<Duration> = after.filter(failed).map(|seen| seen.begun - up).collect();
    assert!(late.is_empty(), "errors after the server was back: {late:?}");

    let stored = cluster.sql("app", "SELECT email FROM users WHERE email LIKE 'load%'");
    let stored: Vec<&str> = stored.lines().collect();
    let distinct: BTreeSet<&str> = stored.iter().copied().collect();
    assert_eq!(stored.len(), distinct.len());
    let promised = seen.iter().filter(|seen| seen.status == 303).filter_map(|seen| seen.email.as_deref());
    let lost: Vec<&str> = promised.filter(|email| !distinct.contains(email)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    for node in [one, two] {
        assert_eq!(browser.get(node.address, SETTINGS).unwrap().status, 200);
    }
}

/// Registers people and opens a page, in turn.
fn load(node: SocketAddr, number: usize, mut browser: Browser, over: &AtomicBool) -> Vec<Seen> {
    let mut seen = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let email = (seen.len() % 2 == 0).then(|| format!("load-{number}-{}@example.com", seen.len()));
        let answer = match &email {
            Some(email) => Browser::default().post(node, "/users/register", &[("email", email)]),
            None => browser.get(node, SETTINGS),
        };
        let status = answer.expect("the node answers, whatever it says").status;
        assert!([200, 303, 500, 503].contains(&status), "{status}");
        seen.push(Seen { begun, took: begun.elapsed(), email, status });
    }
    seen
}

fn registered(node: &Node, email: &str) -> Browser {
    let mut browser = Browser::default();
    let answer = browser.post(node.address, "/users/register", &[("email", email)]).unwrap();
    assert_eq!((answer.status, answer.location.as_str()), (303, LOG_IN), "{}", answer.body);
    browser
}

fn log_in(browser: &mut Browser, node: &Node, token: &str) {
    let page = browser.get(node.address, &format!("{LOG_IN}/{token}")).unwrap();
    assert_eq!(page.status, 200);
    let answer = browser.post(node.address, LOG_IN, &[("token", token)]).unwrap();
    assert_eq!((answer.status, answer.location.as_str()), (303, "/"), "{}", answer.body);
}

/// The token of the newest link that a node mailed: a debug build keeps its mails, each node its own.
fn link_in_mailbox(node: &Node, to: &str) -> String {
    let mut browser = Browser::default();
    let list = browser.get(node.address, "/dev/mailbox").unwrap().body;
    let mails = list.split("<a href=\"").skip(1).filter(|mail| mail.contains(&format!("<span>{to}</span>")));
    let newest = mails.filter_map(|mail| mail.split('"').next()).next().expect("a mail");
    let mail = browser.get(node.address, newest).unwrap().body;
    let start = format!("{PUBLIC}{LOG_IN}/");
    let token = mail.split(&start).nth(1).and_then(|rest| rest.split('"').next());
    token.unwrap_or_else(|| panic!("no link in {mail}")).to_owned()
}
