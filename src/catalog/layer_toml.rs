//! `layer.toml`: what a layer brings besides files.

use std::collections::BTreeMap;

use anyhow::{Context as _, Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Instead;
use crate::{
    edit::{self, Edit, Pools, Section, Start},
    nearest::{place_of, with_hint},
    project::{Project, Shared, Side},
    report::{Stop, stopped},
    site::Pages,
    templates::{check_api, document_of},
};

/// The keys of a `layer.toml`, for people. `templates/README.md` has this table.
pub const KEYS: [(&str, &str); 22] = [
    ("title", "what the layer brings, for people"),
    ("api", "the version of templates it is written for; another one is an error"),
    ("default", "`true`: chosen when neither a flag nor the project says otherwise"),
    (
        "detect",
        "`{ crate, version, needs, feature }`: the dependency that proves this layer fits, the versions it is written \
         for, the lowest of them to build with (an older requirement may lead there), and the feature it takes, if \
         any; of two values of an axis that both fit a person is asked, or told the flags",
    ),
    (
        "hint",
        "`[\"DATABASE_URL=..\"]`: how a line of `.env` or `.env.example` starts that speaks for this layer where \
         dependencies do not decide",
    ),
    (
        "refuse",
        "`[{ crate, feature, unless, is }]`: dependencies beside which it is not chosen without a flag",
    ),
    (
        "pools",
        "types and builders of connection pools by which one of the owner's is known, and the macro that runs \
         migrations",
    ),
    (
        "rust",
        "the lowest Rust its code and what it adds compile with; not asked of a project that has the crate of `detect`",
    ),
    (
        "package",
        "`\"context\"`: after `--context-package`, its dependencies, edits and files go into that package; else, or \
         `\"web\"`, into the package of the pages. Files below `{context}` and `{web_root}` know it by themselves",
    ),
    (
        "pages",
        "`[pages]`, of a view engine: where its templates are, what layouts and their blocks are called, how tags are \
         written; `src/site.rs` documents the keys",
    ),
    (
        "slots",
        "places in the layer's files that other layers may fill; fragments stand in the order of the layers: fewer \
         pairs first, then by path",
    ),
    (
        "ours",
        "`[ours]`: what the program has afterwards and must not have before: `routes`, such as `get,post /a/:b` (without methods: all), \
         `cookies`, and `sessions`, the crates that have cookies like these",
    ),
    ("vars", "`[vars.NAME]`: variables for templates"),
    ("dependencies", "as in `Cargo.toml`; an existing entry keeps its version and gains features"),
    ("dev-dependencies", "the same"),
    (
        "also",
        "`[also]`: older versions of a dependency that the code is fine with where a project has them, \
         `base64 = \">=0.21\"`",
    ),
    (
        "instead",
        "`[instead]`: a feature of a dependency in the place of another, where a crate in `Cargo.lock` depends on one \
         thing and not on another; `src/catalog/instead.rs` documents the keys",
    ),
    (
        "edit",
        "`[[edit]]`, an edit of a file: `file`, perhaps `create` (what it starts from when it is missing) or \
         `if-exists = true` or another `package`, `do`, and the keys of that edit",
    ),
    (
        "comments",
        "`{ html = [\"{#-\", \"-#}\"] }`: what opens and closes a comment, where it is not the usual thing",
    ),
    (
        "deprecated",
        "`[deprecated.variables]` and `[deprecated.slots]`: names that go with the next version, `old = \"new\"`",
    ),
    (
        "next",
        "lines printed at the end of a run; `{ own, theirs }` for a line that depends on whose connection pool it is",
    ),
    (
        "by-hand",
        "of a layer `layout/own`: what is printed below its edits of `{layout_file}` where the layout does not fit",
    ),
];

/// `layer.toml`. An unknown key is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayerToml {
    /// What the layer brings, for people.
    pub title: String,
    /// Chosen when neither a flag nor the project says otherwise.
    pub default: bool,
    /// The crate that proves this layer fits the project.
    pub detect: Option<Detect>,
    /// How a line of `.env` or `.env.example` may start that speaks for this layer where crates do not decide.
    pub hint: Vec<String>,
    /// What the project must not have for this layer to be chosen without a flag.
    pub refuse: Vec<Refuse>,
    /// The lowest Rust its code and what it adds compile with.
    pub rust: Option<String>,
    /// Where its dependencies, edits and files go.
    pub package: Side,
    /// How a connection pool of the owner's is known that our code may use.
    pub pools: Option<Pools>,
    /// Of a view engine: what its templates look like.
    pub pages: Option<Pages>,
    /// Places in its files that other layers may fill.
    pub slots: Vec<String>,
    /// The version of variables, slots, placeholders and keys it is written for; in ours it is the present one.
    pub api: Option<u32>,
    /// Names that go away with the next version, and what to say instead.
    pub deprecated: Deprecated,
    /// How a comment is put into a kind of file, by the end of its name: what opens it and, perhaps, closes it.
    pub comments: BTreeMap<String, Vec<String>>,
    /// Older versions of its dependencies that its code is fine with, where a project has them.
    pub also: BTreeMap<String, String>,
    /// Features of its dependencies in the place of others, where that suits what `Cargo.lock` has.
    pub instead: BTreeMap<String, Instead>,
    /// What it brings that the owner's program may have already.
    pub ours: Ours,
    /// Variables for templates.
    pub vars: BTreeMap<String, minijinja::Value>,
    /// `[dependencies]` and `[dev-dependencies]` in the words of `Cargo.toml`.
    pub dependencies: BTreeMap<String, edit::Value>,
    pub dev_dependencies: BTreeMap<String, edit::Value>,
    /// The `[[edit]]`s, in order.
    pub edit: Vec<EditAt>,
    /// What is left to do after the run, in order; printed at the end.
    pub next: Vec<Next>,
    /// What a person is told besides, where the layer was not chosen because the project's layout does not fit.
    pub by_hand: String,
}

/// A line printed at the end of a run.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "`next` holds lines and `{ own = \"..\", theirs = \"..\" }`"
)]
pub enum Next {
    Always(String),
    /// What is said where accounts open a connection pool of their own, and where they use the owner's.
    ByPool {
        own: String,
        theirs: String,
    },
}

impl Next {
    /// The line, with its placeholders, for a way to start.
    pub fn line(&self, start: Start) -> &str {
        match self {
            Next::Always(line) => line,
            Next::ByPool { own, theirs } => {
                if start == Start::Own {
                    own
                } else {
                    theirs
                }
            }
        }
    }
}

/// Names of an earlier version, each with the name it has now.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deprecated {
    pub variables: BTreeMap<String, String>,
    pub slots: BTreeMap<String, String>,
}

/// What a program has afterwards that it must not have before, with placeholders.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ours {
    /// Addresses, after the methods of HTTP if not all; what varies in one is written `:name`.
    pub routes: Vec<String>,
    /// Names of cookies.
    pub cookies: Vec<String>,
    /// Crates that set cookies of that kind too.
    pub sessions: Vec<String>,
}

/// A crate with the versions a layer's code is written for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    #[serde(rename = "crate")]
    pub name: String,
    pub version: String,
    /// The lowest version its code builds with, where what a manifest asks for may be older and lead there.
    pub needs: Option<String>,
    /// A feature of the crate that it takes too.
    pub feature: Option<String>,
}

/// A dependency, or one with a feature, that another layer would be for, which there is not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    #[serde(rename = "crate")]
    pub name: String,
    pub feature: Option<String>,
    /// A feature beside which it is fine.
    pub unless: Option<String>,
    /// What it is, for people.
    pub is: String,
}

impl Refuse {
    /// Whether a package has it.
    pub fn is_of(&self, project: &Project) -> bool {
        let Some(dependency) = project.dependencies.get(&self.name) else { return false };
        let has =
            |feature: &Option<String>| feature.as_ref().is_some_and(|it| dependency.features.contains(it));
        (self.feature.is_none() || has(&self.feature)) && !has(&self.unless)
    }
}

/// An edit and the file it is for, both with placeholders in braces.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EditAt {
    pub file: String,
    /// The text the file starts from when it does not exist; without it a missing file is a finding.
    pub create: Option<String>,
    /// Leave the edit out, without a word, where the file does not exist.
    #[serde(default)]
    pub if_exists: bool,
    /// The package of the file, if it is not that of the layer.
    pub package: Option<Side>,
    /// The keys of the [`Edit`], `do` among them.
    #[serde(flatten)]
    pub edit: Map<String, Value>,
}

impl LayerToml {
    /// Reads the `layer.toml` that messages call `place`.
    ///
    /// Errors: no TOML, an unknown key, a wrong value, another version of templates; with line, column and the
    /// nearest right key.
    pub(super) fn parse(text: &str, place: &str) -> Result<LayerToml> {
        let document = document_of(text, place)?;
        let toml: LayerToml =
            toml_edit::de::from_document(document).map_err(|error| wrong(&error.into(), text, place))?;
        check_api(toml.api, &format!("{place}{}", place_of("api", text)))?;
        Ok(toml)
    }

    /// Reads one of our own, which the build script has put into JSON: less than a third of the work.
    pub(super) fn of_json(json: &str, place: &str) -> Result<LayerToml> {
        serde_json::from_str(json).with_context(|| place.to_owned())
    }

    /// Whether every edit is one we know, which otherwise shows when one is made.
    pub(super) fn check_edits(&self, text: &str, place: &str) -> Result<()> {
        let as_it_is = |text: &str| Ok(text.to_owned());
        self.edit.iter().try_for_each(|edit| match edit.fill(&as_it_is) {
            Ok(_) => Ok(()),
            Err(error) => Err(wrong(&error, text, place)),
        })
    }
}

/// An error about something in backticks, with the place where that stands.
fn wrong(error: &Error, text: &str, place: &str) -> Error {
    let message = error.root_cause().to_string();
    let message = message.lines().next().unwrap_or_default();
    let word = message.split('`').nth(1).unwrap_or_default();
    let at = if word.is_empty() { String::new() } else { place_of(word, text) };
    stopped(Stop::Usage, format!("{place}{at}: {}", with_hint(message)))
}

impl EditAt {
    /// Its kind: what `do` says.
    pub fn kind(&self) -> Option<&str> {
        self.edit.get("do")?.as_str()
    }

    /// The edit with `fill` applied to each string in it.
    pub fn fill(&self, fill: &dyn Fn(&str) -> Result<String>) -> Result<Edit> {
        let filled = filled(&Value::Object(self.edit.clone()), fill)?;
        Ok(serde_json::from_value(filled)?)
    }
}

fn filled(value: &Value, fill: &dyn Fn(&str) -> Result<String>) -> Result<Value> {
    Ok(match value {
        Value::String(text) => Value::String(fill(text)?),
        Value::Array(list) => {
            Value::Array(list.iter().map(|item| filled(item, fill)).collect::<Result<_>>()?)
        }
        Value::Object(table) => {
            let pairs = table.iter().map(|(key, item)| Ok((key.clone(), filled(item, fill)?)));
            Value::Object(pairs.collect::<Result<_>>()?)
        }
        other => other.clone(),
    })
}

/// The edit that adds an entry of a layer's `[dependencies]` to a manifest; one that inherits need not repeat the
/// features that the workspace gives it, and turns on the default ones that the workspace turns off.
pub fn dependency(section: Section, name: &str, spec: &edit::Value, inherited: Option<Shared<'_>>) -> Edit {
    let lacking = |there: Shared<'_>| edit::lacking(spec, there.features, there.is_bare);
    let spec = inherited.map_or_else(|| spec.clone(), lacking);
    Edit::AddDependency { name: name.to_owned(), spec, section, inherit: inherited.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::Templates;

    #[test]
    fn what_the_build_script_makes_of_a_layer_says_the_same() {
        let templates = Templates::built_in().unwrap();
        let tomls: Vec<_> = templates.files().filter(|(path, _)| path.ends_with("/layer.toml")).collect();
        assert!(tomls.len() > 40);
        for (path, text) in tomls {
            let json = templates.digest(path).expect(path);
            let (toml, json) =
                (LayerToml::parse(text, path).unwrap(), LayerToml::of_json(json, path).unwrap());
            assert_eq!(format!("{json:#?}"), format!("{toml:#?}"), "{path}");
        }
    }
}
