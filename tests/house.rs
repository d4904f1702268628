//! The rules of the house, as far as a program can check them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cargo_gen_auth::{catalog::Catalog, templates::Templates};

fn files(folder: &str) -> Vec<(PathBuf, String)> {
    walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("an entry").into_path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read_to_string(path).expect("text")))
        .collect()
}

#[test]
fn src_names_no_framework_database_or_view_engine() {
    let templates = Templates::built_in().unwrap();
    let catalog = Catalog::load(&templates).unwrap();
    let names: Vec<&str> =
        ["framework", "data", "views"].iter().flat_map(|axis| catalog.values(axis)).collect();
    assert!(names.len() >= 3, "{names:?}");
    for (path, text) in files("src") {
        let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in code {
            let named = names.iter().find(|name| line.contains(*name));
            assert!(named.is_none(), "{}:{} names {}", path.display(), number + 1, named.unwrap_or(&""));
        }
    }
}

#[test]
fn every_layer_has_a_title() {
    let templates = Templates::built_in().unwrap();
    for (path, text) in templates.files().filter(|(path, _)| path.ends_with("layer.toml")) {
        assert!(text.starts_with("title = \""), "{path}");
    }
}

#[test]
fn files_stay_small_enough_to_hold_in_the_head() {
    for (path, text) in files("src").into_iter().chain(files("templates")) {
        let most = if path.to_string_lossy().contains("tests") { 500 } else { 400 };
        assert!(text.lines().count() <= most, "{} has {} lines", path.display(), text.lines().count());
    }
}

#[test]
fn templates_end_in_one_newline_and_have_no_tabs() {
    for (path, text) in files("templates") {
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", path.display());
        assert!(!text.contains('\t'), "{}", path.display());
    }
}

#[test]
fn no_user_name_is_hard_coded_in_a_template() {
    for (path, text) in
        files("templates").into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "jinja"))
    {
        for word in ["User", "users", "accounts", "hello_"] {
            let bare = text.lines().find(|line| line.contains(word) && !line.contains("autocomplete"));
            assert!(bare.is_none(), "{}: {}", path.display(), bare.unwrap_or_default());
        }
    }
}
