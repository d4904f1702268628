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
