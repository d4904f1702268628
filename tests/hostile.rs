//! The whole command on projects that are made to break it: each is written as a whole, or left as it was, and says why.

mod support;

use std::{collections::BTreeMap, fs, path::Path};

use support::{Said, Sandbox};

const USERS: [&str; 4] = ["Accounts", "User", "users", "--yes"];

/// A file's bytes, or where a link leads.
type Tree = BTreeMap<String, Vec<u8>>;

/// Every file below a folder, whatever is in it.
fn tree(folder: &Path) -> Tree {
    fn read(folder: &Path, prefix: &str, tree: &mut Tree) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().unwrap();
            if kind.is_symlink() {
                let to = fs::read_link(entry.path()).unwrap();
                tree.insert(path, format!("-> {}", to.display()).into_bytes());
            } else if kind.is_dir() {
                read(&entry.path(), &format!("{path}/"), tree);
            } else {
                tree.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut found = Tree::new();
    read(folder, "", &mut found);
    found
}

/// What is left of a project that its owner, or a bad day, has been at.
struct Case {
    name: &'static str,
    fixture: &'static str,
    mangle: fn(&Path),
    code: i32,
    /// What standard error says.
    says: &'static str,
}

const HELLO: &str = "axum-hello";
const FLAT: &str = "axum-flat";

fn edit(project: &Path, path: &str, change: impl Fn(&str) -> String) {
    let file = project.join(path);
    let text = fs::read_to_string(&file).unwrap();
    let changed = change(&text);
    assert_ne!(text, changed, "{path}");
    fs::write(file, changed).unwrap();
}

fn replace(project: &Path, path: &str, from: &str, to: &str) {
    edit(project, path, |text| text.replace(from, to));
}

fn put(project: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let file = project.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// Characters of one byte, as an editor of long ago wrote them.
fn latin(project: &Path, path: &str) {
    let mut bytes = fs::read(project.join(path)).unwrap_or_default();
    bytes.extend(b"// caf\xe9\n");
    put(project, path, bytes);
}

fn read_only(project: &Path, path: &str) {
    let file = project.join(path);
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(file, permissions).unwrap();
}

#[cfg(unix)]
fn link(project: &Path, path: &str, to: &str) {
    std::os::unix::fs::symlink(to, project.join(path)).unwrap();
}

const CHAIN: &str = "Router::new().route(\"/\", get(|| async { \"Hello, World!\" }))";

const CASES: &[Case] = &[
    // What does not read as text, or as Rust.
    Case {
        name: "a program that is no UTF-8",
        fixture: HELLO,
        mangle: |project| latin(project, "src/main.rs"),
        code: 3,
        says: "src/main.rs is not UTF-8 text",
    },
    Case {
        name: "a manifest that is no UTF-8",
        fixture: HELLO,
        mangle: |project| latin(project, "Cargo.toml"),
        code: 3,
        says: "Cargo.toml is not UTF-8 text",
    },
    Case {
        name: "a router that is no UTF-8",
        fixture: FLAT,
        mangle: |project| latin(project, "src/route.rs"),
        code: 3,
        says: "src/route.rs is not UTF-8 text",
    },
    Case {
        name: "a module beside the way that is no UTF-8",
        fixture: HELLO,
        mangle: |project| latin(project, "src/other.rs"),
        code: 0,
        says: "",
    },
    Case {
        name: "a migration and a template that are no UTF-8",
        fixture: HELLO,
        mangle: |project| {
            latin(project, "sql/old.sql");
            latin(project, "templates/page.html");
        },
        code: 0,
        says: "",
    },
    Case {
        name: "notes for agents that are no UTF-8",
        fixture: HELLO,
        mangle: |project| latin(project, "AGENTS.md"),
        code: 3,
        says: "AGENTS.md is not UTF-8 text",
    },
    Case {
        name: "UTF-16",
        fixture: HELLO,
        mangle: |project| put(project, "src/main.rs", b"\xff\xfef\0n\0 \0m\0a\0i\0n\0"),
        code: 3,
        says: "src/main.rs is not UTF-8 text",
    },
    Case {
        name: "a program that does not parse",
        fixture: HELLO,
        mangle: |project| replace(project, "src/main.rs", "fn main()", "fn main("),
        code: 3,
        says: "src/main.rs: line ",
    },
    Case {
        name: "a program cut off",
        fixture: HELLO,
        mangle: |project| edit(project, "src/main.rs", |text| text[..text.len() / 2].to_owned()),
        code: 3,
        says: "src/main.rs: line ",
    },
    Case {
        name: "nothing but zeros",
        fixture: HELLO,
        mangle: |project| put(project, "src/main.rs", [0; 64]),
        code: 3,
        says: "src/main.rs: line 1",
    },
    Case {
        name: "a router that does not parse",
        fixture: FLAT,
        mangle: |project| replace(project, "src/route.rs", "Router::new()", "Router::new("),
        code: 3,
        says: "src/route.rs: line ",
    },
    Case {
        name: "a module beside the way that does not parse",
        fixture: HELLO,
        mangle: |project| {
            put(project, "src/other.rs", "fn (");
            replace(project, "src/main.rs", "#[tokio::main]", "mod other;\n\n#[tokio::main]");
        },
        code: 0,
        says: "",
    },
    Case {
        name: "a build script that does not parse",
        fixture: HELLO,
        mangle: |project| put(project, "build.rs", "fn main( {\n"),
        code: 3,
        says: "build.rs: line 1",
    },
    Case {
        name: "a manifest that does not parse",
        fixture: HELLO,
        mangle: |project| replace(project, "Cargo.toml", "[dependencies]", "[dependencies"),
        code: 3,
        says: "Cargo.toml does not parse",
    },
    Case {
        name: "the manifest of a template repository",
        fixture: HELLO,
        mangle: |project| replace(project, "Cargo.toml", "name = \"axum-hello\"", "name = {{project-name}}"),
        code: 3,
        says: "Cargo.toml does not parse",
    },
    Case {
        name: "an empty program",
        fixture: HELLO,
        mangle: |project| put(project, "src/main.rs", ""),
        code: 5,
        says: "nothing was found that serves a router",
    },
    Case {
        name: "brackets in brackets",
        fixture: HELLO,
        mangle: |project| {
            let deep = format!("const A: u8 = {}0{};", "(".repeat(100_000), ")".repeat(100_000));
            edit(project, "src/main.rs", |text| format!("{text}\n{deep}\n"));
        },
        code: 3,
        says: "nested too deeply",
    },
    // What is there twice, or behind something.
    Case {
        name: "comments between calls",
        fixture: HELLO,
        mangle: |project| {
            let chain = "Router::new() // the pages: .layer(x)\n        /* .with_state(()) */\n        .route(\"/\", get(|| \
                         async { \"; .merge(a)\" })) // end";
            replace(project, "src/main.rs", &format!("{CHAIN};"), &format!("{chain}\n        ;"));
        },
        code: 0,
        says: "",
    },
    Case {
        name: "a macro around the router",
        fixture: HELLO,
        mangle: |project| {
            let rules =
                "macro_rules! routes {\n    () => {\n        Router::new()\n    };\n}\n\n#[tokio::main]";
            replace(project, "src/main.rs", "#[tokio::main]", rules);
            replace(project, "src/main.rs", CHAIN, "routes!()");
        },
        code: 5,
        says: "where this router is made could not be found",
    },
    Case {
        name: "a router in two versions",
        fixture: HELLO,
        mangle: |project| {
            let two = format!(
                "#[cfg(unix)]\n    let app = {CHAIN};\n    #[cfg(not(unix))]\n    let app = {CHAIN};"
            );
            replace(project, "src/main.rs", &format!("let app = {CHAIN};"), &two);
        },
        code: 5,
        says: "could not be found",
    },
    Case {
        name: "a function in two versions",
        fixture: HELLO,
        mangle: |project| {
            let two = format!(
                "\n#[cfg(unix)]\nfn app() -> Router {{\n    {CHAIN}\n}}\n\n#[cfg(not(unix))]\nfn app() -> Router {{\n    \
                 {CHAIN}\n}}\n"
            );
            replace(project, "src/main.rs", CHAIN, "app()");
            edit(project, "src/main.rs", |text| format!("{text}{two}"));
        },
        code: 5,
        says: "could not be found",
    },
    Case {
        name: "a script",
        fixture: HELLO,
        mangle: |project| {
            edit(project, "src/main.rs", |text| format!("#!/usr/bin/env run-cargo-script\n{text}"));
        },
        code: 0,
        says: "",
    },
    Case {
        name: "trailing spaces",
        fixture: HELLO,
        mangle: |project| {
            for path in ["src/main.rs", "Cargo.toml"] {
                edit(project, path, |text| text.replace('\n', "  \t\n"));
            }
        },
        code: 0,
        says: "",
    },
    Case {
        name: "line endings of two kinds",
        fixture: HELLO,
        mangle: |project| {
            for path in ["src/main.rs", "Cargo.toml"] {
                edit(project, path, |text| text.replacen('\n', "\r\n", 3));
            }
        },
        code: 0,
        says: "",
    },
    // What cannot be written to, or is somewhere else.
    Case {
        name: "a program nobody may write to",
        fixture: HELLO,
        mangle: |project| read_only(project, "src/main.rs"),
        code: 4,
        says: "`src/main.rs` is read-only",
    },
    Case {
        name: "a manifest nobody may write to",
        fixture: HELLO,
        mangle: |project| read_only(project, "Cargo.toml"),
        code: 4,
        says: "`Cargo.toml` is read-only",
    },
    Case {
        name: "a router nobody may write to",
        fixture: FLAT,
        mangle: |project| read_only(project, "src/main.rs"),
        code: 4,
        says: "`src/main.rs` is read-only",
    },
    Case {
        name: "a file nobody may write to and nobody has to",
        fixture: FLAT,
        mangle: |project| read_only(project, "src/handler.rs"),
        code: 0,
        says: "",
    },
    Case {
        name: "a file where a folder has to be",
        fixture: HELLO,
        mangle: |project| put(project, "migrations", "none\n"),
        code: 4,
        says: "migrations",
    },
    Case {
        name: "a file where the folder of a context has to be",
        fixture: HELLO,
        mangle: |project| put(project, "src/accounts", "none\n"),
        code: 4,
        says: "src/accounts",
    },
    Case {
        name: "a folder where a file has to be",
        fixture: HELLO,
        mangle: |project| put(project, "src/accounts/user.rs/keep.txt", "mine\n"),
        code: 3,
        says: "src/accounts/user.rs cannot be read",
    },
    #[cfg(unix)]
    Case {
        name: "a program that is a link within the project",
        fixture: HELLO,
        mangle: |project| {
            fs::create_dir(project.join("real")).unwrap();
            fs::rename(project.join("src/main.rs"), project.join("real/main.rs")).unwrap();
            link(project, "src/main.rs", "../real/main.rs");
        },
        code: 0,
        says: "",
    },
    #[cfg(unix)]
    Case {
        name: "sources that are a link within the project",
        fixture: HELLO,
        mangle: |project| {
            fs::rename(project.join("src"), project.join("code")).unwrap();
            link(project, "src", "code");
        },
        code: 0,
        says: "",
    },
    #[cfg(unix)]
    Case {
        name: "a program that is a link out of the project",
        fixture: HELLO,
        mangle: |project| {
            fs::rename(project.join("src/main.rs"), project.join("../main.rs")).unwrap();
            link(project, "src/main.rs", "../../main.rs");
        },
        code: 4,
        says: "`src/main.rs` leads out of the project",
    },
    #[cfg(unix)]
    Case {
        name: "templates that are a link to nothing",
        fixture: HELLO,
        mangle: |project| link(project, "templates", "gone"),
        code: 4,
        says: "leads nowhere",
    },
    #[cfg(unix)]
    Case {
        name: "a program that is a link to itself",
        fixture: HELLO,
        mangle: |project| {
            fs::remove_file(project.join("src/main.rs")).unwrap();
            link(project, "src/main.rs", "main.rs");
        },
        code: 3,
        says: "src/main.rs",
    },
];

/// Functions that call themselves, of which no run can see the end.
const ENDLESS: &[Case] = &[
    Case {
        name: "a method that calls one of its own name",
        fixture: HELLO,
        mangle: |project| {
            let install = "fn install(&self, on: &mut Registry) {\n    on.install(self);\n}";
            let app = "fn app() -> Router {\n    Router::new().merge(api().install(&Plugin))\n}";
            serves(project, "app()", &format!("impl Plugin {{\n{install}\n}}\n\n{app}"));
        },
        code: 0,
        says: "",
    },
    Case {
        name: "a router within itself",
        fixture: HELLO,
        mangle: |project| {
            serves(project, "app()", "fn app() -> Router {\n    Router::new().nest(\"/a\", app())\n}");
        },
        code: 0,
        says: "",
    },
    Case {
        name: "a function that calls itself twice",
        fixture: HELLO,
        mangle: |project| {
            serves(project, "tree(9)", "fn tree(n: u8) -> Tree {\n    both(tree(n - 1), tree(n - 2))\n}");
        },
        code: 5,
        says: "src/main.rs",
    },
];

fn serves(project: &Path, what: &str, with: &str) {
    let main = format!(
        "use axum::Router;\n\n{with}\n\n#[tokio::main]\nasync fn main() {{\n    \
         let listener = tokio::net::TcpListener::bind(\"127.0.0.1:0\").await.unwrap();\n    \
         axum::serve(listener, {what}).await.unwrap();\n}}\n"
    );
    put(project, "src/main.rs", main);
}

#[test]
fn every_case_is_written_as_a_whole_or_left_alone() {
    for case in CASES.iter().chain(ENDLESS) {
        let sandbox = Sandbox::of_fixture(case.fixture);
        (case.mangle)(&sandbox.path());
        holds(case, &sandbox);
    }
}

fn holds(case: &Case, sandbox: &Sandbox) {
    let Case { name, .. } = case;
    let outside = sandbox.path().join("..");
    let before = tree(&outside);
    let dry = sandbox.run(&["Accounts", "User", "users", "--check", "--quiet"]);
    assert_eq!(tree(&outside), before, "{name}: --check has written");
    let said = sandbox.run(&USERS);
    assert_eq!(said.code, case.code, "{name}: {}", said.err);
    assert!(said.err.contains(case.says), "{name}: {}", said.err);
    assert!(!said.err.contains("panicked"), "{name}: {}", said.err);
    let after = tree(&outside);
    if ![0, 5].contains(&said.code) {
        assert_eq!(after, before, "{name}: half done");
        return;
    }
    assert!([1, 5].contains(&dry.code), "{name}: {}", dry.err);
    assert!(!after.keys().any(|path| path.contains("gen-auth-new")), "{name}");
    let new = |path: &str| {
        after.contains_key(&format!("project/{path}"))
            || path.starts_with("src/") && { after.contains_key(&format!("project/code/{}", &path[4..])) }
    };
    for path in
        ["src/accounts/mod.rs", "src/web/users/mod.rs", "src/mailer.rs", "templates/users/log_in.html"]
    {
        assert!(new(path), "{name}: no {path}");
    }
    // Nothing of what was there is gone.
    let lost = before.iter().filter(|(path, _)| !after.contains_key(*path)).count();
    assert_eq!(lost, 0, "{name}");
    let Said { code, err, .. } = sandbox.run(&USERS);
    assert_eq!((code, tree(&outside) == after), (said.code, true), "{name}, again: {err}");
}

/// The same text in other clothes.
type Dress<'a> = &'a dyn Fn(&str) -> String;

/// Line endings, a byte order mark, tabs and a missing last newline: the same run, in other clothes.
#[test]
fn the_clothes_of_a_file_stay() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let marked = |text: &str| format!("\u{feff}{text}");
    let tabs = |text: &str| text.split('\n').map(tabbed).collect::<Vec<_>>().join("\n");
    let unfinished = |text: &str| text.trim_end_matches('\n').to_owned();
    let clothes: [(&str, Dress<'_>); 4] =
        [("crlf", &crlf), ("byte order mark", &marked), ("tabs", &tabs), ("no last newline", &unfinished)];
    for (fixture, files) in
        [(HELLO, &["src/main.rs", "Cargo.toml"][..]), (FLAT, &["src/main.rs", "src/route.rs", "Cargo.toml"])]
    {
        let plain = Sandbox::of_fixture(fixture);
        assert_eq!(plain.run(&USERS).code, 0);
        for (name, dress) in &clothes {
            let sandbox = Sandbox::of_fixture(fixture);
            // A manifest has no tabs: in a text of several lines they would be part of it.
            let dressed = files.iter().filter(|path| path.ends_with(".rs") || *name != "tabs");
            let dressed: Vec<&&str> = dressed.collect();
            dressed.iter().for_each(|path| sandbox.write(path, &dress(&sandbox.read(path))));
            let said = sandbox.run(&USERS);
            assert_eq!(said.code, 0, "{name}: {}", said.err);
            for path in &dressed {
                let wanted = dress(&plain.read(path));
                // Only what ended without a newline before does afterwards.
                let grown = *name == "no last newline" && path.ends_with(".toml");
                let real = sandbox.read(path);
                assert!(real == wanted || grown && format!("{wanted}\n") == real, "{name}, {path}:\n{real}");
            }
            let new = sandbox.read("src/accounts/mod.rs");
            assert_eq!(new.contains("\r\n"), *name == "crlf", "{name}");
            let again = sandbox.run(&USERS);
            assert!(again.code == 0 && again.err.contains("nothing to do"), "{name}: {}", again.err);
        }
    }
}

/// A line with a tab for each four spaces it begins with.
fn tabbed(line: &str) -> String {
    let rest = line.trim_start_matches(' ');
    let (steps, spaces) = ((line.len() - rest.len()) / 4, (line.len() - rest.len()) % 4);
    format!("{}{}{rest}", "\t".repeat(steps), " ".repeat(spaces))
}

/// A folder whose name is no word.
#[test]
fn a_path_with_spaces_and_letters_of_all_kinds() {
    let sandbox = Sandbox::empty();
    let folder = sandbox.path().join("mein größtes 'Projekt' $HOME");
    let fixture = Sandbox::of_fixture(HELLO);
    fs::rename(fixture.path(), &folder).unwrap();
    let said = support::said(&sandbox.command(&USERS).current_dir(&folder).output().unwrap());
    assert_eq!(said.code, 0, "{}", said.err);
    let manifest = "mein größtes 'Projekt' $HOME/Cargo.toml";
    let said = sandbox.run(&[&USERS[..], &["--manifest-path", manifest]].concat());
    assert!(said.code == 0 && said.err.contains("nothing to do"), "{}", said.err);
}

/// A folder that may be read only, for somebody to whom that applies.
#[cfg(unix)]
#[test]
fn folders_nobody_may_write_to() {
    use std::os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    };
    const NOBODY: u32 = 65_534;
    fn give(path: &Path) {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        if path.is_dir() {
            fs::read_dir(path).unwrap().for_each(|entry| give(&entry.unwrap().path()));
        }
    }
    for folder in ["", "src", "migrations"] {
        let sandbox = Sandbox::of_fixture(HELLO);
        put(&sandbox.path(), "migrations/.keep", "");
        let root = sandbox.path();
        let is_root = fs::metadata(&root).unwrap().uid() == 0;
        let mut command = sandbox.command(&USERS);
        if is_root {
            give(&root);
            fs::set_permissions(root.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
            // Where the program itself is out of reach for nobody, there is nothing to see.
            let program = Path::new(env!("CARGO_BIN_EXE_cargo-gen-auth"));
            let copy = root.parent().unwrap().join("cargo-gen-auth");
            fs::copy(program, &copy).unwrap();
            command = std::process::Command::new(copy);
            command.current_dir(&root).args(USERS).uid(NOBODY).gid(NOBODY);
        }
        let before = tree(&root);
        fs::set_permissions(root.join(folder), fs::Permissions::from_mode(0o555)).unwrap();
        let said = support::said(&command.output().unwrap());
        fs::set_permissions(root.join(folder), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(said.code, 6, "{folder}: {}", said.err);
        assert!(said.err.contains("ermission denied"), "{folder}: {}", said.err);
        assert_eq!(tree(&root), before, "{folder}: half done");
    }
}
