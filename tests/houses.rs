//! Templates of a house: where they are found, what they change, and what hostile ones cannot do.

mod support;

use std::{collections::BTreeMap, fs, path::Path, time::UNIX_EPOCH};

use cargo_gen_auth::{
    catalog::Catalog,
    edit,
    plan::{self, Plan},
    spec::Spec,
    templates::{House, Templates},
};

use support::{Said, Sandbox, generate_args, hello};

const USERS: [&str; 3] = ["Accounts", "User", "users"];
const SCOPE: &str = "domain/files/src/{context}/scope.rs.jinja";
const MAILER: &str = "domain/shared/src/mailer.rs";

/// One combination is enough where a story is not about them.
const ONE_COMBINATION: &str = "leave-out = [\"hashing/bcrypt\", \"hashing/pbkdf2\", \
                               \"data/sqlx/db/sqlite/id-type/uuid\", \"agents-md/yes\"]\n";

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
    edit::with_room(|| plan::draw(&project, &spec, &catalog, &templates))
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

mod hostile {
    use super::*;

    #[test]
    fn no_file_is_written_outside_the_project() {
        for path in [
            "../x", "a/../../x", "//etc/x", "./x", "a//x", "C:/x", "a\\\\..\\\\..\\\\x",
            ".git/hooks/post-checkout", "a/.GIT/config", "a\\u0000b",
        ] {
            let layer = format!(
                "[[edit]]\nfile = \"{path}\"\ncreate = \"\"\ndo = \"append-lines\"\nlines = [\"x\"]\n"
            );
            let error = refusal(&[("domain/layer.toml", &layer)]);
            assert!(error.contains("is not a path inside the project"), "{path}: {error}");
        }
        for path in ["acme/files/../../x", "acme/shared/../x", "acme/files/C:x", "acme/files/.git/x"] {
            let error = refusal(&[("acme/layer.toml", "title = \"x\"\n"), (path, "x")]);
            assert!(error.contains("is not a path inside the project"), "{path}: {error}");
        }
    }

    /// What a variable holds cannot lead out either: names are words.
    #[test]
    fn names_make_no_paths() {
        let sandbox = sandbox();
        for args in [
            ["../Accounts", "User", "users"],
            ["Accounts", "User", "../users"],
            ["Accounts", "/User", "users"],
        ] {
            assert_eq!(sandbox.run(&[&args[..], &["--dry-run"]].concat()).code, 2);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere() {
        use std::os::unix::fs::symlink;

        let sandbox = sandbox();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        sandbox.write(&house_file("acme/layer.toml"), "title = \"x\"\n");
        sandbox.write(&house_file("acme/files/elsewhere/x"), "x\n");
        let link = sandbox.path().join(house_file("acme/files/stolen"));
        for to in ["secret", "."] {
            symlink(outside.path().join(to), &link).unwrap();
            let said = dry(&sandbox, &[]);
            assert_eq!(said.code, 2);
            assert!(said.err.contains("acme/files/stolen is not a plain file"), "{}", said.err);
            fs::remove_file(&link).unwrap();
        }

        symlink(outside.path(), sandbox.path().join("elsewhere")).unwrap();
        let said = sandbox.run(&[&USERS[..], &["--yes"]].concat());
        assert_ne!(said.code, 0, "{}", said.err);
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "something was written through a link");
        assert!(!sandbox.path().join("src/accounts").exists(), "something was written");
    }

    #[test]
    fn a_loop_that_does_not_end_and_a_flood_are_stopped() {
        let nested = |depth: usize, body: &str| {
            let opening: String =
                (0..depth).map(|n| format!("//# for a{n} in \"0123456789012345\"\n")).collect();
            format!("{opening}{body}{}", "//# endfor\n".repeat(depth))
        };
        let error = refusal(&[(SCOPE, &nested(12, ""))]);
        assert!(error.contains(&format!("house/{SCOPE}:")), "{error}");
        assert!(error.contains("too many steps"), "{error}");
        let error = refusal(&[(SCOPE, &nested(4, &("x".repeat(1000) + "\n")))]);
        assert!(error.contains("it puts out more than 4 MiB"), "{error}");
        let error = refusal(&[("header.jinja", &nested(4, &("x".repeat(1000) + "\n")))]);
        assert!(error.contains("it puts out more than 4 MiB"), "{error}");
    }

    #[test]
    fn nothing_grows_is_called_included_or_read() {
        for text in [
            "<@ range(1000000000) @>",
            "<@ \"x\" * 1000000000 @>",
            "<@ schema.pascal ~ schema.pascal @>",
            "<@ [1, 2] @>",
            "//# set a = 1\n",
            "//# include \"/etc/passwd\"\n",
            "//# import \"x\" as y\n",
            "//# extends \"x\"\n",
            "//# macro x()\n//# endmacro\n",
            "<@% filter upper %@>x<@% endfilter %@>",
            "<@% call x() %@>x<@% endcall %@>",
            "<@ env(\"HOME\") @>",
            "<@ \"x\"|replace(\"x\", \"xx\") @>",
            "<@ \"x\"|center(1000000000) @>",
            "<@ schema|tojson @>",
            "<@ debug() @>",
            "<@ self @>",
            "<@ slots.x @>",
        ] {
            let error = refusal(&[(SCOPE, text)]);
            assert!(error.contains(&format!("house/{SCOPE}:1:")), "{text}: {error}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("<@ {}1{} @>", "(".repeat(100_000), ")".repeat(100_000));
        refusal(&[(SCOPE, &deep)]);
        let loops = "//# for a in \"x\"\n".repeat(10_000) + &"//# endfor\n".repeat(10_000);
        refusal(&[(SCOPE, &loops)]);
        let recursive = "//# for a in \"xx\" recursive\n<@ loop(\"xx\") @>\n//# endfor\n";
        let error = refusal(&[(SCOPE, recursive)]);
        assert!(error.contains(SCOPE), "{error}");
    }

    #[test]
    fn what_is_no_text_or_too_much_of_it_is_refused() {
        let sandbox = sandbox();
        let path = sandbox.path().join(house_file(MAILER));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, [0xff, 0xfe]).unwrap();
        let said = dry(&sandbox, &[]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains("mailer.rs is not UTF-8 text"), "{}", said.err);
        fs::write(&path, "x".repeat(2 << 20)).unwrap();
        let said = dry(&sandbox, &[]);
        assert!(said.err.contains("mailer.rs: too much for a folder of templates"), "{}", said.err);
    }
}

mod command {
    use super::*;

    fn templates(sandbox: &Sandbox, args: &[&str]) -> Said {
        sandbox.run(&[&["templates"][..], args].concat())
    }

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
            let left_out = path.starts_with("hashing/bcrypt/") || path == "README.md";
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
        let said = templates(&sandbox, &["eject", "hashing/argon2", MAILER]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert_eq!(sandbox.read(&house_file(MAILER)), built_in(MAILER));
        assert_eq!(sandbox.read(&house_file(&format!(".base/{MAILER}"))), built_in(MAILER));
        let record = sandbox.read(&house_file("house.toml"));
        assert!(record.starts_with("# The version"), "{record}");
        let line = format!("\"{MAILER}\" = \"cargo-gen-auth {}\"", env!("CARGO_PKG_VERSION"));
        assert!(record.contains("api = 1") && record.contains(&line), "{record}");
        assert!(!sandbox.path().join(house_file("hashing/argon2/layer.toml")).exists());
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
            ("hashing/argn2", "did you mean `hashing/argon2`?"),
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
        let said = templates(&sandbox, &["eject", MAILER, "--templates", "house"]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert_eq!(sandbox.read(&format!("house/{MAILER}")), built_in(MAILER));
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
        assert!(said.err.contains("Checked 1 combinations"), "{}", said.err);

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
        assert!(
            said.err.contains("schema `Structure` is a name the generated code uses itself"),
            "{}",
            said.err
        );
    }
}
