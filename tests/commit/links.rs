//! Links: followed inside the root, refused when they lead out of it or nowhere.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::support::{Reason, project, put, run_undisturbed, tree};

const NEW: &str = "// new\n";

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

fn refusal(plan: &[(&str, &str)], root: &Path) -> String {
    let before = tree(root);
    let error = run_undisturbed(plan, root).unwrap_err();
    assert!(matches!(error.reason, Reason::Refused(_)), "{error}");
    assert_eq!(tree(root), before);
    error.to_string()
}

#[test]
fn a_link_inside_the_root_stays_a_link_and_its_file_is_written() {
    for absolute in [true, false] {
        let dir = project();
        let root = dir.path();
        put(root, "shared/real.rs", "// old\n");
        // Relative to the folder of the link, not to the root or the working directory.
        let to = match absolute {
            true => root.join("shared/real.rs"),
            false => "../shared/real.rs".into(),
        };
        symlink(&to, root.join("src/linked.rs")).unwrap();
        let before = tree(root);
        run_undisturbed(&[("src/linked.rs", NEW)], root).unwrap();
        assert_eq!(text(root, "shared/real.rs"), NEW);
        put(root, "shared/real.rs", "// old\n");
        assert_eq!(tree(root), before);
    }
}

#[test]
fn a_folder_may_be_a_link_inside_the_root() {
    let dir = project();
    fs::create_dir(dir.path().join("code")).unwrap();
    symlink("../code", dir.path().join("src/linked")).unwrap();
    run_undisturbed(&[("src/linked/deep/x.rs", NEW)], dir.path()).unwrap();
    assert_eq!(text(dir.path(), "code/deep/x.rs"), NEW);
    assert!(dir.path().join("src/linked").is_symlink());
}

#[test]
fn the_root_may_be_a_link() {
    let dir = project();
    let beside = tempfile::tempdir().unwrap();
    let root = beside.path().join("root");
    symlink(dir.path(), &root).unwrap();
    run_undisturbed(&[("src/new/x.rs", NEW), ("src/main.rs", NEW)], &root).unwrap();
    assert_eq!(text(dir.path(), "src/new/x.rs"), NEW);
    assert_eq!(text(dir.path(), "src/main.rs"), NEW);
}

#[test]
fn a_link_out_of_the_root_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "x.rs", "// theirs\n");
    let dir = project();
    symlink(outside.path().join("x.rs"), dir.path().join("src/out.rs")).unwrap();
    symlink(outside.path(), dir.path().join("src/out")).unwrap();
    // Out and in again is out as well.
    symlink(dir.path(), outside.path().join("back")).unwrap();
    for path in ["src/out.rs", "src/out/x.rs", "src/out/new/y.rs", "src/out/back/y.rs"] {
        let message = refusal(&[("a.rs", NEW), (path, NEW)], dir.path());
        assert!(message.starts_with(&format!("`{path}` leads out of the project")), "{message}");
    }
    assert_eq!(text(outside.path(), "x.rs"), "// theirs\n");
}

#[test]
fn a_link_to_nothing_is_refused() {
    let dir = project();
    symlink("nothing.rs", dir.path().join("src/broken.rs")).unwrap();
    symlink("nothing", dir.path().join("src/broken")).unwrap();
    for path in ["src/broken.rs", "src/broken/x.rs"] {
        let message = refusal(&[("a.rs", NEW), (path, NEW)], dir.path());
        assert!(message.starts_with(&format!("`{path}` leads nowhere")), "{message}");
    }
}

#[test]
fn two_ways_to_one_file_are_refused() {
    let dir = project();
    symlink("main.rs", dir.path().join("src/other.rs")).unwrap();
    let message = refusal(&[("src/main.rs", NEW), ("src/other.rs", "// b\n")], dir.path());
    assert!(message.starts_with("`src/other.rs` is the same file as `src/main.rs`"), "{message}");
}
