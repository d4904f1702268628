//! Every file `tests/routers/<case>.txt`, or `tests/routers/actix-web/<case>.txt`, is a package: `//- PATH` begins a file, `//- --db postgres` and
//! `//- --router FILE::FUNCTION` stand for flags, and what follows `//- [..]` is what
//! comes of it: the crate and the pool that were chosen and the file that was edited, or the refusal with the
//! lines to paste. `SNAPSHOTS=overwrite cargo test --test routers` writes that.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{cell::RefCell, fs};

use cargo_gen_auth::catalog::Catalog;
use cargo_gen_auth::edit::{self, Edit, Mounted, Pools, Root, Words, with_room};
use cargo_gen_auth::templates::Templates;

struct Case {
    /// `sqlite` unless the case says `--db`.
    db: String,
    files: BTreeMap<String, String>,
    chosen: Option<(String, String)>,
    roots: Vec<Root>,
    read: RefCell<BTreeSet<String>>,
}

impl Case {
    fn parse(text: &str) -> Case {
        let input = text.split("//- [").next().unwrap_or_default();
        let mut chosen = None;
        let mut db = "sqlite".to_owned();
        let mut files = BTreeMap::new();
        for section in input.split("//- ").skip(1) {
            let (path, text) = section.split_once('\n').expect("a path on its line");
            if let Some(flag) = path.strip_prefix("--db ") {
                db = flag.to_owned();
                continue;
            }
            match path.strip_prefix("--router ").and_then(|flag| flag.split_once("::")) {
                Some((file, function)) => chosen = Some((file.to_owned(), function.to_owned())),
                None => drop(files.insert(path.to_owned(), text.to_owned())),
            }
        }
        let known = [
            ("src/main.rs", None),
            ("src/lib.rs", Some("shop")),
            ("src/bin/other.rs", None),
            ("src/bin/second.rs", None),
        ];
        let roots = known.into_iter().filter(|(file, _)| files.contains_key(*file));
        let roots = roots
            .map(|(file, library)| Root { file: file.to_owned(), library: library.map(str::to_owned) })
            .collect();
        Case { db, files, chosen, roots, read: RefCell::default() }
    }

    fn mount(&self, wanted: &Wanted) -> Mounted {
        let read = |path: &str| {
            self.read.borrow_mut().insert(path.to_owned());
            self.files.get(path).cloned()
        };
        let chosen = self.chosen.as_ref().map(|(file, function)| (file.as_str(), function.as_str()));
        edit::mount(&wanted.words, &wanted.pools[&self.db], &self.roots, chosen, None, &read)
    }

    fn applied(&self, mounted: &Mounted) -> Result<(String, String), String> {
        let applied = mounted.applied(&|path| self.files.get(path).cloned());
        applied.map_err(|refusal| format!("{}: {}\n{}", refusal.file, refusal.why, refusal.by_hand))
    }
}

struct Wanted {
    /// Where the cases are.
    folder: PathBuf,
    words: Words,
    /// By database.
    pools: BTreeMap<String, Pools>,
}

/// What the layers of each framework ask for.
fn all_wanted() -> [Wanted; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routers");
    [wanted("axum", folder.clone()), wanted("actix-web", folder.join("actix-web"))]
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some()).collect();
    paths.sort();
    assert!(paths.len() > 20, "{}", paths.len());
    paths
}

fn wanted(framework: &str, folder: PathBuf) -> Wanted {
    let templates = Templates::built_in().unwrap();
    let catalog = Catalog::load(&templates).unwrap();
    let layers = |db: &str| {
        let choices = [("framework", framework), ("data", "sqlx"), ("db", db)];
        let choices = choices.into_iter().map(|(axis, value)| (axis.to_owned(), value.to_owned()));
        catalog.select(&choices.collect())
    };
    let pools = |db: &&str| {
        let pools = layers(db).iter().find_map(|layer| layer.toml.pools.clone());
        ((*db).to_owned(), pools.expect("pools"))
    };
    let pools = catalog.values("db").iter().map(pools).collect();
    let edits = layers("sqlite").into_iter().flat_map(|layer| &layer.toml.edit);
    let mut words = edits.filter_map(|at| match at.fill(&|text| Ok(text.replace(['{', '}'], ""))).unwrap() {
        Edit::Mount(words) => Some(*words),
        _ => None,
    });
    let mut words = words.next().expect("an edit of the router");
    let ours =
        ["/users/register", "/users/log-in", "/users/log-in/:token", "/dev/mailbox", "/dev/mailbox/:id"];
    words.ours = ours.map(str::to_owned).to_vec();
    Wanted { folder, words, pools }
}

#[test]
fn every_case() {
    let mut failed = Vec::new();
    for wanted in &all_wanted() {
        for path in cases(&wanted.folder) {
            let text = fs::read_to_string(&path).unwrap();
            let result = with_room(|| check(&text, wanted));
            let (real, problem) = result.unwrap_or_else(|problem| (text.clone(), Some(problem)));
            if let Some(problem) = problem {
                failed.push(format!("{}: {problem}", path.display()));
            } else if real != text {
                match std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
                    true => fs::write(&path, real).unwrap(),
                    false => failed.push(format!("{}\nis\n{text}\nand would be\n{real}", path.display())),
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

/// Line endings, byte order marks, tabs and a missing last newline stay what they are, and change nothing else.
#[test]
fn every_case_in_other_clothes() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let marked = |text: &str| format!("\u{feff}{text}");
    let tabs = |text: &str| {
        let line = |line: &str| {
            let rest = line.trim_start_matches(' ');
            let (steps, spaces) = ((line.len() - rest.len()) / 4, (line.len() - rest.len()) % 4);
            format!("{}{}{rest}", "\t".repeat(steps), " ".repeat(spaces))
        };
        text.split('\n').map(line).collect::<Vec<_>>().join("\n")
    };
    let unfinished = |text: &str| text.trim_end_matches('\n').to_owned();
    type Dress<'d> = &'d (dyn Fn(&str) -> String + Sync);
    let clothes: [(&str, Dress); 4] =
        [("crlf", &crlf), ("byte order mark", &marked), ("tabs", &tabs), ("no last newline", &unfinished)];
    for wanted in &all_wanted() {
        for path in cases(&wanted.folder) {
            let text = fs::read_to_string(&path).unwrap();
            for (name, dress) in clothes {
                let (plain, dressed) = with_room(|| {
                    let case = Case::parse(&text);
                    let plain = case.applied(&case.mount(wanted));
                    let files = case.files.iter().map(|(path, text)| (path.clone(), dress(text))).collect();
                    let case = Case { files, ..case };
                    (plain, case.applied(&case.mount(wanted)))
                });
                match (plain, dressed) {
                    (Ok((file, plain)), Ok((same, dressed))) => {
                        assert_eq!((same, dressed), (file, dress(&plain)), "{name}: {}", path.display());
                    }
                    (plain, dressed) => {
                        assert_eq!(plain.is_err(), dressed.is_err(), "{name}: {}", path.display());
                    }
                }
            }
        }
    }
}

type Checked = Result<(String, Option<String>), String>;

/// The text of the case as it should be, and what is wrong with that.
fn check(text: &str, wanted: &Wanted) -> Checked {
    let case = Case::parse(text);
    let input = text.split("//- [").next().unwrap_or_default();
    let mounted = case.mount(wanted);
    let unread: Vec<&String> = case.files.keys().filter(|file| file.contains("unread")).collect();
    if let Some(read) = unread.into_iter().find(|file| case.read.borrow().contains(*file)) {
        return Err(format!("{read} was read without a reason"));
    }
    let migrations =
        mounted.migrations.as_ref().map_or(String::new(), |folder| format!(", migrations in {folder}"));
    let start = format!("//- [{} of {}{migrations}]\n", mounted.start.name(), mounted.root);
    let (file, after) = match case.applied(&mounted) {
        Ok(applied) => applied,
        Err(refusal) => return Ok((format!("{input}{start}{refusal}\n"), None)),
    };
    let real = format!("{input}{start}//- [{file}]\n{after}");
    Ok((real, wrong(&case, &mounted, &file, &after, wanted)))
}

fn wrong(case: &Case, first: &Mounted, file: &str, after: &str, wanted: &Wanted) -> Option<String> {
    let mut files = case.files.clone();
    let before = files.insert(file.to_owned(), after.to_owned()).unwrap_or_default();
    let again = Case {
        files,
        db: case.db.clone(),
        chosen: case.chosen.clone(),
        roots: case.roots.clone(),
        read: RefCell::default(),
    };
    let second = again.mount(wanted);
    match again.applied(&second) {
        Ok((same, text)) if same == file && text == after => {}
        other => return Some(format!("a second time: {other:?}")),
    }
    if (second.start, &second.root) != (first.start, &first.root) {
        return Some(format!("a second time: {} of {}", second.start.name(), second.root));
    }
    for edition in ["2021", "2024"] {
        if formatted(&before, edition) == before && formatted(after, edition) != after {
            return Some(format!("rustfmt {edition} turns\n{after}\ninto\n{}", formatted(after, edition)));
        }
    }
    None
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
    String::from_utf8(rustfmt.wait_with_output().unwrap().stdout).unwrap()
}
