//! Whole processes side by side, as ratios: this machine's speed cancels out.
//!
//! `cargo bench --bench process` prints, for each pair, the median of the ratios of runs taken in turn (A B A B ..).

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

const ROUNDS: usize = 40;

fn main() {
    let tool = PathBuf::from(env!("CARGO_BIN_EXE_cargo-gen-auth"));
    let nothing = nothing(&tool);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let small = project(&folder.path().join("small"), 5);
    let large = project(&folder.path().join("large"), 5_000);
    let workspace = workspace(&folder.path().join("workspace"), 5_000);

    let floor = || {
        let mut command = Command::new(&nothing);
        command.arg("--dry-run");
        command
    };
    let dry = |project: &Path| {
        let mut command = gen_auth(&tool, project);
        command.arg("--dry-run");
        command
    };
    report("dry run / a clap program that does nothing", "under 3", ROUNDS, || (dry(&small), floor()));
    report("dry run, 5,000 source files / 5 source files", "under 1.5", ROUNDS, || {
        (dry(&large), dry(&small))
    });
    report(
        "dry run, a workspace of 5,000 files with nested routers / hello-world",
        "under 100 ms",
        ROUNDS,
        || {
            let mut command = dry(&workspace);
            command.args(["-p", "api"]);
            (command, dry(&small))
        },
    );
    let mut fresh = 0;
    report("full write / a clap program that does nothing", "no aim", ROUNDS, || {
        fresh += 1;
        let project = project(&folder.path().join(format!("write-{fresh}")), 5);
        let mut command = gen_auth(&tool, &project);
        command.arg("--yes");
        (command, floor())
    });
}

fn report(what: &str, aim: &str, rounds: usize, mut pair: impl FnMut() -> (Command, Command)) {
    let mut ratios = Vec::new();
    let mut seconds = Vec::new();
    for round in 0..=rounds {
        let (mut a, mut b) = pair();
        let (a, b) = (time(&mut a), time(&mut b));
        if round > 0 {
            ratios.push(a / b);
            seconds.push(a);
        }
    }
    println!(
        "{what}: {:.2} times ({:.2} to {:.2}; aim: {aim}; {:.2} ms)",
        median(&mut ratios),
        ratios[rounds / 10],
        ratios[rounds - 1 - rounds / 10],
        median(&mut seconds) * 1e3
    );
}

fn time(command: &mut Command) -> f64 {
    command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the program starts");
    let seconds = start.elapsed().as_secs_f64();
    assert!(status.success(), "{command:?}: {status}");
    seconds
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn gen_auth(tool: &Path, project: &Path) -> Command {
    let mut command = Command::new(tool);
    command.current_dir(project).args(["Accounts", "User", "users", "--timestamp", "20260101000000"]);
    command
}

/// The hello-world fixture with `files` further source files that nobody asks for.
fn project(folder: &Path, files: usize) -> PathBuf {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/axum-hello");
    fs::create_dir_all(folder.join("src/more")).expect("a folder");
    for path in ["Cargo.toml", "Cargo.lock", "src/main.rs"] {
        fs::copy(fixture.join(path), folder.join(path)).expect("a file of the fixture");
    }
    for file in 0..files {
        let text = "pub fn f() -> u32 {\n    1\n}\n".repeat(40);
        fs::write(folder.join(format!("src/more/m{file}.rs")), text).expect("a source file");
    }
    folder.to_owned()
}

/// A workspace of `files` source files in 40 packages; the router of one of them nests those of 80 modules.
fn workspace(folder: &Path, files: usize) -> PathBuf {
    const GROUPS: usize = 8;
    const MODULES: usize = 10;
    let write = |path: String, text: String| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    let manifest = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{more}"
        )
    };
    write("Cargo.toml".to_owned(), "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n".to_owned());
    let needs = "axum = \"0.8\"\ntokio = { version = \"1\", features = [\"full\"] }\n\
                 sqlx = { version = \"0.9\", features = [\"runtime-tokio\", \"sqlite\"] }\n";
    write("crates/api/Cargo.toml".to_owned(), manifest("api", needs));
    let main = "mod routes;\n\n#[tokio::main]\nasync fn main() {\n    \
                let pool = sqlx::SqlitePool::connect(\"sqlite://api.db\").await.unwrap();\n    \
                sqlx::migrate!().run(&pool).await.unwrap();\n    let app = routes::all().with_state(pool);\n    \
                let listener = tokio::net::TcpListener::bind(\"0.0.0.0:3000\").await.unwrap();\n    \
                axum::serve(listener, app).await.unwrap();\n}\n";
    write("crates/api/src/main.rs".to_owned(), main.to_owned());
    let router = |name: &str, count: usize| {
        let modules: String = (0..count).map(|number| format!("mod {name}{number};\n")).collect();
        let nests =
            (0..count).map(|number| format!("\n        .nest(\"/{name}{number}\", {name}{number}::all())"));
        let nests: String = nests.collect();
        let all = format!("pub fn all() -> Router<sqlx::SqlitePool> {{\n    Router::new(){nests}\n}}\n");
        format!("{modules}\nuse axum::Router;\n\n{all}")
    };
    write("crates/api/src/routes/mod.rs".to_owned(), router("group", GROUPS));
    let handlers: String = (0..12)
        .map(|number| format!("\nasync fn h{number}(pool: State<SqlitePool>) -> String {{\n    format!(\"{{pool:?}}\")\n}}\n"))
        .collect();
    let routes: String =
        (0..12).map(|number| format!("\n        .route(\"/h{number}/{{id}}\", get(h{number}))")).collect();
    let module = format!(
        "use axum::{{Router, extract::State, routing::get}};\nuse sqlx::SqlitePool;\n{handlers}\n\
         pub fn all() -> Router<SqlitePool> {{\n    Router::new(){routes}\n}}\n"
    );
    for group in 0..GROUPS {
        write(format!("crates/api/src/routes/group{group}/mod.rs"), router("part", MODULES));
        for part in 0..MODULES {
            write(format!("crates/api/src/routes/group{group}/part{part}.rs"), module.clone());
        }
    }
    for number in 1..=60 {
        let table = format!("CREATE TABLE t{number} (id INTEGER PRIMARY KEY, note TEXT NOT NULL);\n");
        write(format!("crates/api/migrations/{number:04}_t{number}.sql"), table);
    }
    for package in 0..39 {
        write(format!("crates/p{package}/Cargo.toml"), manifest(&format!("p{package}"), ""));
        for file in 0..files / 39 {
            let text = "pub fn f() -> u32 {\n    1\n}\n".repeat(40);
            write(format!("crates/p{package}/src/m{file}.rs"), text);
        }
    }
    folder.to_owned()
}

/// The example, built beside the program in the same profile.
fn nothing(tool: &Path) -> PathBuf {
    let status = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--release", "--example", "nothing"])
        .status()
        .expect("cargo starts");
    assert!(status.success(), "the example builds");
    let folder = tool.parent().expect("the program is in a folder");
    folder.join("examples").join("nothing").with_extension(std::env::consts::EXE_EXTENSION)
}
