//! Writing to the disk: all of it or nothing, whatever happens.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test sets its own scene and may fall over"
)]

#[path = "commit/support.rs"]
mod support;

#[path = "commit/faults.rs"]
mod faults;

#[cfg(unix)]
#[path = "commit/links.rs"]
mod links;

use std::cell::Cell;
use std::fs;

use support::{
    PLAN, RealDisk, Reason, Receipt, Then, Watched, Write, commit, mode, project, put, run, run_undisturbed,
    set_mode, tree,
};

fn write_one(root: &std::path::Path, write: Write<'_>) -> Result<Receipt, String> {
    let before = tree(root);
    commit::write(&[write], root, &mut RealDisk, &|| false).map_err(|error| {
        assert!(matches!(error.reason, Reason::Refused(_)), "{error}");
        assert_eq!(tree(root), before);
        error.to_string()
    })
}

fn strings(paths: &[&str]) -> Vec<String> {
    paths.iter().map(ToString::to_string).collect()
}

#[test]
fn writes_new_and_edited_files_byte_for_byte() {
    let dir = project();
    let receipt = run_undisturbed(PLAN, dir.path()).unwrap();
    for (path, after) in PLAN {
        assert_eq!(fs::read(dir.path().join(path)).unwrap(), after.as_bytes());
    }
    let (created, edited) = PLAN.split_at(3);
    assert_eq!(receipt.created, created.iter().map(|w| w.0).collect::<Vec<_>>());
    assert_eq!(receipt.edited, edited.iter().map(|w| w.0).collect::<Vec<_>>());
    // 3 files, 3 folders, the 4 files of before and `src`: no temporary file.
    assert_eq!(tree(dir.path()).len(), 11);
}

#[cfg(unix)]
#[test]
fn keeps_the_mode_of_an_edited_file() {
    let dir = project();
    set_mode(&dir.path().join("Cargo.toml"), 0o664);
    run_undisturbed(PLAN, dir.path()).unwrap();
    assert_eq!(mode(&dir.path().join("src/app.rs")), 0o600);
    assert_eq!(mode(&dir.path().join("src/main.rs")), 0o755);
    assert_eq!(mode(&dir.path().join("Cargo.toml")), 0o664);
}

#[test]
fn does_nothing_the_second_time() {
    let dir = project();
    run_undisturbed(PLAN, dir.path()).unwrap();
    let after = tree(dir.path());
    let mut disk = Watched::new(|step| match step.name {
        "read" | "real_path" | "list" => Then::Go,
        _ => Then::Fail,
    });
    let receipt = run(PLAN, dir.path(), &mut disk, &|| false).unwrap();
    assert_eq!(receipt.unchanged.len(), PLAN.len());
    assert_eq!(tree(dir.path()), after);
}

#[test]
fn swaps_in_the_order_given() {
    let dir = project();
    let mut swapped = Vec::new();
    let mut disk = Watched::new(|step| {
        if step.name == "rename" {
            swapped.push(step.path.to_owned());
        }
        Then::Go
    });
    run(PLAN, dir.path(), &mut disk, &|| false).unwrap();
    assert_eq!(swapped.len(), PLAN.len());
    for (swapped, (path, _)) in swapped.iter().zip(PLAN) {
        assert!(swapped.ends_with(path), "{}", swapped.display());
    }
}

#[test]
fn refuses_a_file_that_was_changed_since_it_was_read() {
    let dir = project();
    let (path, after) = ("src/main.rs", "fn main() { new() }\n");
    let before = Some("fn main() { old() }\n");
    let message = write_one(dir.path(), Write { path, before, after }).unwrap_err();
    assert_eq!(
        message,
        "`src/main.rs` was changed after it was read: run the command again\n\
         every file is as it was before"
    );
}

#[test]
fn refuses_a_file_that_was_removed_since_it_was_read() {
    let dir = project();
    let (path, before, after) = ("src/gone.rs", Some("// old\n"), "// new\n");
    let message = write_one(dir.path(), Write { path, before, after }).unwrap_err();
    assert!(message.starts_with("`src/gone.rs` was removed"), "{message}");
}

#[test]
fn refuses_a_new_path_that_was_taken_meanwhile_but_not_by_the_same_text() {
    let dir = project();
    let (path, before) = ("src/idle.rs", None);
    let after = "// other\n";
    let message = write_one(dir.path(), Write { path, before, after }).unwrap_err();
    assert!(message.starts_with("`src/idle.rs` is in the way"), "{message}");

    let after = "// nobody writes here\n";
    let receipt = write_one(dir.path(), Write { path, before, after }).unwrap();
    assert_eq!(receipt.unchanged, strings(&["src/idle.rs"]));
}

#[test]
fn refuses_a_read_only_file() {
    let dir = project();
    let file = dir.path().join("Cargo.toml");
    let writable = fs::metadata(&file).unwrap().permissions();
    let mut read_only = writable.clone();
    read_only.set_readonly(true);
    fs::set_permissions(&file, read_only).unwrap();
    let before = tree(dir.path());
    let error = run_undisturbed(PLAN, dir.path()).unwrap_err();
    assert!(error.to_string().starts_with("`Cargo.toml` is read-only"), "{error}");
    assert_eq!(tree(dir.path()), before);
    fs::set_permissions(&file, writable).unwrap();
}

#[test]
fn refuses_a_path_that_leaves_the_root() {
    let dir = project();
    for path in ["../x.rs", "new/../../x.rs", "/etc/x.rs", "src//x.rs", "./x.rs", ""] {
        let (before, after) = (None, "// new\n");
        let message = write_one(dir.path(), Write { path, before, after }).unwrap_err();
        assert!(message.contains("is not a path inside the project"), "{message}");
    }
}

#[test]
fn refuses_to_write_below_a_file() {
    let dir = project();
    let before = tree(dir.path());
    let plan = [("src/app.rs/x.rs", "// new\n")];
    let error = run_undisturbed(&plan, dir.path()).unwrap_err();
    assert!(error.to_string().contains("`src/app.rs/x.rs`"), "{error}");
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn does_not_write_over_what_appears_or_changes_while_it_writes() {
    for victim in ["src/accounts/mod.rs", "src/main.rs"] {
        let dir = project();
        let before = tree(dir.path());
        let done = Cell::new(false);
        let mut disk = Watched::new(|step| {
            if step.name == "rename" && !done.replace(true) {
                put(dir.path(), victim, "// precious\n");
            }
            Then::Go
        });
        let error = run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
        assert!(error.to_string().contains(victim), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join(victim)).unwrap(), "// precious\n");
        fs::remove_dir_all(dir.path().join("src/accounts")).ok();
        if victim == "src/main.rs" {
            assert_eq!(error.not_put_back, [""; 0]);
            put(dir.path(), victim, "fn main() {}\n");
        }
        assert_eq!(tree(dir.path()), before);
    }
}

#[test]
fn leaves_alone_what_someone_else_changes_before_it_is_put_back() {
    let dir = project();
    let mut disk = Watched::new(|step| {
        if step.name == "rename" && step.path.ends_with("Cargo.toml") {
            put(dir.path(), "src/main.rs", "// precious\n");
            return Then::Fail;
        }
        Then::Go
    });
    let error = run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
    assert_eq!(error.path, "Cargo.toml");
    let line = "`src/main.rs` was changed by someone else meanwhile";
    assert_eq!(error.not_put_back, [line]);
    let main = fs::read_to_string(dir.path().join("src/main.rs")).unwrap();
    assert_eq!(main, "// precious\n");
}

#[test]
fn a_folder_that_cannot_be_written_to_shows_before_any_file_changes() {
    // Through the wrapper, because modes do not bind a test that runs as root.
    let dir = project();
    let before = tree(dir.path());
    let mut swaps = 0;
    let mut disk = Watched::new(|step| {
        swaps += usize::from(step.name == "rename");
        match step.path.ends_with(".Cargo.toml.gen-auth-new") {
            true => Then::Fail,
            false => Then::Go,
        }
    });
    let error = run(PLAN, dir.path(), &mut disk, &|| false).unwrap_err();
    assert_eq!(error.to_string().lines().next().unwrap(), "cannot write `Cargo.toml`: fault");
    assert_eq!(tree(dir.path()), before);
    assert_eq!(swaps, 0);
}

#[test]
fn tidies_what_a_killed_run_has_left_also_under_other_names() {
    let dir = project();
    let expected = project();
    for root in [dir.path(), expected.path()] {
        put(root, "migrations/.keep", "");
        put(root, "src/.mine.gen-auth-new.txt", "");
    }
    put(dir.path(), ".Cargo.toml.gen-auth-new", "[pack");
    put(dir.path(), "migrations/.0_users.sql.gen-auth-new", "create");
    put(dir.path(), "src/.gone.rs.gen-auth-new", "");
    run_undisturbed(PLAN, dir.path()).unwrap();
    run_undisturbed(PLAN, expected.path()).unwrap();
    assert_eq!(tree(dir.path()), tree(expected.path()));
    assert!(dir.path().join("src/.mine.gen-auth-new.txt").exists());
}
