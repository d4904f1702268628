//! Every edit on whatever source is in cargo's cache: nothing may panic, the result parses,
//! the old lines stay, and twice is once. Passes on an empty cache, too.
//! `cargo test --test edits_corpus -- --nocapture` shows the numbers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_gen_auth::edit::{self, CannotEdit, Edit, with_room};

/// Files of each kind that are looked at (`CORPUS=3000` in the environment: so many), and the
/// size above which a file is left out.
const MOST_FILES: usize = 150;
const LARGEST: u64 = 200_000;

fn apply(edit: &Edit, text: &str) -> Result<String, CannotEdit> {
    with_room(|| edit::apply(edit, text))
}

#[test]
fn rust_files_survive_every_edit() {
    let mut seen = BTreeMap::new();
    for path in files("rs") {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for edit in rust_edits(&text) {
            survives(&path, &text, &edit, &mut seen);
        }
    }
    eprintln!("{seen:#?}");
}

#[test]
fn manifests_survive_every_edit() {
    let mut seen = BTreeMap::new();
    let mut manifests = files("toml");
    manifests.extend(files("toml.orig"));
    for path in manifests {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for edit in manifest_edits() {
            survives(&path, &text, &edit, &mut seen);
        }
    }
    eprintln!("{seen:#?}");
}

fn edit(toml: &str) -> Edit {
    toml_edit::de::from_str(toml).unwrap()
}

/// Among them calls appended to chains that start with anything the file calls.
fn rust_edits(text: &str) -> Vec<Edit> {
    let mut edits = vec![
        edit("do = 'declare-module'\nmodule = 'handle'"),
        edit("do = 'declare-module'\nmodule = 'zebra'\npublic = true"),
        edit("do = 'declare-module'\nmodule = 'fixtures'\ncfg_test = true"),
        edit("do = 'insert-statement'\nfunction = 'new'\nstatement = 'let zebra = 1;'"),
        edit("do = 'insert-statement'\nfunction = 'main'\nstatement = '''\nfoo(\n    a,\n);'''"),
    ];
    for (number, (root, _)) in calls(text).into_iter().take(3).enumerate() {
        // The last as one that closures make.
        let (factory, serve) =
            (number == 2, if number == 2 { "'map', 'unwrap_or_else', 'spawn', " } else { "" });
        edits.push(edit(&format!(
            "do = 'mount'\nmodule = 'zoo'\nroots = ['{root}', 'String::new', 'String::from', 'Vec::new', 'Vec::with_capacity']\n\
             types = ['String', 'Vec', 'Self', 'Arc']\nserve = [{serve}'push', 'insert', 'extend', 'send', 'set', 'push_str']\n\
             after = ['map', 'field', 'arg', 'push', 'clone']\nlayers = ['with', 'and_then', 'join']\n\
             harmless = ['Some']\nthrough = ['into', 'iter', 'to_string', 'as_str', 'as_ref', 'to_owned', 'cloned']\n\
             parts = ['split']\nfactory = {factory}\ncalls = ['zebra($auth.clone(), zoo::Zebra)', 'grass(savannah::rather::long($auth, zoo::grass))']\n\
             starts = {{ own = 'let $auth = zoo::open();' }}"
        )));
    }
    for (root, function) in calls(text).into_iter().take(2) {
        for (within, calls) in [
            (String::new(), "'zebra()'"),
            (
                format!("within = '{function}'"),
                "'zebra(stripes)', 'grass(savannah::rather::long(path_of_things), and::another(one))'",
            ),
        ] {
            edits.push(edit(&format!(
                "do = 'append-call'\nroots = ['{root}']\nafter = ['map', 'field', 'arg', 'push', 'clone']\n\
                 served = ['Ok', 'Some']\nprelude = ['let zebra = zoo::open().await.unwrap();']\n{within}\ncalls = [{calls}]"
            )));
        }
    }
    edits
}

/// Calls such as `Type::name(` with the function they stand in, found without any parser.
fn calls(text: &str) -> Vec<(String, String)> {
    let mut function = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some((_, name)) = line.split_once("fn ") {
            function = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        }
        let Some((before, _)) = line.split_once('(') else { continue };
        let start =
            before.rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').map_or(0, |at| at + 1);
        let Some(path) = before.get(start..) else { continue };
        let fits = path.contains("::") && !path.starts_with(':') && !line.trim().starts_with("//");
        if fits && !function.is_empty() && !found.iter().any(|(known, _)| known == path) {
            found.push((path.to_owned(), function.clone()));
        }
    }
    found
}

fn manifest_edits() -> Vec<Edit> {
    let spec = "spec = { version = '9', features = ['zebra', 'std'] }";
    [
        format!("do = 'add-dependency'\nname = 'serde'\n{spec}"),
        format!("do = 'add-dependency'\nname = 'libc'\n{spec}\nsection = 'dev-dependencies'"),
        format!("do = 'add-dependency'\nname = 'proc-macro2'\n{spec}"),
        "do = 'add-dependency'\nname = 'zebra'\nspec = '1'".to_owned(),
        format!("do = 'add-dependency'\nname = 'hyena'\n{spec}\ninherit = true"),
        format!("do = 'add-dependency'\nname = 'quote'\n{spec}\nsection = 'build-dependencies'"),
        format!("do = 'add-dependency'\nname = 'rand'\n{spec}\nsection = 'workspace-dependencies'"),
        "do = 'set-default'\ntable = 'profile.dev.package.zebra'\nkey = 'opt-level'\nvalue = 3".to_owned(),
        "do = 'set-default'\ntable = 'package'\nkey = 'zebra'\nvalue = 'x'".to_owned(),
        "do = 'append-lines'\nlines = ['', '# zebra', '[lib]']".to_owned(),
    ]
    .iter()
    .map(|toml| edit(toml))
    .collect()
}

fn survives(path: &Path, text: &str, edit: &Edit, seen: &mut BTreeMap<String, usize>) {
    let kind = format!("{edit:?}").chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
    let outcome = match apply(edit, text) {
        Ok(after) if after == text => "already done",
        Ok(after) => {
            assert_eq!(apply(edit, &after).as_ref(), Ok(&after), "{} {edit:?}\n{after}", path.display());
            keeps_lines(text, &after)
                .unwrap_or_else(|lost| panic!("{} {edit:?}\nlost {lost}", path.display()));
            "edited"
        }
        Err(CannotEdit::NotFound { .. }) => "not found",
        Err(CannotEdit::Ambiguous { .. }) => "ambiguous",
        Err(CannotEdit::Taken { .. }) => "taken",
        Err(CannotEdit::Unfit { .. }) => "unfit",
        Err(CannotEdit::Unparsable { .. }) => {
            // Fine if it did not parse before.
            let parsed =
                path.extension().is_some_and(|extension| extension == "rs") && syn::parse_file(text).is_ok();
            assert!(!parsed, "{} {edit:?}\n{:?}", path.display(), apply(edit, text));
            "does not parse"
        }
    };
    *seen.entry(format!("{kind}: {outcome}")).or_default() += 1;
}

/// The old lines are in the new text in their order; a line that was broken up or indented
/// is found again without its white space.
fn keeps_lines(before: &str, after: &str) -> Result<(), String> {
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut rest = after.lines();
    let mut broken = String::new();
    for line in before.lines() {
        match rest.clone().position(|there| there == line) {
            Some(skipped) => drop(rest.by_ref().nth(skipped)),
            None => broken.push_str(&squeeze(line)),
        }
    }
    let after = squeeze(after);
    let mut there = after.chars();
    let defaults = broken.replace("default-features=false", "");
    match defaults.chars().all(|c| there.any(|there| there == c)) {
        true => Ok(()),
        false => Err(broken),
    }
}

/// Files of the registry cache, an even selection if there are many.
fn files(extension: &str) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = home.map(|home| home.join("registry/src")).into_iter().collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            let path = entry.path();
            if about.is_dir() {
                open.push(path);
            } else if about.len() <= LARGEST && path.to_string_lossy().ends_with(&format!(".{extension}")) {
                found.push(path);
            }
        }
    }
    found.sort();
    let most = std::env::var("CORPUS").ok().and_then(|most| most.parse().ok()).unwrap_or(MOST_FILES);
    let step = found.len().div_ceil(most).max(1);
    found.into_iter().step_by(step).collect()
}
