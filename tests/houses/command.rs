//! `cargo gen-auth templates`.

use super::*;

fn templates(sandbox: &Sandbox, args: &[&str]) -> Said {
    sandbox.run(&[&["templates"][..], args].concat())
}

const ARGON2: &str = "login/both+password/hashing/argon2";

#[test]
fn list_shows_every_layer_and_file_and_where_it_comes_from() {
    let sandbox = sandbox();
    sandbox.write(&house_file(SCOPE), &built_in(SCOPE));
    sandbox.write(&house_file("domain/layer.toml"), "[dependencies]\nrand = \"0.10.1\"\n");
    sandbox.write(
        &house_file("house.toml"),
        "leave-out = [\"hashing/bcrypt\"]\n[flags]\nhashing = \"pbkdf2\"\n",
    );
    let said = templates(&sandbox, &["list"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for (path, _) in Templates::built_in().unwrap().files() {
        let is_shown = said
            .out
            .lines()
            .any(|line| line.trim() == path || line.trim().starts_with(&format!("{path}  (")));
        let left_out = path.contains("/hashing/bcrypt/") || path == "README.md";
        assert_eq!(is_shown, !left_out, "{path} in {}", said.out);
    }
    for line in [
        &format!("{SCOPE}  (replaced by .gen-auth/templates)"),
        "domain/layer.toml  (merged by .gen-auth/templates)",
        "without hashing/bcrypt",
        "--hashing pbkdf2 by default",
        "domain  the context",
    ] {
        assert!(said.out.contains(line), "no {line:?} in {}", said.out);
    }
    let nowhere = Sandbox::empty();
    assert_eq!(templates(&nowhere, &["list"]).code, 0);
}

#[test]
fn eject_copies_records_and_overwrites_nothing() {
    let sandbox = sandbox();
    let said = templates(&sandbox, &["eject", ARGON2, MAILER]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sandbox.read(&house_file(MAILER)), built_in(MAILER));
    assert_eq!(sandbox.read(&house_file(&format!(".base/{MAILER}"))), built_in(MAILER));
    let record = sandbox.read(&house_file("house.toml"));
    assert!(record.starts_with("# The version"), "{record}");
    let line = format!("\"{MAILER}\" = \"cargo-gen-auth {}\"", env!("CARGO_PKG_VERSION"));
    assert!(record.contains("api = 1") && record.contains(&line), "{record}");
    assert!(!sandbox.path().join(house_file(&format!("{ARGON2}/layer.toml"))).exists());
    let before = sandbox.tree();
    assert_eq!(templates(&sandbox, &["eject", MAILER]).code, 0);
    assert_eq!(sandbox.tree(), before);
    assert_eq!(dry(&sandbox, &[]).code, 0);

    sandbox.write(&house_file(MAILER), "// mine\n");
    let before = sandbox.tree();
    let said = templates(&sandbox, &["eject", "domain"]);
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains(MAILER), "{}", said.err);
    assert_eq!(sandbox.tree(), before);

    for (name, says) in [
        ("login/both+password/hashing/argn2", "did you mean `login/both+password/hashing/argon2`?"),
        ("domain/layer.toml", "is merged, not replaced"),
    ] {
        let said = templates(&sandbox, &["eject", name]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains(says), "{}", said.err);
    }
}

#[test]
fn eject_into_a_folder_of_its_own_needs_no_project() {
    let sandbox = Sandbox::empty();
    let said = templates(&sandbox, &["eject", MAILER, "--templates", "a/house/"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sandbox.read(&format!("a/house/{MAILER}")), built_in(MAILER));
    let said = templates(&sandbox, &["eject", MAILER]);
    assert_eq!(said.code, 2, "{}", said.err);
}

#[test]
fn an_ejected_file_changes_nothing_until_it_is_changed() {
    let sandbox = sandbox();
    let plain = dry(&sandbox, &[]).out;
    let layers = Catalog::load(&Templates::built_in().unwrap()).unwrap();
    let names: Vec<&str> = layers.layers().iter().map(|layer| layer.id.as_str()).collect();
    let said = templates(&sandbox, &[&["eject"][..], &names].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(dry(&sandbox, &[]).out, plain);
}

/// A house whose copy is of an older built-in file.
fn older_house(sandbox: &Sandbox, ours: &str, base: &str) {
    sandbox.write(
        &house_file("house.toml"),
        &format!("api = 1\n\n[from]\n\"{MAILER}\" = \"cargo-gen-auth 0.0.9\"\n"),
    );
    sandbox.write(&house_file(MAILER), ours);
    sandbox.write(&house_file(&format!(".base/{MAILER}")), base);
}

const MENDED: &str = "const KEPT_MAILS: usize = 100;";

#[test]
fn diff_shows_ours_against_theirs_and_what_theirs_has_changed() {
    let sandbox = sandbox();
    let now = built_in(MAILER);
    let base = now.replace(MENDED, "const KEPT_MAILS: usize = 50;");
    older_house(&sandbox, &format!("// Acme\n{base}"), &base);
    let said = templates(&sandbox, &["diff"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let line = |line: &str| assert!(said.out.contains(line), "no {line:?} in {}", said.out);
    line(&format!("--- built-in/{MAILER}\n+++ .gen-auth/templates/{MAILER}\n"));
    line("+// Acme\n");
    line(&format!("--- cargo-gen-auth 0.0.9/{MAILER}\n+++ built-in/{MAILER}\n"));
    line(&format!("-const KEPT_MAILS: usize = 50;\n+{MENDED}\n"));
    assert!(
        said.err.contains("has changed since cargo-gen-auth 0.0.9; `templates merge` takes it over"),
        "{}",
        said.err
    );
}

#[test]
fn merge_takes_our_fixes_and_keeps_their_edits() {
    let sandbox = sandbox();
    let now = built_in(MAILER);
    let base = now.replace(MENDED, "const KEPT_MAILS: usize = 50;");
    older_house(&sandbox, &format!("// Acme\n{base}"), &base);
    let said = templates(&sandbox, &["merge"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sandbox.read(&house_file(MAILER)), format!("// Acme\n{now}"));
    assert_eq!(sandbox.read(&house_file(&format!(".base/{MAILER}"))), now);
    let version = format!("\"cargo-gen-auth {}\"", env!("CARGO_PKG_VERSION"));
    assert!(sandbox.read(&house_file("house.toml")).contains(&version));
    let said = templates(&sandbox, &["merge"]);
    assert!(said.err.contains("nothing to do"), "{}", said.err);
}

#[test]
fn changes_that_meet_are_left_to_a_person() {
    let sandbox = sandbox();
    let now = built_in(MAILER);
    let base = now.replace(MENDED, "const KEPT_MAILS: usize = 50;");
    older_house(&sandbox, &now.replace(MENDED, "const KEPT_MAILS: usize = 7;"), &base);
    let before = sandbox.tree();
    let said = templates(&sandbox, &["merge"]);
    assert_eq!(said.code, 5, "{}", said.err);
    assert_eq!(sandbox.tree(), before);
    assert!(said.err.contains("- const KEPT_MAILS: usize = 7;"), "{}", said.err);
    assert!(said.err.contains(&format!("+ {MENDED}")), "{}", said.err);
    let said = templates(&sandbox, &["merge", "--keep", MAILER]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(sandbox.read(&house_file(MAILER)).contains("= 7;"));
    assert!(templates(&sandbox, &["merge"]).err.contains("nothing to do"));
}

#[test]
fn check_finds_what_no_run_would_come_to() {
    let sandbox = sandbox();
    sandbox.write(&house_file("house.toml"), ONE_COMBINATION);
    let said = templates(&sandbox, &["check"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("Checked 2 combinations"), "{}", said.err);

    let scope = built_in(SCOPE);
    sandbox.write(&house_file(SCOPE), &format!("{scope}//# if id.generated\n<@ tabel @>\n//# endif\n"));
    let line = scope.lines().count() + 2;
    let said = templates(&sandbox, &["check"]);
    assert_eq!(said.code, 3);
    let says = format!("{SCOPE}:{line}:4: unknown variable `tabel`; did you mean `table`?");
    assert!(said.err.contains(&says), "{}", said.err);

    sandbox.write(&house_file(SCOPE), &format!("{scope}fn broken( {{}}\n"));
    let said = templates(&sandbox, &["check"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("domain: src/accounts/scope.rs:"), "{}", said.err);
    assert!(said.err.contains("`fn broken( {}`"), "{}", said.err);

    sandbox.write(&house_file(SCOPE), &format!("{scope}pub struct Structure;\n"));
    let said = templates(&sandbox, &["check"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("schema `Structure` is a name the generated code uses itself"), "{}", said.err);
}
