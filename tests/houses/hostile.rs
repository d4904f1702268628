//! What hostile templates cannot do: write outside, read, run, or go on without end.

use super::*;

#[test]
fn no_file_is_written_outside_the_project() {
    for path in [
        "../x", "a/../../x", "//etc/x", "./x", "a//x", "C:/x", "a\\\\..\\\\..\\\\x",
        ".git/hooks/post-checkout", "a/.GIT/config", "a\\u0000b",
    ] {
        let layer =
            format!("[[edit]]\nfile = \"{path}\"\ncreate = \"\"\ndo = \"append-lines\"\nlines = [\"x\"]\n");
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
    for args in
        [["../Accounts", "User", "users"], ["Accounts", "User", "../users"], ["Accounts", "/User", "users"]]
    {
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
        let opening: String = (0..depth).map(|n| format!("//# for a{n} in \"0123456789012345\"\n")).collect();
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
    assert!(said.err.contains("mailer.rs.jinja is not UTF-8 text"), "{}", said.err);
    fs::write(&path, "x".repeat(2 << 20)).unwrap();
    let said = dry(&sandbox, &[]);
    assert!(said.err.contains("mailer.rs.jinja: too much for a folder of templates"), "{}", said.err);
}
