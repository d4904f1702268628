//! `templates/README.md` is the contract of templates: its tables are compared with the real thing.
//!
//! `SNAPSHOTS=overwrite cargo test --test templates_readme` renews the tables.

mod support;

use std::{fs, path::Path, time::UNIX_EPOCH};

use cargo_gen_auth::{
    catalog::{self, Catalog, LayerToml},
    project::Project,
    spec::Spec,
    templates::{API, HOUSE_KEYS, HouseToml, Templates},
};
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
    let real = with_rows(&real, "slots", &slots(&catalog));
    let plain = |keys: &[(&str, &str)]| {
        keys.iter().map(|(key, what)| format!("| `{key}` | {what} |\n")).collect::<String>()
    };
    let real = with_rows(&real, "house keys", &plain(&HOUSE_KEYS));
    let real = with_rows(&real, "layer keys", &plain(&catalog::KEYS));
    let real = with_rows(&real, "edits", &edits());
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
    let rows: String = rows.into_iter().map(|(name, value)| format!("| `{name}` | `{value}` |\n")).collect();
    with_rows(text, name, &rows)
}

fn with_rows(text: &str, name: &str, rows: &str) -> String {
    let marker = format!("<!-- {name} -->\n");
    let (head, rest) = text.split_once(&marker).unwrap_or_else(|| panic!("no marker {name}"));
    let (table, tail) = rest.split_once("<!-- end -->").expect("an end");
    let header: String = table.lines().take(2).map(|line| format!("{line}\n")).collect();
    format!("{head}{marker}{header}{rows}<!-- end -->{tail}")
}

/// Each slot with the layer that offers it and those that fill it.
fn slots(catalog: &Catalog) -> String {
    let mut rows = Vec::new();
    for layer in catalog.layers() {
        for slot in &layer.toml.slots {
            let fills = |other: &&catalog::Layer| other.fragments.iter().any(|(_, name)| name == slot);
            let fillers: Vec<String> =
                catalog.layers().iter().filter(fills).map(|layer| format!("`{}`", layer.id)).collect();
            rows.push(format!("| `{slot}` | `{}` | {} |\n", layer.id, fillers.join(", ")));
        }
    }
    rows.sort();
    rows.concat()
}

/// Each edit with its keys and what it does, out of the source that defines them.
fn edits() -> String {
    let items = |path: &str| {
        let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        syn::parse_file(&source).unwrap().items.into_iter()
    };
    let is_edit = |item: syn::Item| match item {
        syn::Item::Enum(item) if item.ident == "Edit" => Some(item),
        _ => None,
    };
    let edit = items("src/edit.rs").find_map(is_edit).expect("an enum Edit");
    // One edit has its keys in a file of their own.
    let is_words = |item: syn::Item| match item {
        syn::Item::Struct(item) if item.ident == "Words" => Some(item),
        _ => None,
    };
    let words = items("src/edit/words.rs").find_map(is_words).expect("a struct Words");
    let row = |variant: &syn::Variant| {
        let name = variant.ident.to_string();
        let name: String = name
            .chars()
            .enumerate()
            .map(|(at, c)| match c.is_uppercase() && at > 0 {
                true => format!("-{}", c.to_lowercase()),
                false => c.to_lowercase().to_string(),
            })
            .collect();
        let named = matches!(variant.fields, syn::Fields::Named(_));
        let keys: Vec<String> = if named { &variant.fields } else { &words.fields }
            .iter()
            .map(|field| {
                let key = field.ident.as_ref().expect("a name").to_string();
                format!("`{key}`: {}", doc(&field.attrs).trim_end_matches('.'))
            })
            .collect();
        format!("| `{name}` | {} | {} |\n", doc(&variant.attrs), keys.join("; "))
    };
    edit.variants.iter().map(row).collect()
}

fn doc(attributes: &[syn::Attribute]) -> String {
    let text = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
                Some(text.value().trim().to_owned())
            }
            _ => None,
        },
        _ => None,
    };
    attributes.iter().filter_map(text).collect::<Vec<_>>().join(" ")
}

/// The tables of keys are what the program reads: serde lists the keys it knows when it meets another one.
#[test]
fn the_keys_are_the_real_ones() {
    fn known<T: serde::de::DeserializeOwned>() -> Vec<String> {
        let error = toml_edit::de::from_str::<T>("nonsense = 1").err().expect("no such key");
        let mut keys: Vec<String> =
            error.message().split('`').skip(3).step_by(2).map(str::to_owned).collect();
        keys.sort();
        keys
    }
    let sorted = |keys: &[(&str, &str)]| {
        let mut keys: Vec<String> = keys.iter().map(|(key, _)| (*key).to_owned()).collect();
        keys.sort();
        keys
    };
    assert_eq!(known::<HouseToml>(), sorted(&HOUSE_KEYS));
    assert_eq!(known::<LayerToml>(), sorted(&catalog::KEYS));
}

#[test]
fn the_version_is_the_real_one() {
    let written =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/README.md")).unwrap();
    assert!(written.contains(&format!("The version of this contract is {API}.")));
}
