//! What templates and the strings of a `layer.toml` can name.

use std::collections::BTreeMap;

use anyhow::Result;
use minijinja::{Value, value::Serde};
use serde::Serialize;

use super::Spec;
use crate::{
    names::Name,
    project::{Library, Project},
};

impl Spec {
    /// The variables of templates. `templates/README.md` describes them.
    pub fn context(&self, project: &Project) -> Value {
        let mut context = self.variables.clone();
        let mut set = |key: &str, value: Value| context.insert(key.to_owned(), value);
        set("app", serialized(App::new(&project.name)));
        set("context", serialized(self.context_path()));
        set("schema", serialized(&self.names.schema));
        set("plural", serialized(&self.names.plural));
        set("web", serialized(self.web()));
        set("table", self.names.table.clone().into());
        set("site", serialized(&self.site));
        set("stamp", self.stamp.clone().into());
        set("edition", project.edition.clone().into());
        set("port", self.port.into());
        // Unless the plan finds a pool, and migrations, of the project's.
        set("pool", "own".into());
        set("migrations_macro", "".into());
        for (old, new) in &self.renamed {
            add_alias(&mut context, old, new);
        }
        serialized(context)
    }

    /// What stands in braces in a template's file name and in the strings of a `layer.toml`.
    pub fn placeholders(&self, project: &Project) -> Result<BTreeMap<&'static str, String>> {
        let web = self.web();
        // Of a whole workspace, cargo would run or test something else.
        let in_workspace = |name: &String| project.workspace_manifest.as_ref().map(|_| format!(" -p {name}"));
        let of_package = in_workspace(&project.name).unwrap_or_default();
        let library = self.library.as_ref();
        let of_library = library.and_then(|library| in_workspace(&library.package.name)).unwrap_or_default();
        let mut placeholders = BTreeMap::from([
            (
                "context",
                self.names.context.iter().map(|name| name.snake.as_str()).collect::<Vec<_>>().join("/"),
            ),
            ("context_module", self.context_path().path),
            ("context_crate", self.context_path().crate_name),
            (
                "context_name",
                self.names.context.iter().map(|name| name.human.as_str()).collect::<Vec<_>>().join(" "),
            ),
            ("schema", self.names.schema.snake.clone()),
            ("plural", self.names.plural.snake.clone()),
            ("web_root", self.variables.get("web_root").map(ToString::to_string).unwrap_or_default()),
            ("web", web.module),
            ("route", web.route),
            ("migrations", "migrations".to_owned()),
            ("table", self.names.table.clone()),
            ("stamp", self.stamp.clone()),
            ("app", Name::new(&project.name).snake),
            ("app_ascii", App::new(&project.name).ascii),
            ("port", self.port.to_string()),
            ("build_script", project.build_script.clone()),
            ("cargo_run", format!("cargo run{of_package}")),
            ("cargo_test", format!("cargo test{of_package}{of_library}")),
            (
                "crate_root",
                project.crate_root()?.strip_prefix(&project.package_dir).unwrap_or_default().to_owned(),
            ),
        ]);
        if !self.site.file.is_empty() {
            placeholders.insert("layout_file", self.site.file.clone());
            placeholders.insert("layout_anchor", self.site.anchor.clone());
        }
        Ok(placeholders)
    }

    fn web(&self) -> Web {
        let segments = || self.names.web.iter().chain([&self.names.plural]);
        let join = |with: &str| segments().map(|name| name.snake.as_str()).collect::<Vec<_>>().join(with);
        Web { module: join("_"), route: format!("/{}", join("/")) }
    }

    fn context_path(&self) -> Path {
        Path::new(&self.names.context, self.library.as_ref())
    }
}

/// The value of `new` under the name `old` too, both perhaps with dots.
fn add_alias(context: &mut BTreeMap<String, Value>, old: &str, new: &str) {
    let attribute = |value: Value, key: &str| value.get_attr(key).ok();
    let Some(value) = new.split('.').try_fold(serialized(&*context), attribute) else { return };
    let (first, rest) = old.split_once('.').unwrap_or((old, ""));
    let value = match rest {
        "" => value,
        rest => {
            let keys = context.get(first).and_then(|map| map.try_iter().ok()).into_iter().flatten();
            let mut map: BTreeMap<String, Value> = keys
                .filter_map(|key| Some((key.to_string(), context.get(first)?.get_item(&key).ok()?)))
                .collect();
            map.insert(rest.to_owned(), value);
            serialized(map)
        }
    };
    context.insert(first.to_owned(), value);
}

fn serialized(value: impl Serialize) -> Value {
    Value::from(Serde(value))
}

/// The package.
#[derive(Serialize)]
struct App {
    #[serde(flatten)]
    name: Name,
    /// What a cookie's name may hold of it: `größe` is `gre`.
    ascii: String,
}

impl App {
    fn new(text: &str) -> App {
        let name = Name::new(text);
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        let ascii: String = name.snake.chars().filter(plain).collect();
        let ascii = if ascii.is_empty() { "app".to_owned() } else { ascii };
        App { name, ascii }
    }
}

/// The module of the context.
#[derive(Serialize)]
struct Path {
    /// What the pages call its crate: `crate`, unless that is another one.
    #[serde(rename = "crate")]
    crate_name: String,
    /// The condition under which there is what tests start from, those of the pages too.
    testing: &'static str,
    /// `shop::accounts`
    path: String,
    /// `accounts`
    module: String,
    /// `Accounts`
    pascal: String,
    /// `accounts`, for text people read
    human: String,
}

impl Path {
    fn new(segments: &[Name], library: Option<&Library>) -> Path {
        let path = segments.iter().map(|name| name.snake.as_str()).collect::<Vec<_>>().join("::");
        let last = segments.last().cloned().unwrap_or_else(|| Name::new(""));
        let (crate_name, testing) = match library {
            Some(library) => (library.crate_name.clone(), "any(test, feature = \"testing\")"),
            None => ("crate".to_owned(), "test"),
        };
        Path { crate_name, testing, path, module: last.snake, pascal: last.pascal, human: last.human }
    }
}

/// Where the pages are.
#[derive(Serialize)]
struct Web {
    /// `users`, `backoffice_users`: the module below `web`, also the folder of views.
    module: String,
    /// `/users`, `/backoffice/users`: what every address starts with.
    route: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_letters_has_ascii_for_cookies() {
        for (name, ascii) in [("hello-world", "hello_world"), ("größe", "gre"), ("\u{65e5}", "app")] {
            assert_eq!(App::new(name).ascii, ascii);
        }
    }
}
