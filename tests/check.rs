//! Stories of a program that asks instead of a person: `--check` and `--json`.

mod support;

use std::{fs, path::Path};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::{Said, Sandbox};

const USERS: [&str; 3] = ["Accounts", "User", "users"];
const NO_ROUTER: &str = "use axum as _;\n\nfn main() {\n    println!(\"no router yet\");\n}\n";

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    USERS.iter().copied().chain(more.iter().copied()).collect()
}

fn written() -> Sandbox {
    let sandbox = Sandbox::of_fixture("axum-hello");
    assert_eq!(sandbox.run(&with(&["--yes"])).code, 0);
    sandbox
}

/// Whatever `--check` finds, it writes nothing.
fn check(sandbox: &Sandbox, more: &[&str]) -> Said {
    let before = sandbox.tree();
    let said = sandbox.run(&[&with(&["--check"]), more].concat());
    assert_eq!(sandbox.tree(), before);
    said
}

#[test]
fn a_check_before_the_first_run_says_what_would_change() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let said = check(&sandbox, &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("create src/accounts/mod.rs"), "{}", said.err);
    assert!(said.err.ends_with("Nothing was written (--check).\n"), "{}", said.err);
    let dry = sandbox.run(&with(&["--dry-run"]));
    assert_eq!((dry.code, dry.out), (0, said.out));

    let said = check(&sandbox, &["--quiet", "--diff"]);
    assert_eq!((said.code, said.err.as_str()), (1, ""));
    assert!(said.out.contains("+++ b/src/accounts/mod.rs"), "{}", said.out);
}

#[test]
fn a_check_of_what_a_run_has_written_finds_nothing_whatever_the_time() {
    let sandbox = written();
    for more in [&[][..], &["--timestamp", "20301231235959"]] {
        let said = check(&sandbox, more);
        assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
        assert!(said.err.contains("nothing to do"), "{}", said.err);
    }
    let said = check(&sandbox, &["--quiet"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
}

#[test]
fn a_file_that_is_gone_or_an_edit_that_is_undone_would_come_back() {
    let sandbox = written();
    fs::remove_file(sandbox.path().join("src/accounts/scope.rs")).unwrap();
    let said = check(&sandbox, &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("create src/accounts/scope.rs"), "{}", said.err);

    let sandbox = written();
    sandbox.write("src/main.rs", &sandbox.read("src/main.rs").replace("mod mailer;\n", ""));
    let said = check(&sandbox, &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("\n+mod mailer;\n"), "{}", said.out);
}

/// It is the owner's now, and a run would not touch it: that is no change but a conflict, as for a run.
#[test]
fn a_generated_file_the_owner_has_changed_is_a_conflict() {
    let sandbox = written();
    sandbox.write("src/accounts/mod.rs", &format!("{}// Mine.\n", sandbox.read("src/accounts/mod.rs")));
    let said = check(&sandbox, &[]);
    assert_eq!((said.code, said.out.as_str()), (4, ""), "{}", said.err);
    assert!(said.err.contains("src/accounts/mod.rs: is there already"), "{}", said.err);

    // Of the files all runs share only the names count that generated code calls.
    let sandbox = written();
    sandbox.write("src/mailer.rs", &format!("{}// Mine.\n", sandbox.read("src/mailer.rs")));
    assert_eq!(check(&sandbox, &[]).code, 0);
}

#[test]
fn edits_left_to_a_person_are_never_a_success() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/main.rs", NO_ROUTER);
    let said = check(&sandbox, &[]);
    assert_eq!(said.code, 1, "the rest would be written\n{}", said.err);
    assert!(said.err.contains("Left to do by hand") && said.err.contains("web::router(auth.clone())"));

    assert_eq!(sandbox.run(&with(&["--yes"])).code, 5);
    let said = check(&sandbox, &["--quiet"]);
    assert_eq!((said.code, said.out.as_str()), (5, ""), "{}", said.err);
    assert!(said.err.contains("Left to do by hand") && said.err.contains("web::router(auth.clone())"));
}

#[test]
fn a_check_of_what_cannot_be_understood_is_an_error() {
    assert_eq!(check(&Sandbox::empty(), &[]).code, 3);
    assert_eq!(check(&Sandbox::of_fixture("axum-hello"), &["--table", "order"]).code, 2);
}

#[test]
fn answers_that_contradict_each_other_are_refused() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let before = sandbox.tree();
    for flags in
        [&["--check", "--yes"][..], &["--check", "--dry-run"], &["--json"], &["--json", "--check", "--diff"]]
    {
        let said = sandbox.run(&with(flags));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{flags:?}: {}", said.err);
        assert_eq!(sandbox.tree(), before);
    }
    let said = sandbox.run(&with(&["--json"]));
    assert!(said.err.contains("--dry-run") && said.err.contains("--check"), "{}", said.err);
}

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "the schema itself");
    jsonschema::validator_for(&schema).unwrap()
}

/// The document of a run, which is all of standard output, valid and in line with how the run ended.
fn document(sandbox: &Sandbox, args: &[&str]) -> Value {
    let said = sandbox.run(&[args, &["--json"]].concat());
    let document: Value = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.out));
    let errors: Vec<String> =
        schema().iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(document["exit_code"], said.code);
    document
}

fn of_kind<'a>(document: &'a Value, kind: &str) -> Vec<&'a str> {
    let changes = document["changes"].as_array().unwrap().iter();
    changes.filter(|change| change["kind"] == kind).map(|change| change["path"].as_str().unwrap()).collect()
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file is as a hash of the document says, `null` standing for no file.
fn hashes_hold(document: &Value, when: &str, sandbox: &Sandbox) {
    let tree = sandbox.tree();
    for change in document["changes"].as_array().unwrap() {
        let path = change["path"].as_str().unwrap();
        assert_eq!(change[when], json!(tree.get(path).map(|text| sha256(text))), "{path}");
    }
}

#[test]
fn a_document_tells_of_a_dry_run_a_check_and_a_write_alike() {
    for sandbox in [Sandbox::of_fixture("axum-hello"), Sandbox::of_cargo_new("hello", "2024")] {
        let dry = document(&sandbox, &with(&["--dry-run"]));
        assert_eq!((&dry["outcome"], &dry["exit_code"]), (&json!("would-change"), &json!(0)));
        hashes_hold(&dry, "before", &sandbox);
        assert!(of_kind(&dry, "create").contains(&"src/accounts/mod.rs"));
        assert_eq!(of_kind(&dry, "edit"), ["Cargo.toml", "src/main.rs"]);
        assert_eq!(dry["stamp"], "20260101000000");
        assert!(dry["next"].as_array().unwrap().contains(&json!("cargo run")));

        let check = document(&sandbox, &with(&["--check"]));
        assert_eq!((&check["outcome"], &check["exit_code"]), (&json!("would-change"), &json!(1)));
        let wrote = document(&sandbox, &with(&["--yes"]));
        assert_eq!((&wrote["outcome"], &wrote["exit_code"]), (&json!("written"), &json!(0)));
        for other in [&check, &wrote] {
            assert_eq!(other["changes"], dry["changes"]);
            assert_eq!(other["choices"], dry["choices"]);
        }
        hashes_hold(&wrote, "after", &sandbox);

        for how in ["--dry-run", "--check", "--yes"] {
            let again = document(&sandbox, &with(&[how]));
            assert_eq!((&again["outcome"], &again["exit_code"]), (&json!("unchanged"), &json!(0)));
            assert_eq!(of_kind(&again, "unchanged").len(), dry["changes"].as_array().unwrap().len());
        }
    }
}

#[test]
fn a_document_says_where_choices_come_from() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let flags = ["--dry-run", "--hashing", "bcrypt", "--no-agents-md", "--no-enumeration"];
    let document = document(&sandbox, &with(&flags));
    let choice = |axis: &str| {
        let choices = document["choices"].as_array().unwrap();
        let choice = choices.iter().find(|choice| choice["axis"] == axis).unwrap();
        [&choice["value"], &choice["from"], &choice["found"]].map(Value::to_string).join(" ")
    };
    assert_eq!(choice("framework"), "\"axum\" \"manifest\" \"axum 0.8.0 in Cargo.toml\"");
    assert_eq!(choice("hashing"), "\"bcrypt\" \"flag\" null");
    assert_eq!(choice("id-type"), "\"i64\" \"default\" null");
    assert_eq!(choice("agents-md"), "\"no\" \"flag\" null");
    assert_eq!(choice("enumeration"), "\"no\" \"flag\" null");
}

#[test]
fn a_document_says_what_it_is_about() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let args = ["Shop.Accounts", "OrderMember", "order_members", "--web", "Backoffice", "--table", "om"];
    let names = json!({
        "context": "Shop.Accounts", "schema": "OrderMember", "plural": "order_members", "table": "om", "web": "Backoffice"
    });
    assert_eq!(document(&sandbox, &[&args[..], &["--dry-run"]].concat())["names"], names);
    assert_eq!(document(&sandbox, &with(&["--dry-run"]))["names"]["web"], Value::Null);
}

#[test]
fn a_document_names_both_packages_where_there_are_two() {
    let sandbox = Sandbox::of_fixture("axum-umbrella");
    let flags = ["-p", "server", "--context-package", "bakery", "--dry-run"];
    let document = document(&sandbox, &with(&flags));
    let context = json!({ "name": "bakery", "manifest": "crates/bakery/Cargo.toml" });
    let project = json!({ "name": "server", "manifest": "crates/server/Cargo.toml", "context": context });
    assert_eq!(document["project"], project);
    let created = of_kind(&document, "create");
    assert!(created.contains(&"crates/bakery/src/accounts/mod.rs"), "{created:?}");
    assert!(created.contains(&"crates/server/src/web/mod.rs"), "{created:?}");

    // And once it is done, that nothing would change.
    assert_eq!(sandbox.run(&[&with(&flags[..4])[..], &["--yes"]].concat()).code, 0);
    let said = check(&sandbox, &flags[..4]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
}

#[test]
fn keys_stand_in_the_order_of_the_schema() {
    let said = Sandbox::of_fixture("axum-hello").run(&with(&["--dry-run", "--json"]));
    let at_margin = said.out.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once("\":"));
    let keys: Vec<&str> = at_margin.map(|(key, _)| key).collect();
    assert_eq!(
        keys,
        [
            "schema_version", "outcome", "exit_code", "project", "names", "choices", "stamp", "changes",
            "findings", "next"
        ]
    );
}

#[test]
fn a_document_tells_of_files_in_the_way() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/accounts/mod.rs", "//! Mine.\n");
    sandbox.write("src/main.rs", &format!("{}\nmod accounts {{}}\n", sandbox.read("src/main.rs")));
    let before = sandbox.tree();
    for how in ["--dry-run", "--check", "--yes"] {
        let document = document(&sandbox, &with(&[how]));
        assert_eq!((&document["outcome"], &document["exit_code"]), (&json!("blocked"), &json!(4)));
        let [file, module, note] = document["findings"].as_array().unwrap().as_slice() else {
            panic!("{document}")
        };
        assert_eq!((&file["level"], &file["path"]), (&json!("blocks"), &json!("src/accounts/mod.rs")));
        assert_eq!((&module["level"], &module["path"]), (&json!("blocks"), &json!("src/main.rs")));
        assert_eq!((&note["level"], &note["path"]), (&json!("note"), &json!("src/main.rs")));
        assert_eq!((&file["lines"], &module["lines"]), (&json!([]), &json!([13])));
        assert!(!of_kind(&document, "create").contains(&"src/accounts/mod.rs"));
        assert_eq!(sandbox.tree(), before);
    }
}

#[test]
fn a_document_tells_of_edits_left_to_a_person() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    sandbox.write("src/main.rs", NO_ROUTER);
    for (how, outcome, code) in
        [("--check", "would-change", 1), ("--yes", "written", 5), ("--check", "unchanged", 5)]
    {
        let document = document(&sandbox, &with(&[how]));
        assert_eq!((&document["outcome"], &document["exit_code"]), (&json!(outcome), &json!(code)));
        let finding = &document["findings"][0];
        assert_eq!((&finding["level"], &finding["path"]), (&json!("by-hand"), &json!("src/main.rs")));
        assert!(finding["by_hand"].as_str().unwrap().contains("web::router(auth.clone())"));
    }

    let other = "axum::serve(another, Router::new()).await.unwrap();";
    let sandbox = Sandbox::of_fixture("axum-hello");
    let main = sandbox.read("src/main.rs");
    let serve = "    axum::serve(listener, app)";
    sandbox.write("src/main.rs", &main.replace(serve, &format!("    {other}\n{serve}")));
    let document = document(&sandbox, &with(&["--yes"]));
    let finding = &document["findings"][0];
    assert!(finding["says"].as_str().unwrap().contains("more than one router"), "{finding}");
    let [line] = finding["lines"].as_array().unwrap().as_slice() else { panic!("{finding}") };
    let main = sandbox.read("src/main.rs");
    let line = main.lines().nth(usize::try_from(line.as_u64().unwrap()).unwrap() - 1).unwrap();
    assert!(line.contains("Router::new()"), "{line}");
}

#[test]
fn an_error_is_a_document_too() {
    let cases = [
        (Sandbox::empty(), with(&["--check"]), "project", 3),
        (Sandbox::of_fixture("axum-hello"), vec!["Accounts", "User", "user", "--dry-run"], "usage", 2),
    ];
    for (sandbox, args, kind, code) in cases {
        let document = document(&sandbox, &args);
        assert_eq!((&document["outcome"], &document["exit_code"]), (&json!("failed"), &json!(code)));
        assert_eq!(document["error"]["kind"], kind);
        let said = sandbox.run(&args);
        assert_eq!(said.err, format!("error: {}\n", document["error"]["message"].as_str().unwrap()));
    }
}

/// `/dev/full` takes nothing. What was written stays written, and the exit code says that the document is missing.
#[cfg(target_os = "linux")]
#[test]
fn a_document_nobody_can_read_is_an_error() {
    let sandbox = Sandbox::of_fixture("axum-hello");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.command(&with(&["--yes", "--json", "--quiet"]));
    let said = support::said(&command.stdout(full).output().unwrap());
    assert_eq!(said.code, 6, "{}", said.err);
    assert!(said.err.contains("the rest is done, but standard output"), "{}", said.err);
    assert_eq!(check(&sandbox, &[]).code, 0);
}

#[test]
fn the_schema_refuses_what_is_not_a_document() {
    let good = document(&Sandbox::of_fixture("axum-hello"), &with(&["--dry-run"]));
    let schema = schema();
    let wrong = |pointer: &str, value: Value| {
        let mut document = good.clone();
        *document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        assert!(!schema.is_valid(&document), "{pointer}");
    };
    wrong("/schema_version", json!(2));
    wrong("/outcome", json!("failed"));
    wrong("/exit_code", json!(3));
    wrong("/stamp", json!("today"));
    wrong("/choices/0/from", json!("guess"));
    wrong("/choices/0/found", Value::Null);
    wrong("/changes/0/path", json!("/etc/passwd"));
    wrong("/changes/0/kind", json!("edit"));
    wrong("/changes/0/after", json!("abc"));
    wrong("/changes/0/layers", json!([]));
    wrong(
        "/findings",
        json!([{"level": "by-hand", "path": "a", "lines": [], "says": "no", "by_hand": null}]),
    );
    for key in good.as_object().unwrap().keys() {
        let mut document = good.clone();
        document.as_object_mut().unwrap().remove(key);
        assert!(!schema.is_valid(&document), "without {key}");
    }
    let mut document = good;
    document["more"] = json!(true);
    assert!(!schema.is_valid(&document), "an unknown key");
}
