//! Every edit on made-up files: pieces that parse, in any order, with any line ending and
//! indent, and some with a hole in them.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use cargo_gen_auth::edit::{self, CannotEdit, Edit, with_room};
use proptest::prelude::*;

fn apply(edit: &Edit, text: &str) -> Result<String, CannotEdit> {
    with_room(|| edit::apply(edit, text))
}

const ITEMS: &[&str] = &[
    "use axum::Router;",
    "use axum::{Router as R, routing::get};",
    "mod zebra;",
    "pub mod alpha; // first",
    "#[cfg(test)]\nmod tests;",
    "#[cfg(test)]\nmod tests {\n    fn main() {\n        Router::new();\n    }\n}",
    "/* a\n   b */",
    "// größe — 日本語",
    "/// Docs.\n#[tokio::main]\nasync fn main() {\n    // the app\n    let app = Router::new().route(\"/\", get(root)); // é\n    axum::serve(listener, app).await.unwrap();\n}",
    "fn routes() -> Router {\n    Router::new()\n        // one\n        .route(\"/\", get(a)) // two\n        .layer(x)\n}",
    "fn many(state: S) -> Router {\n    let a = Router::new().route(\"/a\", get(|| async {\n        \"x\n\n  y\"\n    }));\n    Router::new().nest(\"/a\", a).with_state(state)\n}",
    "impl S {\n    fn router(&self) -> R { R::new().layer(y) }\n}",
    "fn run() {\n    HttpServer::new(move || Router::new().route(\"/\", get(a))).bind(x)?.run().await\n}",
    "static APP: L<Router> = L::new(|| Router::new());",
    "fn pick(m: M) -> Router {\n    match m {\n        M::A => Router::new().layer(a),\n        M::B => { Router::new() }\n    }\n}",
    "fn empty() {}",
    "macro_rules! m {\n    ($x:expr) => { Router::new().route($x) };\n}",
    "fn main() { #![allow(x)] other(); }",
    "async fn staged() {\n    let mut app = routes();\n    app = app.route(\"/late\", get(root));\n    if x { app = app.layer(y); }\n    axum::serve(listener, app?.with_state(s)).await;\n}",
    "async fn both(r: Router) {\n    tokio::join!(axum::serve(a, r), many(r).bind(routes()), args());\n}",
    "async fn args() {\n    axum::serve(listener, Router::new().route(\"/\", get(root))).await.unwrap();\n}",
];

const ENTRIES: &[&str] = &[
    "[package]\nname = \"x\"",
    "[dependencies]",
    "[dependencies] # all",
    "[dev-dependencies]",
    "[dependencies.tokio]\nversion = \"1\"",
    "[workspace.dependencies]",
    "[profile.dev]",
    "[profile.dev.package]",
    "axum = \"0.8\"",
    "tokio = { version = \"1\", features = [\"rt\"] }",
    "tokio.workspace = true",
    "sqlx = { version = \"0.8\", default-features = false, features = [\n    \"a\", # why\n    \"b\"\n] }",
    "zebra = { path = \"..\" } # é",
    "argon2 = { opt-level = 1 }",
    "sqlx.version = \"1\"",
    "sqlx.features = []",
    "features = [\"x\",]",
    "# größe",
    "",
    "[[bin]]\nname = \"b\"",
    "profile.dev.debug = 1",
];

const MARKUP: &[&str] = &[
    "<body>",
    "<body\n    class=\"a > b\">",
    "<BODY><nav>",
    "    <nav>\n        <a>größe</a>\n    </nav>",
    "</nav>",
    "<main>{% block content %}{% endblock %}</main>",
    "    {% block content %}",
    "<!-- </nav>",
    "-->",
    "{# <body> #}",
    "<script>\"</nav>\"</script>",
    "{% block account_nav %}",
    "日本語",
    "\"",
];

const MOUNT: &str = "do = 'mount'\nmodule = 'web'\nroots = ['Router::new', 'axum::Router::new']\n\
    types = ['Router', 'axum::Router']\nserve = ['axum::serve', 'bind']\nafter = ['route', 'nest']\nlayers = ['layer']\n\
    harmless = ['x', 'y']\nthrough = ['with_state']\ncalls = ['merge(web::router($auth.clone()))', 'layer(with($auth, web::session))']\n\
    starts = { own = 'let $auth = web::Auth::new().await;' }";

fn edits() -> Vec<Edit> {
    let markup = "do = 'insert-markup'\ntext = '{% block account_nav %}{% endblock %}'\nthere = 'block account_nav'\n\
                  place = 'in the menu'\nignore = [['<!--', '-->'], ['{#', '#}'], ['<script', '</script>']]";
    let chain = "do = 'append-call'\nroots = ['Router::new', 'axum::Router::new']\nafter = ['route', 'nest']\nserved = ['axum::serve', 'HttpServer::new']";
    let sqlx = "do = 'add-dependency'\nname = 'sqlx'\nspec = { version = '0.9', features = ['b', 'c'] }";
    [
        "do = 'declare-module'\nmodule = 'middle'".to_owned(),
        "do = 'declare-module'\nmodule = 'middle'\npublic = true\ncfg_test = true".to_owned(),
        "do = 'insert-statement'\nfunction = 'main'\nstatement = \"let x = 1;\"".to_owned(),
        MOUNT.to_owned(),
        format!("{}\nfactory = true", MOUNT.replace("serve = ['axum::serve', ", "serve = ['HttpServer::new', 'axum::serve', ")),
        format!("{chain}\ncalls = ['merge(x)']"),
        format!("{chain}\ncalls = ['merge(web::router(auth.clone()))', 'layer(from_fn_with_state(auth.clone(), crate::a_rather_long_module::session))']\nprelude = ['// auth', 'let auth = a().await.expect(\"no accounts here, and none to be had from anywhere else\");']"),
        format!("{chain}\nwithin = 'many'\ncalls = ['merge(x)']\nprelude = ['let x = 1;']"),
        sqlx.to_owned(),
        format!("{sqlx}\ninherit = true"),
        format!("{sqlx}\nsection = 'workspace-dependencies'"),
        "do = 'add-dependency'\nname = 'mail'\nspec = '1'".to_owned(),
        "do = 'add-dependency'\nname = 'mail'\nspec = '1'\nsection = 'dev-dependencies'".to_owned(),
        "do = 'add-dependency'\nname = 'tokio'\nspec = { version = '1', features = ['rt', 'net'] }".to_owned(),
        "do = 'set-default'\ntable = 'profile.dev.package.argon2'\nkey = 'opt-level'\nvalue = 3".to_owned(),
        format!("{markup}\nbefore = ['</nav>']\nafter = ['<body']"),
        format!("{markup}\nbefore = ['</nav>']\nafter = ['<body']\nuntil = '{{% block content %}}'"),
        format!("{markup}\nbefore = ['{{% block content %}}']"),
        "do = 'append-lines'\nlines = ['', '# größe', 'x = 1']".to_owned(),
    ]
    .iter()
    .map(|edit| toml_edit::de::from_str(edit).unwrap())
    .collect()
}

/// A file of some of the pieces, perhaps with odd white space, perhaps with a hole.
fn files(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let text = prop::collection::vec(prop::sample::select(pieces), 0..7);
    let separators = prop::sample::select(vec!["\n", "\n\n", "\n\n\n"]);
    let endings = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    let steps = prop::sample::select(vec!["    ", "    ", "\t", "  "]);
    let hole = prop::option::weighted(0.3, (any::<prop::sample::Index>(), 0..4_usize));
    (text, separators, endings, steps, any::<(bool, bool)>(), hole).prop_map(
        |(pieces, separator, ending, step, (mark, finished), hole)| {
            let mut text = pieces.join(separator).replace("    ", step).replace('\n', ending);
            if finished {
                text.push_str(ending);
            }
            if let Some((at, length)) = hole {
                let mut chars: Vec<char> = text.chars().collect();
                let start = at.index(chars.len() + 1);
                chars.drain(start..(start + length).min(chars.len()));
                text = chars.into_iter().collect();
            }
            if mark { format!("\u{feff}{text}") } else { text }
        },
    )
}

fn survives(text: &str) -> Result<(), TestCaseError> {
    for edit in edits() {
        match apply(&edit, text) {
            Ok(after) => {
                prop_assert_eq!(apply(&edit, &after), Ok(after.clone()), "twice: {:?}\n{}", edit, text);
                prop_assert!(keeps(text, &after), "{:?}\n{}\nbecame\n{}", edit, text, after);
                let finished = |text: &str| text.ends_with('\n') || text.trim_matches('\u{feff}').is_empty();
                prop_assert_eq!(finished(text), finished(&after));
                prop_assert!(
                    !text.contains("\r\n")
                        || !after.replace("\r\n", "").contains('\n')
                        || text.replace("\r\n", "").contains('\n')
                );
                prop_assert_eq!(text.starts_with('\u{feff}'), after.starts_with('\u{feff}'));
            }
            Err(CannotEdit::Unparsable { message, .. }) => prop_assert!(!message.contains("gave up")),
            Err(_) => {}
        }
    }
    Ok(())
}

/// All but white space is still there in its order.
fn keeps(before: &str, after: &str) -> bool {
    let mut there = after.chars();
    let before = before.replace("default-features = false", "");
    before.chars().filter(|c| !c.is_whitespace()).all(|c| there.any(|there| there == c))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rust_files_survive(text in files(ITEMS)) {
        survives(&text)?;
    }

    #[test]
    fn manifests_survive(text in files(ENTRIES)) {
        survives(&text)?;
    }

    #[test]
    fn markup_survives(text in files(MARKUP)) {
        survives(&text)?;
    }

    #[test]
    fn any_text_survives(text in any::<String>()) {
        survives(&text)?;
    }
}

#[test]
fn what_nests_too_deeply_is_refused() {
    for (start, middle) in [
        ("fn main() { ", "("),
        ("fn main() { ", "!"),
        ("fn main() { a", " + a"),
        ("fn main() { a", ".a()"),
        ("fn main() { ", "return "),
        ("fn main() { ", "if a {} else "),
        ("type A = ", "B<"),
        ("type A = ", "B<a, "),
        ("use ", "a::"),
        ("", "\u{feff}"),
    ] {
        let text = format!("{start}{}", middle.repeat(50_000));
        for edit in edits() {
            let rust = !matches!(edit, Edit::AppendLines { .. });
            assert!(apply(&edit, &text).is_err() == rust, "{middle}");
        }
    }
}
