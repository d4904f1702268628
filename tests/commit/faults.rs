//! Errors, interrupts and kills at every single step.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::support::{PLAN, Reason, Step, Then, Watched, commit, project, run, run_undisturbed, tree};

type Tree = BTreeMap<PathBuf, String>;

fn finished() -> Tree {
    let dir = project();
    run_undisturbed(PLAN, dir.path()).unwrap();
    tree(dir.path())
}

/// How many steps an undisturbed run takes.
fn steps() -> usize {
    let dir = project();
    let mut steps = 0;
    let mut disk = Watched::new(|step| {
        steps = step.number;
        Then::Go
    });
    run(PLAN, dir.path(), &mut disk, &|| false).unwrap();
    steps
}

#[test]
fn an_error_at_any_step_is_undone() {
    for half in [true, false] {
        for at in 1..=steps() {
            let dir = project();
            let before = tree(dir.path());
            let mut disk = Watched::new(|step| match (step.number == at, half) {
                (false, _) => Then::Go,
                (true, true) => Then::Half,
                (true, false) => Then::Fail,
            });
            let error = run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
            assert_eq!(error.not_put_back, [""; 0], "step {at}");
            assert!(error.to_string().contains(": fault\n"), "step {at}: {error}");
            assert_eq!(tree(dir.path()), before, "step {at}");
        }
    }
}

#[test]
fn after_an_error_in_the_undoing_too_the_message_tells_the_exact_truth() {
    let finished = finished();
    for first in 1..=steps() {
        // The undoing never takes more steps than the doing.
        for second in first + 1..=first + steps() {
            let dir = project();
            let before = tree(dir.path());
            let mut last = 0;
            let mut disk = Watched::new(|step| {
                last = step.number;
                match step.number == first || step.number == second {
                    true => Then::Half,
                    false => Then::Go,
                }
            });
            let error = run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
            if last < second {
                break;
            }
            let after = tree(dir.path());
            let message = error.not_put_back.join("\n");
            assert_eq!(message.is_empty(), after == before, "{first}, {second}: {message}");
            for path in differences(&before, &after) {
                let name = path.file_name().unwrap().to_str().unwrap();
                assert!(message.contains(name), "{first}, {second}: {name} in {message}");
            }
            run_undisturbed(PLAN, dir.path()).unwrap();
            assert_eq!(tree(dir.path()), finished, "{first}, {second}");
        }
    }
}

fn differences<'a>(before: &'a Tree, after: &'a Tree) -> impl Iterator<Item = &'a Path> {
    let paths = before.keys().chain(after.keys());
    paths.filter(|path| before.get(*path) != after.get(*path)).map(PathBuf::as_path)
}

#[test]
fn a_file_that_cannot_be_put_back_is_named() {
    let dir = project();
    let mut failed = false;
    let mut disk = Watched::new(|step| {
        let undoing = failed && step.name == "stage" && step.path.ends_with(".main.rs.gen-auth-new");
        failed |= step.name == "rename" && step.path.ends_with("Cargo.toml");
        match undoing || step.path.ends_with("Cargo.toml") && step.name == "rename" {
            true => Then::Half,
            false => Then::Go,
        }
    });
    let error = run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot replace `Cargo.toml`: fault\n\
         not everything could be put back:\n  `src/main.rs` has its new text: fault"
    );
}

#[test]
fn an_interrupt_at_any_step_is_undone() {
    let finished = finished();
    let steps = steps();
    for at in 1..=steps {
        let dir = project();
        let before = tree(dir.path());
        let raised = Cell::new(false);
        let mut disk = Watched::new(|step| {
            raised.set(step.number >= at);
            Then::Go
        });
        match run(PLAN, dir.path(), &mut disk, &|| raised.get()) {
            Err(error) => {
                assert!(matches!(error.reason, Reason::Interrupted), "step {at}: {error}");
                assert_eq!(error.not_put_back, [""; 0], "step {at}");
                assert_eq!(tree(dir.path()), before, "step {at}");
            }
            // During the very last step it comes too late.
            Ok(_) => {
                assert_eq!(at, steps);
                assert_eq!(tree(dir.path()), finished);
            }
        }
    }
}

#[test]
fn after_a_kill_at_any_step_a_second_run_ends_in_the_same_tree() {
    let finished = finished();
    for at in 1..=steps() {
        let dir = project();
        let mut disk = Watched::new(|step| dead_from(at, step));
        run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
        run_undisturbed(PLAN, dir.path()).unwrap();
        assert_eq!(tree(dir.path()), finished, "step {at}");
    }
}

#[test]
fn after_a_kill_during_the_undoing_a_second_run_ends_in_the_same_tree() {
    let finished = finished();
    let steps = steps();
    // The last step is the swap of the last file: all of the others have to be undone.
    for at in steps + 1..=2 * steps {
        let dir = project();
        let mut disk = Watched::new(|step| match step.number == steps {
            true => Then::Fail,
            false => dead_from(at, step),
        });
        run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
        run_undisturbed(PLAN, dir.path()).unwrap();
        assert_eq!(tree(dir.path()), finished, "step {at}");
    }
}

fn dead_from(at: usize, step: &Step<'_>) -> Then {
    match step.number {
        number if number < at => Then::Go,
        number if number == at => Then::Half,
        _ => Then::Fail,
    }
}

const ROOT: &str = "GEN_AUTH_TEST_ROOT";
const STEP: &str = "GEN_AUTH_TEST_STEP";

/// Not a test of its own: the process that the tests below kill or interrupt. At the step it is
/// told it says so and waits, until it is killed or interrupted.
#[test]
fn child() {
    let (Ok(root), Ok(at)) = (env::var(ROOT), env::var(STEP)) else {
        return;
    };
    let at: usize = at.parse().unwrap();
    let interrupted = commit::on_interrupt().unwrap();
    let mut disk = Watched::new(|step| {
        if step.number == at {
            let mut out = std::io::stdout();
            writeln!(out, "\nhere").unwrap();
            out.flush().unwrap();
            // At most a minute, should the parent be gone.
            for _ in (0..60_000).take_while(|_| !interrupted()) {
                sleep(Duration::from_millis(1));
            }
        }
        Then::Go
    });
    let error = run(PLAN, Path::new(&root), &mut disk, &interrupted).unwrap_err();
    assert!(matches!(error.reason, Reason::Interrupted), "{error}");
}

fn child_waiting_at(step: usize, root: &Path) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "faults::child", "--nocapture"])
        .env(ROOT, root)
        .env(STEP, step.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "here"));
    child
}

#[test]
fn a_killed_process_is_completed_by_the_next() {
    let finished = finished();
    for step in 1..=steps() {
        let dir = project();
        let mut child = child_waiting_at(step, dir.path());
        child.kill().unwrap();
        child.wait().unwrap();
        run_undisturbed(PLAN, dir.path()).unwrap();
        assert_eq!(tree(dir.path()), finished, "step {step}");
    }
}

#[cfg(unix)]
#[test]
fn a_process_undoes_its_work_on_ctrl_c() {
    for signal in ["-INT", "-TERM"] {
        let dir = project();
        let before = tree(dir.path());
        let mut child = child_waiting_at(steps() - 1, dir.path());
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(child.wait().unwrap().success());
        assert_eq!(tree(dir.path()), before);
    }
}
