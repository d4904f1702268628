//! Which layout is found in a project, and whether the pages of accounts can stand in it.

use cargo_gen_auth::{
    catalog::Catalog,
    edit,
    project::Project,
    site::{Config, Site},
    templates::Templates,
};

const MANIFEST: (&str, &str) = ("Cargo.toml", "[package]\nname = \"hello\"\nedition = \"2024\"\n");
const PAGE: (&str, &str) =
    ("templates/page.html", "{% extends \"base.html\" %}{% block content %}{% endblock %}");
const BASE: &str = "<html><head><title>{% block title %}{% endblock %}</title></head>\n\
                    <body>\n<nav></nav>\n{% block content %}{% endblock %}\n</body></html>\n";

fn look(files: &[(&str, &str)]) -> anyhow::Result<Site> {
    let templates = Templates::built_in()?;
    let catalog = Catalog::load(&templates)?;
    let choices = [("views".to_owned(), "askama".to_owned())].into();
    let pages = catalog.select(&choices).into_iter().find_map(|layer| layer.toml.pages.as_ref());
    let main = [MANIFEST, ("src/main.rs", "fn main() {}\n")];
    let project = Project::from_files(main.into_iter().chain(files.iter().copied()), None)?;
    Site::find(&project, pages.expect("the engine has pages"))
}

fn found(files: &[(&str, &str)]) -> Site {
    look(files).expect("a site")
}

/// Own or not, the file and the block, or why not.
fn says(files: &[(&str, &str)]) -> String {
    let site = found(files);
    match &site.unfit {
        Some(why) => {
            assert!(!site.is_own());
            why.clone()
        }
        None if site.is_own() => format!("{} {} {}", site.file, site.content, site.title),
        None => "none".to_owned(),
    }
}

#[test]
fn a_base_of_other_pages_is_the_layout() {
    assert_eq!(says(&[("templates/base.html", BASE), PAGE]), "templates/base.html content title");
    let page = ("templates/page.html", "{% extends 'x' %}{%- extends \"shell.html\" -%}");
    assert_eq!(says(&[("templates/shell.html", BASE), page]), "templates/shell.html content title");
    let beside = ("templates/a/page.html", "{% extends \"shell.html\" %}");
    assert_eq!(says(&[("templates/a/shell.html", BASE), beside]), "templates/a/shell.html content title");
}

#[test]
fn so_is_a_page_that_is_called_like_one() {
    for path in ["templates/layout.html", "templates/_base.html.jinja", "templates/layouts/x.html"] {
        assert_eq!(says(&[(path, BASE)]), format!("{path} content title"));
    }
    assert_eq!(says(&[("templates/index.html", BASE)]), "none");
    assert_eq!(says(&[("templates/base.html", "<html><body>{{ content|safe }}</body></html>")]), "none");
    assert_eq!(says(&[("templates/base.html", "{% block content %}{% endblock %}")]), "none");
    assert_eq!(says(&[]), "none");
}

/// It may read everything in there when the program starts, and stop at a page of ours.
#[test]
fn beside_another_engine_ours_have_a_folder_of_their_own() {
    let with = |more: &str| format!("{}\n[dependencies]\ntera = \"1\"\n{more}", MANIFEST.1);
    let manifest = with("");
    let base = ("templates/base.html", BASE);
    let site = found(&[("Cargo.toml", &manifest), base, PAGE]);
    assert!(!site.is_own() && site.unfit.is_none());
    assert_eq!(site.place("templates/users/layout.html"), "pages/users/layout.html");
    let Config { path: file, text, why } = site.config.expect("a configuration");
    assert_eq!((file.as_str(), text.as_str()), ("askama.toml", "[general]\ndirs = [\"pages\"]\n"));
    assert!(why.contains("tera") && why.contains("templates") && why.contains("pages"), "{why}");

    let site = found(&[("Cargo.toml", &manifest), base, ("pages/index.html", "")]);
    assert_eq!(site.folder, "account_pages");
    // The configuration of an earlier run, a project that has both, and pages that are there already.
    let site = found(&[("Cargo.toml", &manifest), base, ("askama.toml", text.as_str())]);
    assert_eq!((site.folder.as_str(), site.config), ("pages", None));
    let both = with("askama = \"0.16\"\n");
    let site = found(&[("Cargo.toml", &both), base]);
    assert_eq!((site.folder.as_str(), site.config), ("templates", None));
    let site = found(&[("Cargo.toml", &manifest), ("templates/auth_layout.html", "")]);
    assert_eq!((site.folder.as_str(), site.config), ("templates", None));
}

#[test]
fn the_likeliest_of_several() {
    let admin = ("templates/admin_page.html", "{% extends \"admin.html\" %}");
    let files = [("templates/base.html", BASE), ("templates/admin.html", BASE), PAGE, admin];
    assert_eq!(says(&files), "templates/base.html content title");
    let files = [("templates/shop.html", BASE), ("templates/admin.html", BASE), admin];
    assert_eq!(says(&files), "templates/admin.html content title");
    let shop = ("templates/shop_page.html", "{% extends \"shop.html\" %}");
    let files = [("templates/shop.html", BASE), ("templates/admin.html", BASE), admin, shop];
    let why = "which of templates/admin.html, templates/shop.html is the layout cannot be told";
    assert_eq!(says(&files), why);
}

#[test]
fn the_block_of_a_page() {
    let with = |inner: &str| {
        let text = BASE.replace("{% block content %}{% endblock %}", inner);
        says(&[("templates/base.html", text.as_str())])
    };
    assert_eq!(with("{%- block\n main -%}{% endblock main %}"), "templates/base.html main title");
    assert_eq!(
        with("{% block stuff %}{% block x %}{% endblock %}{% endblock %}"),
        "templates/base.html stuff title"
    );
    let two = "{% block left %}{% endblock %}{% block right %}{% endblock %}";
    assert_eq!(with(two), "which block holds the content of a page cannot be told");
    assert_eq!(with(&format!("{two}{{% block page %}}{{% endblock %}}")), "templates/base.html page title");
    let hidden = "<!-- {% block content %}{% endblock %} -->{% block main %}{% endblock %}";
    assert_eq!(with(hidden), "templates/base.html main title");
    let twice = "{% block title %}{% endblock %}{% block content %}{% endblock %}";
    let text = BASE
        .replace("{% block title %}", "{% block heading %}")
        .replace("{% block content %}{% endblock %}", twice);
    let why = "line 4: the block `title` is not in `<title>`, where ours has the title";
    assert_eq!(says(&[("templates/base.html", text.as_str())]), why);
}

#[test]
fn what_a_page_has_to_bring_is_not_ours_to_give() {
    let partial = ("templates/partials/top.html", "<b>{{ user.name }}</b>");
    let with = |extra: &str| {
        let text = BASE.replace("<nav>", &format!("{extra}<nav>"));
        let site =
            found(&[("templates/base.html", text.as_str()), partial, ("templates/end.html", "<b>End</b>")]);
        (site.is_own(), site.unfit.unwrap_or_default())
    };
    for fine in [
        "",
        "{# {{ title }} #}",
        "{% raw %}{{ title }}{% if x %}{% endraw %}",
        "{{ \"a \\\" b\"|upper }}{{ 1 + 2 }}{{- crate::VERSION|safe -}}{{ crate::year(true).abs() }}",
        "{% include \"end.html\" %}",
        "{% block extra %}nothing{% endblock %}",
    ] {
        assert_eq!(with(fine), (true, String::new()), "{fine}");
    }
    for (bad, tag) in [
        ("{{ title }}", "base.html line 3: `{{ title }}`"),
        ("{{ self.title() }}", "base.html line 3: `{{ self.title() }}`"),
        ("{{ crate::name(user) }}", "base.html line 3: `{{ crate::name(user) }}`"),
        ("{{ super::VERSION }}", "base.html line 3: `{{ super::VERSION }}`"),
        ("{{ \"x\"|markdown }}", "base.html line 3: `{{ \"x\"|markdown }}`"),
        ("{%- if\n user -%}{% endif %}", "base.html line 3: `{%- if user -%}`"),
        ("{% block side %}{{ title }}{% endblock %}", "base.html line 3: `{{ title }}`"),
        ("{% include \"partials/top.html\" %}", "partials/top.html line 1: `{{ user.name }}`"),
        ("{% include \"partials/lost.html\" %}", "base.html line 3: `{% include \"partials/lost.html\" %}`"),
        ("{% include file %}", "base.html line 3: `{% include file %}`"),
    ] {
        let why = format!("templates/{tag} may need what the pages for accounts do not have");
        assert_eq!(with(bad), (false, why), "{bad}");
    }
    // In what ours fill it is never asked for.
    let text = BASE.replace("{% block title %}", "{% block title %}{{ title }}");
    let text = text.replace("{% block content %}", "{% block content %}{% if user %}{% endif %}");
    assert!(found(&[("templates/base.html", text.as_str())]).is_own());
}

#[test]
fn the_engine_may_look_elsewhere() {
    let config = |dirs: &str| format!("[general]\ndirs = [{dirs}]\n");
    let views = config("\"./views/\", \"shared\"");
    let files = [("askama.toml", views.as_str()), ("shared/base.html", BASE), ("templates/base.html", BASE)];
    let site = found(&files);
    assert_eq!((site.file.as_str(), site.layout.as_str()), ("shared/base.html", "base.html"));
    assert_eq!(site.place("templates/{web}/nav.html"), "views/{web}/nav.html");
    assert_eq!(site.place("src/web/mod.rs"), "src/web/mod.rs");
    assert_eq!(found(&[]).place("templates/{web}/nav.html"), "templates/{web}/nav.html");

    let outside = config("\"../templates\", \"{root}\"");
    let error = look(&[("askama.toml", outside.as_str())]).expect_err("no folder to write to").to_string();
    assert!(error.contains("askama.toml: general.dirs names no folder of the package"), "{error}");
    let elsewhere = config("").replace("dirs", "other");
    assert_eq!(
        says(&[("askama.toml", elsewhere.as_str()), ("templates/base.html", BASE)]),
        says(&[("templates/base.html", BASE)])
    );
}

#[test]
fn under_another_syntax_nothing_is_written() {
    let config = |lines: &str| {
        format!("\u{feff}[general]\n{lines}\n[[syntax]]\nname = \"angled\"\nblock_start = \"<%\"\n")
    };
    let angled = config("default_syntax = \"angled\"");
    let error = look(&[("askama.toml", angled.as_str())]).expect_err("pages nobody could read").to_string();
    assert!(error.contains("askama.toml: general.default_syntax is `angled`"), "{error}");
    assert!(error.contains("written for default"), "{error}");
    for fine in [config(""), config("default_syntax = \"default\""), config("whitespace = \"suppress\"")] {
        let site = found(&[("askama.toml", fine.as_str()), ("templates/base.html", BASE)]);
        assert_eq!(site.file, "templates/base.html");
    }
}

#[test]
fn an_earlier_run_has_decided() {
    let ours = ("templates/auth_layout.html", BASE);
    assert_eq!(says(&[ours]), "none");
    assert_eq!(says(&[ours, ("templates/base.html", BASE)]), "none");

    let base = BASE.replace("<nav>", "{{ user }}<nav>");
    let adapter = ("templates/auth_layout.html", "{% extends \"base.html\" %}");
    let files = [adapter, ("templates/base.html", base.as_str()), ("templates/layout.html", BASE)];
    assert_eq!(says(&files), "templates/base.html content title");
}

/// The edits of a layout that fits are never refused, or pages would stand in it without menu and messages.
#[test]
fn what_fits_can_be_edited() {
    let templates = Templates::built_in().unwrap();
    let catalog = Catalog::load(&templates).unwrap();
    let choices = [("views", "askama"), ("layout", "own")].map(|(a, v)| (a.to_owned(), v.to_owned())).into();
    let layers = catalog.select(&choices);
    let edits = || layers.iter().flat_map(|layer| &layer.toml.edit).filter(|at| at.file == "{layout_file}");
    assert_eq!(edits().count(), 2);
    let crlf = BASE.replace('\n', "\r\n");
    let on_lines = BASE.replace("{% block content %}", "{%-\tblock\n  content\n-%}");
    let without_nav = BASE.replace("<nav></nav>", "");
    let minified = BASE.replace('\n', "");
    let nav_below = minified.replace("</body>", "<nav></nav></body>");
    for text in [BASE, &crlf, &on_lines, &without_nav, &minified, &nav_below] {
        let site = found(&[("templates/base.html", text)]);
        assert!(site.is_own(), "{text}");
        let fill = |text: &str| Ok(text.replace("{layout_anchor}", &site.anchor));
        let mut edited = text.to_owned();
        for at in edits() {
            edited =
                edit::apply(&at.fill(&fill).unwrap(), &edited).unwrap_or_else(|why| panic!("{why}\n{text}"));
        }
        assert_eq!(edited.matches("{% block account_").count(), 2);
        let again = found(&[("templates/base.html", &edited)]);
        assert_eq!((again.layout, again.anchor), (site.layout, site.anchor));
    }
}
