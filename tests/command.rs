//! The command line about itself: what can be chosen, completions, the manual page.

mod support;

use std::{fs, path::Path, process::Command};

use cargo_gen_auth::{catalog::Catalog, templates::Templates};
use serde_json::{Value, json};
use support::Sandbox;

/// What the program prints when it is asked about itself, which needs no project.
fn printed(args: &[&str]) -> String {
    let said = Sandbox::empty().run(args);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{args:?}");
    said.out
}

fn catalog() -> Catalog {
    Catalog::load(&Templates::built_in().unwrap()).unwrap()
}

/// `SNAPSHOTS=overwrite` renews the README's.
#[test]
fn the_table_of_the_readme_is_the_list() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (head, rest) = readme.split_once("<!-- list -->\n").expect("a start");
    let (_, tail) = rest.split_once("<!-- end -->").expect("an end");
    let real = format!("{head}<!-- list -->\n{}<!-- end -->{tail}", printed(&["--list"]));
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, real).unwrap();
    } else {
        assert_eq!(readme, real, "SNAPSHOTS=overwrite renews the table");
    }
}

#[test]
fn the_list_holds_every_value_once_with_what_finds_it() {
    let table = printed(&["--list"]);
    let rows: Vec<&str> = table.lines().collect();
    let widths: Vec<usize> = rows.iter().map(|row| row.chars().count()).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "columns are straight:\n{table}");
    let row = |value: &str| {
        let found: Vec<_> = rows.iter().filter(|row| row.contains(&format!("| `{value}` "))).collect();
        assert_eq!(found.len(), 1, "{value}:\n{table}");
        *found[0]
    };
    for axis in ["framework", "data", "db", "views", "login", "hashing", "id-type"] {
        assert!(table.contains(&format!("| `--{axis}` ")), "{axis}:\n{table}");
        for value in catalog().values(axis) {
            let goes_with = row(value).rsplit('|').nth(1).unwrap().trim();
            assert!(!goes_with.is_empty(), "{value}:\n{table}");
        }
    }
    assert!(row("axum").contains("axum >=0.7, <0.9; default"), "{table}");
    assert!(
        row("argon2").contains("| Argon2id ") && row("argon2").contains("argon2 >=0.5, <0.7; default "),
        "{table}"
    );
    assert!(row("bcrypt").contains("| flag "), "{table}");
}

#[test]
fn the_list_for_programs_holds_the_same_and_every_combination() {
    let list: Value = serde_json::from_str(&printed(&["--list", "--json"])).unwrap();
    assert_eq!(list["schema_version"], 1);
    let mut of_axis = Vec::new();
    for axis in list["axes"].as_array().unwrap() {
        let name = axis["axis"].as_str().unwrap();
        assert_eq!(axis["flag"], format!("--{name}"));
        let mut values: Vec<&str> =
            axis["values"].as_array().unwrap().iter().map(|of| of["value"].as_str().unwrap()).collect();
        values.dedup();
        assert_eq!(values, catalog().values(name));
        of_axis.push(name);
    }
    let axum =
        &list["axes"][0]["values"].as_array().unwrap().iter().find(|of| of["value"] == "axum").unwrap();
    assert_eq!(axum["detect"], json!({"crate": "axum", "version": ">=0.7, <0.9"}));
    assert_eq!(axum["default"], true);

    let combinations = list["combinations"].as_array().unwrap();
    assert!(combinations.len() >= 6, "{combinations:#?}");
    for (number, one) in combinations.iter().enumerate() {
        assert!(!combinations[..number].contains(one), "twice: {one}");
        assert!(one.as_object().unwrap().keys().all(|axis| of_axis.contains(&axis.as_str())), "{one}");
    }
}

/// A combination on the list is one a run takes.
#[test]
fn every_combination_can_be_planned() {
    let list: Value = serde_json::from_str(&printed(&["--list", "--json"])).unwrap();
    let sandbox = Sandbox::of_cargo_new("hello", "2024");
    for combination in list["combinations"].as_array().unwrap() {
        let pairs = combination.as_object().unwrap().iter();
        let flags = pairs.flat_map(|(axis, value)| [format!("--{axis}"), value.as_str().unwrap().to_owned()]);
        let names = ["Accounts", "User", "users"].map(str::to_owned);
        let plan = cargo_gen_auth::plan(sandbox.path(), names.into_iter().chain(flags));
        assert!(plan.is_ok_and(|plan| !plan.is_empty()), "{combination}");
    }
}

#[test]
fn the_help_names_the_version_of_the_documents() {
    let version = format!("schema version {}", cargo_gen_auth::json::SCHEMA_VERSION);
    for help in ["-h", "--help"] {
        let help = printed(&[help]).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(&version), "{help}");
    }
}

#[test]
fn the_list_is_asked_for_alone() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    for more in [&["Accounts", "User", "users"][..], &["--check"], &["--dry-run"], &["--yes"]] {
        assert_eq!(sandbox.run(&[&["--list"][..], more].concat()).code, 2, "{more:?}");
    }
    assert_eq!(sandbox.run(&[]).code, 2);
}

#[test]
fn completions_of_each_shell_know_the_values_of_flags() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        assert!(script.contains("cargo-gen-auth"), "{shell}");
        // elvish and powershell scripts complete flags, not their values.
        let known: &[&str] = match shell {
            "elvish" | "powershell" => &["--hashing", "--check", "demo"],
            _ => &["hashing", "check", "demo", "argon2", "bcrypt", "pbkdf2"],
        };
        known.iter().for_each(|word| assert!(script.contains(word), "{shell}: no {word}"));
    }
    assert_eq!(Sandbox::empty().run(&["completions", "tcsh"]).code, 2);
}

#[cfg(unix)]
#[test]
fn bash_completes_with_them() {
    let sandbox = Sandbox::empty();
    sandbox.write("completions", &printed(&["completions", "bash"]));
    let script = "source ./completions
        COMP_WORDS=(cargo-gen-auth Accounts User users --hashing b) COMP_CWORD=5
        completer=$(complete -p cargo-gen-auth | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        $completer cargo-gen-auth b --hashing && echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").current_dir(sandbox.path()).args(["-c", script]).output().unwrap();
    let said = support::said(&output);
    assert_eq!((said.out.as_str(), said.code), ("bcrypt\n", 0), "{}", said.err);
}

#[test]
fn the_manual_page_is_roff_and_says_what_help_says() {
    let page = printed(&["man"]);
    assert!(page.contains("\n.TH cargo-gen-auth 1 "), "{page}");
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "WHAT TO WRITE", "SUBCOMMANDS"] {
        let quoted = format!("\n.SH \"{section}\"\n");
        assert!(page.contains(&quoted) || page.contains(&format!("\n.SH {section}\n")), "{section}: {page}");
    }
    for word in ["\\-\\-check", "argon2", "cargo gen\\-auth demo\n", "Exit codes:"] {
        assert!(page.contains(word), "no {word}: {page}");
    }
    assert!(!page.contains("(1)"), "a page that there is not: {page}");
}

#[test]
fn a_demo_of_a_framework_that_is_not_there_makes_nothing() {
    let sandbox = Sandbox::empty();
    let said = sandbox.run(&["demo", "--keep", "hello", "--framework", "actix"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("actix-web") && said.err.contains("axum"), "{}", said.err);
    assert!(!sandbox.path().join("hello").exists());
}
