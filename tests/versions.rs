//! Which versions of frameworks, data layers and Rust a project may have, and what becomes of each: adapted to, or
//! refused with what would do, before anything is written.

mod support;

use cargo_gen_auth::project::Project;
use serde_json::Value;

use support::{Sandbox, hello_of, plan_of};

const NAMES: [&str; 3] = ["Accounts", "User", "users"];

/// A fixture with another text in its manifest.
fn fixture_with(name: &str, from: &str, to: &str) -> Sandbox {
    let sandbox = Sandbox::of_fixture(name);
    let manifest = sandbox.read("Cargo.toml");
    assert!(manifest.contains(from), "{name} has no {from}");
    sandbox.write("Cargo.toml", &manifest.replacen(from, to, 1));
    sandbox
}

/// Nothing is written, and the message says what is there and what would do.
fn is_refused(sandbox: &Sandbox, flags: &[&str], says: &[&str]) {
    let before = sandbox.tree();
    let said = sandbox.run(&[&NAMES[..], &["--yes"], flags].concat());
    assert_eq!(said.code, 3, "{flags:?} {}", said.err);
    for text in says.iter().chain(&["nothing was written"]) {
        assert!(said.err.contains(text), "{text}\n{}", said.err);
    }
    assert_eq!(sandbox.tree(), before);
}

/// The version chosen on an axis and what shows it, in a run that writes nothing.
fn choice(sandbox: &Sandbox, axis: &str, flags: &[&str]) -> (String, String) {
    let said = sandbox.run(&[&NAMES[..], &["--dry-run", "--json"], flags].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    let choices = document["choices"].as_array().expect("choices");
    let choice = choices.iter().find(|choice| choice["axis"] == axis).expect("the axis");
    let text = |key: &str| choice[key].as_str().unwrap_or_default().to_owned();
    (text("value"), text("found"))
}

#[test]
fn what_is_older_or_unknown_is_refused_with_the_range() {
    let sqlx = "axum = \"0.8\"\nsqlx = { version = \"VERSION\", features = [\"sqlite\"] }";
    let askama = "axum = \"0.8\"\naskama = \"VERSION\"";
    for (fixture, from, to, range, flag, versions) in [
        (
            "axum-hello",
            "axum = \"0.8\"",
            "axum = \"VERSION\"",
            "axum >=0.7, <0.9",
            ["--framework", "axum"],
            ["0.5", "0.6", "0.9", "1"],
        ),
        (
            "actix-hello",
            "\"4\"",
            "\"VERSION\"",
            "actix-web >=4, <5",
            ["--framework", "actix-web"],
            ["0.7", "2", "3", "5"],
        ),
        (
            "axum-hello",
            "axum = \"0.8\"",
            sqlx,
            "sqlx >=0.7, <0.10",
            ["--data", "sqlx"],
            ["0.5", "0.6", "0.10", "1"],
        ),
        (
            "axum-hello",
            "axum = \"0.8\"",
            askama,
            "askama >=0.14, <0.17",
            ["--views", "askama"],
            ["0.12", "0.13", "0.17", "1"],
        ),
    ] {
        for version in versions {
            let sandbox = fixture_with(fixture, from, &to.replace("VERSION", version));
            let found = format!("{} {version}.", range.split(' ').next().unwrap_or_default());
            is_refused(&sandbox, &[], &[range, &found]);
            // A flag does not get around it.
            is_refused(&sandbox, &flag, &[range, &found]);
        }
    }
}

/// Other crates stay in the version they have as far as the code goes with it.
#[test]
fn an_older_crate_is_kept_or_refused_with_the_way_around() {
    let with =
        |crates: &str| fixture_with("axum-hello", "axum = \"0.8\"", &format!("axum = \"0.8\"\n{crates}"));

    let kept = with("base64 = \"0.22\"\nrand = \"0.8\"\nsha2 = \"0.10\"");
    assert_eq!(kept.run(&[&NAMES[..], &["--yes"]].concat()).code, 0);
    for entry in ["base64 = \"0.22\"\n", "rand = \"0.8\"\n", "sha2 = \"0.10\"\n"] {
        assert!(kept.read("Cargo.toml").contains(entry), "{entry}");
    }

    is_refused(&with("base64 = \"0.13\""), &[], &["base64 0.13", "base64 0.23 (>=0.21): raise it and run"]);
    is_refused(&with("rand = \"0.11\""), &[], &["rand 0.11", "rand 0.10 (>=0.8)"]);
    is_refused(
        &with("bcrypt = \"0.14\""),
        &["--hashing", "bcrypt"],
        &["or choose --hashing argon2 or pbkdf2, and"],
    );

    // It is there with what is asked for only in a later one of its line.
    let locked = with("lettre = \"0.11\"");
    locked.write("Cargo.lock", "[[package]]\nname = \"lettre\"\nversion = \"0.11.13\"\n");
    is_refused(
        &locked,
        &[],
        &["Cargo.lock has lettre 0.11.13", "0.11.14 or later: say `cargo update -p lettre`"],
    );
    locked.write("Cargo.lock", "[[package]]\nname = \"lettre\"\nversion = \"0.11.14\"\n");
    assert_eq!(locked.run(&[&NAMES[..], &["--yes"]].concat()).code, 0);
    is_refused(
        &with("lettre = \"=0.11.9\""),
        &[],
        &["asks for lettre =0.11.9", "0.11.14 or later: raise it"],
    );
}

#[test]
fn hashes_are_made_by_the_argon2_a_project_has() {
    let with =
        |crates: &str| fixture_with("axum-hello", "axum = \"0.8\"", &format!("axum = \"0.8\"\n{crates}"));
    for (entry, version, after) in [
        ("argon2 = \"0.5\"", "0.5", "argon2 = { version = \"0.5\", features = [\"std\"] }\n"),
        (
            "argon2 = { version = \"0.5.3\", features = [\"std\"] }",
            "0.5",
            "argon2 = { version = \"0.5.3\", features = [\"std\"] }\n",
        ),
        ("argon2 = \"*\"", "0.5", "argon2 = { version = \"*\", features = [\"std\"] }\n"),
        ("argon2 = \"0.6\"", "0.6", "argon2 = \"0.6\"\n"),
        // Another crate's affair.
        ("password-hash = \"0.5\"", "0.6", "argon2 = \"0.6\"\n"),
        ("password-hash = \"0.6\"", "0.6", "argon2 = \"0.6\"\n"),
        ("", "0.6", "argon2 = \"0.6\"\n"),
    ] {
        let sandbox = with(entry);
        sandbox.write("Cargo.lock", "[[package]]\nname = \"argon2\"\nversion = \"0.5.3\"\n");
        assert_eq!(choice(&sandbox, "hashing-version", &[]).0, version, "{entry}");
        let said = sandbox.run(&[&NAMES[..], &["--yes"]].concat());
        assert_eq!(said.code, 0, "{entry} {}", said.err);
        assert!(sandbox.read("Cargo.toml").contains(after), "{entry}");
        let code = sandbox.read("src/accounts/password.rs");
        assert_eq!(code.contains("SaltString::generate(OsRng)"), version == "0.5", "{entry}");
        assert_eq!(code.contains("password_hash::phc"), version == "0.6", "{entry}");
    }

    let around = "argon2 >=0.5, <0.7, or choose --hashing bcrypt or pbkdf2";
    for version in ["0.4", "0.7"] {
        let sandbox = with(&format!("argon2 = \"{version}\""));
        is_refused(&sandbox, &[], &[around]);
        is_refused(&sandbox, &["--hashing", "argon2"], &[around]);
        for flags in [["--hashing", "bcrypt"], ["--hashing", "pbkdf2"], ["--login", "magic-link"]] {
            let said = sandbox.run(&[&NAMES[..], &["--dry-run"], &flags].concat());
            assert_eq!(said.code, 0, "{}", said.err);
        }
    }
}

/// An entry of a lock file.
fn locked(name: &str, version: &str, below: &[&str]) -> String {
    let below: String = below.iter().map(|name| format!(" \"{name}\",\n")).collect();
    format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [\n{below}]\n\n")
}

/// One rustls with two providers is one that panics where the owner's code asks it for the one there is.
#[test]
fn mails_are_sent_with_the_cryptography_that_is_there() {
    let ring = ["once_cell", "ring", "rustls-webpki"];
    let both = [
        locked("ring", "0.17.14", &["cc"]),
        locked("rustls", "0.23.46", &["aws-lc-rs", "ring", "rustls-webpki"]),
    ];
    for (lock, feature) in [
        (None, "aws-lc-rs"),
        (Some(String::new()), "aws-lc-rs"),
        (Some(locked("rustls", "0.23.46", &ring)), "ring"),
        (Some(locked("rustls", "0.23.46", &ring).replace('\n', "\r\n")), "ring"),
        (Some(locked("rustls", "0.23.46", &["log", "ring 0.17.14"])), "ring"),
        (Some(locked("rustls", "0.23.46", &["aws-lc-rs", "log"])), "aws-lc-rs"),
        (Some(both.concat()), "aws-lc-rs"),
        // Neither: it is the owner who says which one there is.
        (Some(locked("rustls", "0.23.46", &["log", "ringbuffer"])), "aws-lc-rs"),
        // Another crate to Cargo.
        (Some(locked("rustls", "0.21.12", &ring)), "aws-lc-rs"),
        (Some(locked("rustls", "0.21.12", &["log"]) + &locked("rustls", "0.23.46", &ring)), "ring"),
        (
            Some(locked("rustls", "0.21.12", &ring) + &locked("rustls", "0.23.46", &["aws-lc-rs"])),
            "aws-lc-rs",
        ),
    ] {
        let sandbox = Sandbox::of_fixture("axum-hello");
        std::fs::remove_file(sandbox.path().join("Cargo.lock")).expect("it was there");
        if let Some(lock) = &lock {
            sandbox.write("Cargo.lock", lock);
        }
        let said = sandbox.run(&[&NAMES[..], &["--yes"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        let manifest = sandbox.read("Cargo.toml");
        let entry = manifest.lines().find(|line| line.starts_with("lettre = ")).expect("the mailer's");
        let has = |feature: &str| entry.contains(&format!("\"{feature}\""));
        assert_eq!(
            [has("ring"), has("aws-lc-rs")],
            [feature == "ring", feature != "ring"],
            "{lock:?} {entry}"
        );
        // Whatever becomes of the lock file.
        for lock in [String::new(), locked("rustls", "0.23.46", &ring)] {
            sandbox.write("Cargo.lock", &lock);
            let said = sandbox.run(&[&NAMES[..], &["--check"]].concat());
            assert_eq!(said.code, 0, "{lock:?} {}", said.out);
        }
    }
}

/// What the project asks for itself, or would inherit, counts before the lock file.
#[test]
fn a_mailer_that_is_there_keeps_its_cryptography() {
    let lettre = |feature: &str| {
        format!(
            "lettre = {{ version = \"0.11.14\", default-features = false, features = [\"{feature}\"] }}\n"
        )
    };
    for (there, other) in [("ring", "aws-lc-rs"), ("aws-lc-rs", "ring")] {
        let own =
            fixture_with("axum-hello", "axum = \"0.8\"\n", &format!("axum = \"0.8\"\n{}", lettre(there)));
        let shared = Sandbox::empty();
        let members = "[workspace]\nmembers = [\"site\"]\n\n[workspace.dependencies]\n";
        shared.write("Cargo.toml", &format!("{members}{}", lettre(there)));
        shared.write("site/Cargo.toml", "[package]\nname = \"site\"\nedition = \"2024\"\n");
        shared.write("site/src/main.rs", cargo_gen_auth::project::CARGO_NEW_MAIN);
        for (sandbox, manifest, flags) in
            [(own, "Cargo.toml", &[][..]), (shared, "site/Cargo.toml", &["-p", "site"])]
        {
            sandbox.write("Cargo.lock", &locked("rustls", "0.23.46", &[other]));
            let said = sandbox.run(&[&NAMES[..], flags, &["--yes"]].concat());
            assert_eq!(said.code, 0, "{}", said.err);
            let text = sandbox.read(manifest);
            assert!(
                text.contains("tokio1-rustls") && !text.contains(&format!("\"{other}\"")),
                "{there} {text}"
            );
        }
    }
}

#[test]
fn the_version_is_the_one_the_project_has() {
    for (manifest, found) in [("\"0.7\"", "0.7.0"), ("{ version = \"0.7.5\" }", "0.7.5"), ("\"*\"", "0.7.9")]
    {
        let sandbox = fixture_with("axum-hello", "\"0.8\"", manifest);
        sandbox.write("Cargo.lock", "[[package]]\nname = \"axum\"\nversion = \"0.7.9\"\n");
        let expected = ("0.7".to_owned(), format!("axum {found} in Cargo.toml"));
        assert_eq!(choice(&sandbox, "framework-version", &[]), expected);
    }
    let sandbox = Sandbox::of_fixture("axum-hello");
    assert_eq!(choice(&sandbox, "framework-version", &[]).0, "0.8");
    for (version, expected) in [("0.7", "0.7"), ("0.8", "0.8"), ("0.9", "0.9")] {
        let to = format!("axum = \"0.7\"\nsqlx = {{ version = \"{version}\", features = [\"postgres\"] }}");
        let sandbox = fixture_with("axum-hello", "axum = \"0.8\"", &to);
        assert_eq!(choice(&sandbox, "data-version", &[]).0, expected);
        assert_eq!(choice(&sandbox, "db", &[]).0, "postgres");
    }
}

/// A member that does not have the dependency yet gets the workspace's.
#[test]
fn the_version_may_be_the_one_of_the_workspace() {
    let sandbox = Sandbox::empty();
    let dependencies = |sqlx: &str| {
        format!(
            "[workspace]\nmembers = [\"site\"]\n\n[workspace.dependencies]\naxum = \"0.7\"\nsqlx = \"{sqlx}\"\n"
        )
    };
    sandbox.write("Cargo.toml", &dependencies("0.7"));
    sandbox.write("site/Cargo.toml", "[package]\nname = \"site\"\nedition = \"2024\"\n");
    sandbox.write("site/src/main.rs", cargo_gen_auth::project::CARGO_NEW_MAIN);
    let flags = ["-p", "site"];
    assert_eq!(choice(&sandbox, "framework-version", &flags).0, "0.7");
    assert_eq!(choice(&sandbox, "data-version", &flags).0, "0.7");
    let said = sandbox.run(&[&NAMES[..], &flags, &["--yes"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let manifest = sandbox.read("site/Cargo.toml");
    assert!(manifest.contains("axum.workspace = true\n"), "{manifest}");
    assert!(
        manifest.contains("sqlx = { workspace = true, features = [\"macros\", \"migrate\""),
        "{manifest}"
    );

    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", &dependencies("0.6"));
    sandbox.write("site/Cargo.toml", "[package]\nname = \"site\"\nedition = \"2024\"\n");
    sandbox.write("site/src/main.rs", cargo_gen_auth::project::CARGO_NEW_MAIN);
    is_refused(&sandbox, &flags, &["sqlx 0.6.0"]);
}

/// The Rust of a plan, all in one.
fn rust_of(project: &Project, flags: &[&str]) -> String {
    let plan = plan_of(project, &[&NAMES[..], flags].concat()).expect("a plan");
    let files = plan.changes().filter(|(path, _)| path.ends_with(".rs"));
    files.map(|(_, change)| change.after.as_str()).collect()
}

#[test]
fn each_version_has_its_own_words_and_none_of_the_others() {
    for edition in ["2021", "2024"] {
        for login in ["both", "magic-link", "password"] {
            let flags = ["--login", login];
            let new = rust_of(&hello_of("axum-hello", edition), &flags);
            let manifest = format!(
                "[package]\nname = \"axum-hello\"\nedition = \"{edition}\"\n\n[dependencies]\naxum = \"0.7\"\n"
            );
            let main = "use axum::{routing::get, Router};\n\nfn main() {\n    let app = Router::new()\
                        .route(\"/\", get(|| async {}));\n    axum::serve(listener, app);\n}\n";
            let files = [("Cargo.toml", manifest.as_str()), ("src/main.rs", main)];
            let old = rust_of(&Project::from_files(files, None).expect("a project"), &flags);
            for (address, older) in [
                ("\"/settings/confirm-email/{token}\"", "\"/settings/confirm-email/:token\""),
                ("\"/dev/mailbox/{id}\"", "\"/dev/mailbox/:id\""),
            ] {
                assert!(new.contains(address) && !new.contains(older), "{edition} {login} {address}");
                assert!(old.contains(older) && !old.contains(address), "{edition} {login} {older}");
            }
            for (text, other) in [(&new, "/:token\""), (&old, "/{token}\",")] {
                let routes = text.lines().filter(|line| line.contains("\"/"));
                let wrong: Vec<&str> = routes.filter(|line| line.contains(other)).collect();
                assert!(wrong.is_empty(), "{edition} {login} {wrong:?}");
            }
            let extractors = old.matches("FromRequestParts<").count();
            assert_eq!(old.matches("\n#[async_trait]\nimpl").count(), extractors, "{edition} {login}");
            assert!(extractors > 5 && !new.contains("async_trait"), "{edition} {login}");
        }
    }
}

#[test]
fn a_project_for_an_older_rust_gets_what_that_compiles_or_is_told_what_it_needs() {
    let rust = |version: &str| {
        fixture_with("axum-hello", "edition", &format!("rust-version = \"{version}\"\nedition"))
    };
    assert_eq!(choice(&rust("1.94"), "data-version", &[]), ("0.9".to_owned(), String::new()));
    for version in ["1.93", "1.88"] {
        let expected = ("0.8".to_owned(), format!("rust-version {version} in Cargo.toml"));
        assert_eq!(choice(&rust(version), "data-version", &[]), expected);
    }
    is_refused(&rust("1.87"), &[], &["views/askama needs Rust 1.88", "rust-version 1.87 in Cargo.toml"]);
    is_refused(&rust("1.70"), &[], &["domain needs Rust 1.85", "rust-version 1.70 in Cargo.toml"]);

    let toolchain = Sandbox::of_fixture("axum-hello");
    toolchain.write("rust-toolchain.toml", "[toolchain]\nchannel = \"1.90.0\"\n");
    let expected = ("0.8".to_owned(), "rust-toolchain.toml says 1.90.0".to_owned());
    assert_eq!(choice(&toolchain, "data-version", &[]), expected);
    toolchain.write("rust-toolchain.toml", "[toolchain]\nchannel = \"1.80\"\n");
    is_refused(&toolchain, &[], &["domain needs Rust 1.85", "rust-toolchain.toml says 1.80"]);

    // What the project has already it compiles.
    let dependencies =
        "axum = \"0.8\"\naskama = \"0.14\"\nsqlx = { version = \"0.9\", features = [\"sqlite\"] }";
    let own = fixture_with("axum-hello", "axum = \"0.8\"", dependencies);
    own.write("Cargo.toml", &own.read("Cargo.toml").replace("edition", "rust-version = \"1.85\"\nedition"));
    assert_eq!(choice(&own, "data-version", &[]).0, "0.9");
}

/// sqlx has no feature of a database where another crate of the program turns it on.
#[test]
fn where_no_feature_says_so_the_pool_in_the_code_tells_the_database() {
    let of_code = |main: &str| {
        let sqlx = "axum = \"0.8\"\nsqlx = { version = \"0.8\", features = [\"runtime-tokio\"] }";
        let sandbox = fixture_with("axum-hello", "axum = \"0.8\"", sqlx);
        sandbox.write("src/main.rs", &format!("{main}\n{}", sandbox.read("src/main.rs")));
        choice(&sandbox, "db", &[])
    };
    let of_postgres = ("postgres".to_owned(), "src/main.rs".to_owned());
    assert_eq!(of_code("use sqlx::{FromRow, PgPool};\n"), of_postgres);
    assert_eq!(of_code("type Db = sqlx::Pool<sqlx::Postgres>;\n"), of_postgres);
    assert_eq!(of_code("use sqlx::{PgPool, SqlitePool};\n").0, "sqlite", "both");
    assert_eq!(of_code("").0, "sqlite");
}
