//! `tests/parity.md` names tests of generated apps, and `tests/mutations/` lines of them: both are still there.

#[path = "mutations/list.rs"]
mod list;
mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use syn::Item;

use support::{hello, plan_of};

/// The files of an app made with these flags, by path.
fn planned(flags: &[&str]) -> BTreeMap<String, String> {
    let args = [&["Accounts", "User", "users"], flags].concat();
    let plan = plan_of(&hello("2024"), &args).expect("a plan");
    plan.changes().map(|(path, change)| (path.to_owned(), change.after.clone())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a table")
}

/// The cells of each row: number, what it is about, tests or a reason.
fn rows(table: &str) -> Vec<[&str; 3]> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    rows.filter_map(|cells| cells.try_into().ok()).collect()
}

/// Every test of the app, such as `src/accounts/tests/email.rs::update_email::works_once`.
fn tests(app: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for (path, text) in app.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let file = syn::parse_file(text).expect("Rust");
        collect(path, &file.items, &mut tests);
    }
    tests
}

fn collect(prefix: &str, items: &[Item], tests: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                let inner = module.content.as_ref().map_or(&[][..], |(_, items)| items);
                collect(&format!("{prefix}::{}", module.ident), inner, tests);
            }
            Item::Fn(function) => {
                let last = |attribute: &syn::Attribute| attribute.path().segments.last().cloned();
                let mut attributes = function.attrs.iter().filter_map(last);
                if attributes.any(|segment| segment.ident == "test") {
                    tests.insert(format!("{prefix}::{}", function.sig.ident));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_test_of_the_table_exists() {
    let table = read("tests/parity.md");
    let (default, password) = table.split_once("\n## `--login password`").expect("two parts");
    for (login, table, least) in [("both", default, 100), ("password", password, 20)] {
        let tests = tests(&planned(&["--login", login]));
        assert!(tests.len() > 150, "{}", tests.len());
        let named = table.split('`').filter(|text| text.starts_with("src/"));
        let mut count = 0;
        for name in named {
            assert!(tests.contains(name), "{name}");
            count += 1;
        }
        assert!(count > least, "{count}");
    }
}

#[test]
fn no_number_is_missing() {
    let table = read("tests/parity.md");
    let rows = rows(&table);
    let numbered = (1..=90).map(|number| number.to_string());
    let live = ["L18", "L22", "L29", "L30", "L31", "L38"].map(str::to_owned);
    let gaps = (1..=13).map(|number| format!("G{number}"));
    let details = (1..=15).map(|number| format!("D{number}"));
    let pitfalls = (1..=18).map(|number| format!("P{number}"));
    for number in numbered.chain(live).chain(gaps).chain(details).chain(pitfalls) {
        let found: Vec<_> = rows.iter().filter(|[first, ..]| *first == number).collect();
        assert_eq!(found.len(), 1, "{number}");
        assert!(found[0].iter().all(|cell| !cell.trim().is_empty()), "{number}");
    }
}

#[test]
fn every_mutation_still_fits_the_app() {
    let readme = read("tests/mutations/README.md");
    let rows = rows(&readme);
    let mutations = list::all();
    let mut apps = BTreeMap::new();
    for mutation in &mutations {
        let app = apps.entry(mutation.flags).or_insert_with(|| planned(mutation.flags));
        let text = app.get(&mutation.file).unwrap_or_else(|| panic!("no {}", mutation.file));
        assert_ne!(&mutation.apply(text), text, "{}", mutation.name);
        let written = rows.iter().any(|[name, claim, _]| *name == mutation.name && *claim == mutation.claim);
        assert!(written, "{} is not in tests/mutations/README.md", mutation.name);
    }
    let names: BTreeSet<_> = mutations.iter().map(|mutation| &mutation.name).collect();
    assert_eq!(names.len(), mutations.len());
}
