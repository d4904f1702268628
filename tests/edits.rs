//! Every folder `tests/edits/<kind>/<case>` is a case: `before.*` with `edit.toml` becomes
//! `after.*`, or is refused with the words in `cannot.txt`. No `after.*` and no `cannot.txt`
//! means that nothing changes. `SNAPSHOTS=overwrite cargo test --test edits` writes them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_gen_auth::edit::{self, CannotEdit, Edit, with_room};

fn apply(edit: &Edit, text: &str) -> Result<String, CannotEdit> {
    with_room(|| edit::apply(edit, text))
}

#[test]
fn every_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let mut cases: Vec<PathBuf> = folders(&root).iter().flat_map(|kind| folders(kind)).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let failed: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failed.is_empty(), "{} of {} cases failed\n\n{}", failed.len(), cases.len(), failed.join("\n\n"));
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

fn check(case: &Path) -> Result<(), String> {
    let says = |what: &str| format!("{}: {what}", case.display());
    let edit = fs::read_to_string(case.join("edit.toml")).map_err(|error| says(&error.to_string()))?;
    let edit: Edit = toml_edit::de::from_str(&edit).map_err(|error| says(&error.to_string()))?;
    let extension = ["rs", "toml", "txt", "html"]
        .into_iter()
        .find(|extension| case.join(format!("before.{extension}")).exists())
        .ok_or_else(|| says("no before.*"))?;
    let before = fs::read_to_string(case.join(format!("before.{extension}"))).unwrap();
    let (after_path, cannot_path) = (case.join(format!("after.{extension}")), case.join("cannot.txt"));
    let result = apply(&edit, &before);

    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        let _ = fs::remove_file(&after_path);
        let _ = fs::remove_file(&cannot_path);
        match &result {
            Ok(after) if *after != before => fs::write(&after_path, after).unwrap(),
            Ok(_) => {}
            Err(cannot) => fs::write(&cannot_path, format!("{cannot}\n")).unwrap(),
        }
    }
    let expected = fs::read_to_string(&after_path).unwrap_or_else(|_| before.clone());
    match (&result, fs::read_to_string(&cannot_path)) {
        (Err(cannot), Ok(expected)) if cannot.to_string() == expected.trim() => return Ok(()),
        (Err(cannot), _) => return Err(says(&format!("refused: {cannot}"))),
        (Ok(_), Ok(expected)) => return Err(says(&format!("was not refused with: {expected}"))),
        (Ok(after), Err(_)) if *after != expected => {
            return Err(says(&format!("expected:\n{expected}\ngot:\n{after}")));
        }
        _ => {}
    }
    let after = result.unwrap();
    if apply(&edit, &after).as_ref() != Ok(&after) {
        return Err(says(&format!("applying twice is not applying once: {:?}", apply(&edit, &after))));
    }
    keeps_text(&before, &after).map_err(|error| says(&error))?;
    if extension == "rs" && !before.contains('\u{feff}') {
        for edition in ["2021", "2024"] {
            if formatted(&before, edition) != before {
                continue;
            }
            let formatted = formatted(&after, edition);
            if formatted != after {
                return Err(says(&format!("rustfmt {edition} turns\n{after}\ninto\n{formatted}")));
            }
        }
    }
    Ok(())
}

/// Lines that are gone must be found, ignoring white space, in the lines that are new.
fn keeps_text(before: &str, after: &str) -> Result<(), String> {
    let mut new = after.lines();
    let mut changed = String::new();
    let mut gone = String::new();
    for line in before.lines() {
        let ahead = new.clone().position(|there| there == line);
        match ahead {
            Some(skipped) => changed.extend(new.by_ref().take(skipped + 1).take(skipped)),
            None => gone.push_str(line),
        }
    }
    changed.extend(new);
    let mut there = changed.chars();
    let lost = gone.chars().filter(|c| !c.is_whitespace()).any(|c| !there.any(|there| there == c));
    let allowed = gone.contains("default-features = false") && changed.contains("default-features = true");
    if lost && !allowed { Err(format!("lost text: {gone}")) } else { Ok(()) }
}

fn formatted(text: &str, edition: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--quiet", "--edition", edition])
        // Away from any `rustfmt.toml`.
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("rustfmt");
    rustfmt.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
