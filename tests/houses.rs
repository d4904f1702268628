//! Templates of a house: where they are found, what they change, and what hostile ones cannot do.

#[path = "houses/command.rs"]
mod command;
#[path = "houses/hostile.rs"]
mod hostile;
mod support;

use std::{collections::BTreeMap, fs, path::Path, time::UNIX_EPOCH};

use cargo_gen_auth::{
    catalog::Catalog,
    plan::{self, Plan},
    spec::Spec,
    templates::{House, Templates},
};

use support::{Said, Sandbox, generate_args, hello};

const USERS: [&str; 3] = ["Accounts", "User", "users"];
const SCOPE: &str = "domain/files/src/{context}/scope.rs.jinja";
const MAILER: &str = "domain/shared/src/mailer.rs.jinja";

/// One combination is enough where a story is not about them.
const ONE_COMBINATION: &str = "leave-out = [\"framework/actix-web\", \"framework-version/0.7\", \
                               \"data-version/0.7\", \"data-version/0.8\", \"login/magic-link\", \"login/password\", \
                               \"hashing/bcrypt\", \"hashing/pbkdf2\", \"hashing-version/0.5\", \
                               \"data/sqlx/db/sqlite/id-type/uuid\", \"data/sqlx/db/postgres\", \"agents-md/yes\"]\n";

fn sandbox() -> Sandbox {
    Sandbox::of_fixture("axum-hello")
}

fn house_file(path: &str) -> String {
    format!(".gen-auth/templates/{path}")
}

fn dry(sandbox: &Sandbox, more: &[&str]) -> Said {
    sandbox.run(&[&USERS[..], &["--dry-run", "--diff"], more].concat())
}

fn built_in(path: &str) -> String {
    Templates::built_in().unwrap().source(path).unwrap_or_else(|| panic!("no {path}")).to_owned()
}

/// The plan in a house of these files.
fn plan_in(files: &[(&str, &str)]) -> anyhow::Result<Plan> {
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let house = House::from_files("house", Path::new(""), files)?;
    let templates = Templates::built_in()?.under(vec![house])?;
    let catalog = Catalog::load(&templates)?;
    let args = generate_args(&catalog, &USERS)?;
    let project = hello("2024");
    let spec = Spec::decide(&args, &project, &catalog, &templates, UNIX_EPOCH)?;
    plan::draw(&project, &spec, &catalog, &templates)
}

fn refusal(files: &[(&str, &str)]) -> String {
    match plan_in(files) {
        Ok(_) => panic!("not refused: {files:?}"),
        Err(error) => format!("{error:#}"),
    }
}

mod lookup {
    use super::*;

    #[test]
    fn the_project_comes_before_the_flag_before_the_manifest_before_the_built_in() {
        let sandbox = sandbox();
        let manifest = sandbox.read("Cargo.toml");
        let named = "\n[package.metadata.gen-auth]\ntemplates = \"named\"\n";
        sandbox.write("Cargo.toml", &format!("{manifest}{named}"));
        let own = |who: &str| format!("//! Scope of {who}.\n{}", built_in(SCOPE));
        let added = |who: &str, to: &str| sandbox.write(&format!("{to}/{SCOPE}"), &own(who));
        added("the manifest", "named");
        let said = dry(&sandbox, &[]);
        assert!(said.out.contains("+//! Scope of the manifest."), "{}", said.err);
        added("the flag", "flagged");
        let said = dry(&sandbox, &["--templates", "flagged"]);
        assert!(said.out.contains("+//! Scope of the flag."), "{}", said.err);
        added("the project", ".gen-auth/templates");
        let said = dry(&sandbox, &["--templates", "flagged", "--verbose"]);
        assert!(said.out.contains("+//! Scope of the project."), "{}", said.err);
        let says = |line: &str| assert!(said.err.contains(line), "no {line:?} in {}", said.err);
        says("Templates .gen-auth/templates: 1 file; the rest is built in");
        says(&format!("replaced {SCOPE}"));
        says("Templates flagged: 1 file");
        says(&format!("hidden {SCOPE}"));
        says("Templates named: 1 file");
    }

    #[test]
    fn a_package_comes_before_its_workspace() {
        let sandbox = Sandbox::empty();
        sandbox.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"app\"]\n[workspace.metadata.gen-auth]\ntemplates = \"named\"\n",
        );
        let member = fs::read_to_string(support::fixture("axum-hello").join("Cargo.toml")).unwrap();
        let main = fs::read_to_string(support::fixture("axum-hello").join("src/main.rs")).unwrap();
        sandbox.write("app/Cargo.toml", &member.replace("[workspace]", ""));
        sandbox.write("app/src/main.rs", &main);
        let own =
            |to: &str| sandbox.write(&format!("{to}/{SCOPE}"), &format!("//! Of {to}.\n{}", built_in(SCOPE)));
        for folder in ["named", ".gen-auth/templates", "app/.gen-auth/templates"] {
            own(folder);
            let said = dry(&sandbox, &["-p", "axum-hello"]);
            assert!(said.out.contains(&format!("+//! Of {folder}.")), "{folder}: {}", said.err);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_refused() {
        let sandbox = sandbox();
        let said = dry(&sandbox, &["--templates", "nowhere"]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains("--templates names the templates `nowhere`"), "{}", said.err);
        let manifest = sandbox.read("Cargo.toml");
        sandbox
            .write("Cargo.toml", &format!("{manifest}\n[package.metadata.gen-auth]\ntemplates = \"gone\"\n"));
        let said = dry(&sandbox, &[]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains("Cargo.toml names the templates `gone`"), "{}", said.err);
    }
}

mod changes {
    use super::*;

    #[test]
    fn a_house_adds_a_file_leaves_one_out_and_sets_a_version() {
        let plan = plan_in(&[
            (
                "house.toml",
                "api = 1\nleave-out = [\"agents-md/yes\", \"domain/files/src/{context}/tests/email.rs.jinja\"]\n",
            ),
            ("domain/files/src/{context}/audit.rs.jinja", "//! Of <@ schema.human @>.\n"),
            ("domain/layer.toml", "[dependencies]\nrand = \"0.10.1\"\n"),
        ]);
        let plan = plan.unwrap();
        let after =
            |path: &str| plan.changes().find(|(at, _)| *at == path).map(|(_, change)| change.after.as_str());
        assert_eq!(after("src/accounts/audit.rs"), Some("//! Of user.\n"));
        assert_eq!(after("src/accounts/tests/email.rs"), None);
        let manifest = after("Cargo.toml").unwrap();
        assert!(manifest.contains("rand = \"0.10.1\""), "{manifest}");
        assert!(manifest.contains("lettre = "), "{manifest}");
    }

    #[test]
    fn a_layer_of_ones_own_brings_files_variables_and_edits() {
        let plan = plan_in(&[
            (
                "acme/layer.toml",
                "title = \"ours\"\n[vars.acme]\nname = \"Acme\"\n[[edit]]\nfile = \".gitignore\"\ncreate = \"\"\ndo = \"append-lines\"\nlines = [\"/{app}.bak\"]\n",
            ),
            ("acme/files/NOTICE.jinja", "<@ acme.name @>\n"),
        ]);
        let plan = plan.unwrap();
        let after = |path: &str| plan.changes().find(|(at, _)| *at == path).unwrap().1.after.clone();
        assert_eq!(after("NOTICE"), "Acme\n");
        assert!(after(".gitignore").contains("/axum_hello.bak"));
    }

    #[test]
    fn a_header_stands_on_every_new_file_and_a_second_run_has_nothing_to_do() {
        let sandbox = sandbox();
        sandbox.write(&house_file("header.jinja"), "Copyright Acme <@ app.pascal @>\n");
        let said = sandbox.run(&[&USERS[..], &["--yes"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        for (path, line) in [
            ("src/accounts/mod.rs", "// Copyright Acme AxumHello\n\n"),
            ("build.rs", "// Copyright Acme AxumHello\n\n"),
            ("src/web/auth.css", "/* Copyright Acme AxumHello */\n"),
            ("templates/auth_layout.html", "{#- Copyright Acme AxumHello -#}\n"),
            ("migrations/20260101000000_create_users_auth_tables.sql", "-- Copyright Acme AxumHello\n\n"),
        ] {
            assert!(sandbox.read(path).starts_with(line), "{path}: {}", sandbox.read(path));
        }
        assert!(!sandbox.read("Cargo.toml").contains("Acme"));
        let said = sandbox.run(&USERS);
        assert!(said.err.contains("nothing to do"), "{}", said.err);
    }

    #[test]
    fn a_flag_comes_before_the_house_before_the_project_before_the_default() {
        let sandbox = sandbox();
        sandbox.write(&house_file("house.toml"), "[flags]\nhashing = \"bcrypt\"\nagents-md = \"no\"\n");
        let said = dry(&sandbox, &["-v"]);
        assert!(said.err.contains("hashing bcrypt (house.toml of .gen-auth/templates)"), "{}", said.err);
        assert!(said.err.contains("agents-md no (house.toml of .gen-auth/templates)"), "{}", said.err);
        let said = dry(&sandbox, &["-v", "--hashing", "pbkdf2"]);
        assert!(said.err.contains("hashing pbkdf2 (flag)"), "{}", said.err);
    }

    #[test]
    fn a_house_has_values_of_flags_that_we_do_not_have() {
        let sandbox = sandbox();
        sandbox.write(
            &house_file("hashing/rot13/layer.toml"),
            "title = \"ours\"\n[vars.password]\nmax_bytes = 0\n",
        );
        sandbox.write(&house_file("hashing/rot13/files/src/{context}/password.rs.jinja"), "//! Ours.\n");
        let said = dry(&sandbox, &["--hashing", "rot13"]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.out.contains("+//! Ours."), "{}", said.out);
        let said = dry(&sandbox, &["--hashing", "rot12"]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains("did you mean `rot13`?"), "{}", said.err);
    }

    #[test]
    fn a_plain_run_says_nothing_about_houses() {
        let said = dry(&sandbox(), &["-v"]);
        assert!(!said.err.contains("Templates"), "{}", said.err);
    }
}

mod mistakes {
    use super::*;

    /// What is said, for a file with that mistake.
    #[test]
    fn each_names_file_line_column_and_the_nearest_right_name() {
        let slots = ("acme/layer.toml", "title = \"ours\"\nslots = [\"rules\"]\n");
        for (files, said) in [
            (vec![(SCOPE, "//! x\n    <@ shema.pascal @>\n")], format!("house/{SCOPE}:2:8: unknown variable `shema.pascal`; did you mean `schema.pascal`?")),
            (vec![(SCOPE, "//# if id.generatd\n//# endif\n")], format!("house/{SCOPE}:1:8: unknown variable `id.generatd`; did you mean `id.generated`?")),
            (vec![slots, ("acme/files/x.jinja", "a\n//# slot rule\n")], "house/acme/files/x.jinja:2:".to_owned()),
            (vec![slots, ("acme/files/x.jinja", "a\n//# slot rule\n")], "no layer offers a slot `rule`; did you mean `rules`?".to_owned()),
            (vec![slots, ("acme/slots/rulse.rs.jinja", "")], "house/acme/slots/rulse.rs.jinja: no layer offers a slot `rulse`; did you mean `rules`?".to_owned()),
            (vec![("domain/layer.toml", "[vars]\na = 1\n[dependecies]\nx = \"1\"\n")], "house/domain/layer.toml:3:2: unknown field `dependecies`".to_owned()),
            (vec![("domain/layer.toml", "titel = \"x\"\n")], "house/domain/layer.toml:1:1: unknown field `titel`".to_owned()),
            (vec![("domain/layer.toml", "titel = \"x\"\n")], "did you mean `title`?".to_owned()),
            (vec![("domain/layer.toml", "title = \n")], "house/domain/layer.toml:1:".to_owned()),
            (vec![("domain/layer.toml", "[[edit]]\nfile = \"a\"\ndo = \"append-lnies\"\nlines = []\n")], "house/domain/layer.toml:3:7: unknown variant `append-lnies`".to_owned()),
            (vec![("domain/layer.toml", "[[edit]]\nfile = \"a\"\ndo = \"append-lines\"\nlinse = []\n")], "house/domain/layer.toml:4:1: unknown field `linse`".to_owned()),
            (vec![("domain/layer.toml", "[[edit]]\nfile = \"a/{plurl}\"\ncreate = \"\"\ndo = \"append-lines\"\nlines = []\n")], "house/domain/layer.toml:2:11: unknown placeholder {plurl} in `a/{plurl}`; did you mean `plural`?".to_owned()),
            (vec![("domain/files/{schemma}.rs", "")], "house/domain/files/{schemma}.rs: unknown placeholder {schemma} in `{schemma}.rs`; did you mean `schema`?".to_owned()),
            (vec![("domian/files/x.rs", "")], "house/domian/files/x.rs belongs to no layer: there is no layer.toml above it; did you mean `domain`?".to_owned()),
            (vec![("house.toml", "[flags]\nhashign = \"bcrypt\"\n")], "house/house.toml: no flag `hashign`; did you mean `hashing`?".to_owned()),
            (vec![("house.toml", "[flags]\nhashing = \"bcrpt\"\n")], "house/house.toml: no hashing `bcrpt`; did you mean `bcrypt`?".to_owned()),
            (vec![("house.toml", "leave-out = [\"hashing/bcrpt\"]\n")], "house/house.toml: leave-out: there is no `hashing/bcrpt`; did you mean `hashing/bcrypt`?".to_owned()),
            (vec![("acme/layer.toml", "title = \"x\"\napi = 7\n")], "house/acme/layer.toml:2:1: written for version 7".to_owned()),
        ] {
            let error = refusal(&files);
            assert!(error.contains(&said), "{error}\nlacks {said}");
        }
    }

    #[test]
    fn a_name_that_goes_away_still_works_and_is_warned_of() {
        let files = [
            (
                "acme/layer.toml",
                "title = \"ours\"\nslots = [\"new-lines\"]\n[deprecated.variables]\n\"id.old\" = \"id.rust\"\nlegacy = \"table\"\n[deprecated.slots]\nold-lines = \"new-lines\"\n",
            ),
            ("acme/files/x.jinja", "<@ id.old @> <@ id.rust @> <@ legacy @>\n//# slot new-lines\n"),
            ("acme/slots/old-lines.jinja", "line\n"),
        ];
        let plan = plan_in(&files).unwrap();
        let (_, change) = plan.changes().find(|(path, _)| *path == "x").unwrap();
        assert_eq!(change.after, "i64 i64 users\nline\n");

        let sandbox = sandbox();
        for (path, text) in files {
            sandbox.write(&house_file(path), text);
        }
        let said = dry(&sandbox, &[]);
        for line in [
            ".gen-auth/templates/acme/files/x.jinja:1:4: `id.old` is now `id.rust`",
            ".gen-auth/templates/acme/files/x.jinja:1:31: `legacy` is now `table`",
            ".gen-auth/templates/acme/slots/old-lines.jinja: `old-lines` is now `new-lines`",
        ] {
            assert!(said.err.contains(line), "no {line:?} in {}", said.err);
        }
    }
}

/// `fixtures/house-maud`, which `tests/matrix.rs` compiles.
mod worked {
    use super::*;

    #[test]
    fn it_has_under_ten_files_and_what_it_is_there_for() {
        let folder = support::fixture("house-maud");
        let files = walkdir::WalkDir::new(&folder).into_iter().map(|entry| entry.unwrap());
        let count = files.filter(|entry| entry.file_type().is_file()).count();
        assert!(count < 10, "{count} files");

        let sandbox = sandbox();
        let said = sandbox.run(&[&USERS[..], &["--yes", "--templates", folder.to_str().unwrap()]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        let header = "// Copyright (c) Example Ltd. Part of axum hello.\n\n";
        for (path, text) in sandbox.tree() {
            let is_new = path.ends_with(".rs") && path != "src/main.rs";
            assert_eq!(text.starts_with(header), is_new, "{path}");
            assert!(!path.ends_with(".html"), "{path}");
        }
        assert!(sandbox.read("src/web/users/pages.rs").contains("use maud::{Markup, html};"));
        assert!(sandbox.read("src/mailer.rs").contains("https://api.postmarkapp.com/email"));
        assert!(sandbox.read("src/accounts/passwords.rs").contains("MIN_CHARACTERS: usize = 15;"));
        let manifest = sandbox.read("Cargo.toml");
        assert!(manifest.contains("maud = ") && manifest.contains("reqwest = "), "{manifest}");
        assert!(!manifest.contains("askama") && !manifest.contains("smtp"), "{manifest}");
        assert!(said.err.contains("POSTMARK_TOKEN") && !said.err.contains("SMTP_URL"), "{}", said.err);
    }

    #[test]
    fn its_templates_are_right() {
        let folder = support::fixture("house-maud");
        let sandbox = sandbox();
        sandbox.write(&house_file("house.toml"), ONE_COMBINATION);
        let said = sandbox.run(&["templates", "check", "--templates", folder.to_str().unwrap()]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.contains("Checked 4 combinations"), "{}", said.err);
    }
}
