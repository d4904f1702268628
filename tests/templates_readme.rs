//! `templates/README.md` lists every placeholder and variable: compared with the real ones.
//!
//! `SNAPSHOTS=overwrite cargo test --test templates_readme` renews the tables.

mod support;

use std::{fs, path::Path, time::UNIX_EPOCH};

use cargo_gen_auth::{catalog::Catalog, project::Project, spec::Spec, templates::Templates};
use minijinja::{Value, value::ValueKind};

use support::generate_args;

#[test]
fn the_tables_are_the_real_ones() {
    let manifest = "[package]\nname = \"hello\"\nedition = \"2024\"\n";
    let files = [("Cargo.toml", manifest), ("src/main.rs", cargo_gen_auth::project::CARGO_NEW_MAIN)];
    let project = Project::from_files(files, None).unwrap();
    let templates = Templates::built_in().unwrap();
    let catalog = Catalog::load(&templates).unwrap();
    let args = generate_args(&catalog, &["Accounts", "User", "users"]).unwrap();
    let spec = Spec::decide(&args, &project, &catalog, &templates, UNIX_EPOCH).unwrap();

    let placeholders = spec.placeholders(&project).unwrap();
    let placeholders = placeholders.iter().map(|(name, value)| (format!("{{{name}}}"), value.clone()));
    let mut variables = Vec::new();
    flatten("", &spec.context(&project), &mut variables);
    variables.sort();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/README.md");
    let written = fs::read_to_string(&path).unwrap();
    let real = with_table(&written, "placeholders", placeholders.collect());
    let real = with_table(&real, "variables", variables);
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, real).unwrap();
    } else {
        assert_eq!(written, real, "SNAPSHOTS=overwrite renews the tables");
    }
}

fn flatten(prefix: &str, value: &Value, into: &mut Vec<(String, String)>) {
    if value.kind() != ValueKind::Map {
        into.push((prefix.to_owned(), value.to_string()));
        return;
    }
    for key in value.try_iter().unwrap() {
        let name = if prefix.is_empty() { key.to_string() } else { format!("{prefix}.{key}") };
        flatten(&name, &value.get_item(&key).unwrap(), into);
    }
}

fn with_table(text: &str, name: &str, rows: Vec<(String, String)>) -> String {
    let marker = format!("<!-- {name} -->\n");
    let (head, rest) = text.split_once(&marker).expect("a marker");
    let (table, tail) = rest.split_once("<!-- end -->").expect("an end");
    let header: String = table.lines().take(2).map(|line| format!("{line}\n")).collect();
    let rows: String = rows.into_iter().map(|(name, value)| format!("| `{name}` | `{value}` |\n")).collect();
    format!("{head}{marker}{header}{rows}<!-- end -->{tail}")
}
