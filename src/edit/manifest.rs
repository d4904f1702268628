//! Edits of `Cargo.toml` and other TOML files.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml_edit::{Array, Document, Item, Key, TableLike, Value as Toml};

use super::text::{Splice, first_on_line, indent, line_end};
use super::toml::{add, get, key, pair, taken, write};
use super::{CannotEdit, Value};

/// A table of dependencies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// `[dependencies]`
    #[default]
    Dependencies,
    /// `[dev-dependencies]`
    DevDependencies,
    /// `[build-dependencies]`
    BuildDependencies,
    /// `[workspace.dependencies]`
    WorkspaceDependencies,
}

impl Section {
    /// The table with its other, older spellings.
    fn paths(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Dependencies => &[&["dependencies"]],
            Self::DevDependencies => &[&["dev-dependencies"], &["dev_dependencies"]],
            Self::BuildDependencies => &[&["build-dependencies"], &["build_dependencies"]],
            Self::WorkspaceDependencies => &[&["workspace", "dependencies"]],
        }
    }
}

/// What a layer asks for.
struct Wanted<'v> {
    /// The name of the crate, which may differ from that of the key.
    package: &'v str,
    features: Vec<&'v str>,
    default_features: bool,
    /// Even of what is inherited.
    defaults_on: bool,
}

impl<'v> Wanted<'v> {
    fn of(name: &'v str, spec: &'v Value) -> Self {
        let Value::Table(table) = spec else {
            return Self { package: name, features: Vec::new(), default_features: true, defaults_on: false };
        };
        let package = match table.get("package") {
            Some(Value::String(package)) => package,
            _ => name,
        };
        let features = match table.get("features") {
            Some(Value::Array(features)) => features.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let defaults = table.get("default-features");
        let default_features = defaults != Some(&Value::Bool(false));
        Self { package, features, default_features, defaults_on: defaults == Some(&Value::Bool(true)) }
    }
}

/// By custom this feature stands for the others.
const FULL: &str = "full";

impl Value {
    /// The string it is.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The version it asks for, as what is behind the name of a dependency.
    pub fn version(&self) -> Option<&str> {
        match self {
            Value::Table(table) => table.get("version")?.as_str(),
            version => version.as_str(),
        }
    }
}

/// A dependency as a layer asks for it, without the features that are `there` already; where what is there `is_bare`,
/// with the default features said.
pub(crate) fn lacking(spec: &Value, there: &[String], is_bare: bool) -> Value {
    let mut table = match spec {
        Value::Table(table) => table.clone(),
        version if is_bare => BTreeMap::from([("version".to_owned(), version.clone())]),
        _ => return spec.clone(),
    };
    if is_bare {
        table.entry("default-features".to_owned()).or_insert(Value::Bool(true));
    }
    if let Some(Value::Array(features)) = table.get_mut("features") {
        let has = |feature: &str| there.iter().any(|there| there == feature || there == FULL);
        features.retain(|feature| !feature.as_str().is_some_and(has));
        if features.is_empty() {
            table.remove("features");
        }
    }
    Value::Table(table)
}

/// A dependency as a layer asks for it, of another version.
pub(crate) fn of_version(spec: &Value, version: String) -> Value {
    let version = Value::String(version);
    match spec {
        Value::Table(table) => {
            let mut table = table.clone();
            table.insert("version".to_owned(), version);
            Value::Table(table)
        }
        _ => version,
    }
}

/// Adds a dependency, or the features it lacks. The version of an existing one is not
/// touched; its default features are only ever turned on.
pub(crate) fn add_dependency(
    text: &str,
    document: &Document<&str>,
    name: &str,
    spec: &Value,
    section: Section,
    inherit: bool,
) -> Result<Vec<Splice>, CannotEdit> {
    let wanted = Wanted::of(name, spec);
    let paths = section.paths();
    let path = paths.iter().find(|path| get(document, path).is_some()).unwrap_or(&paths[0]);
    let table = get(document, path).and_then(Item::as_table_like);
    for (there, item) in table.into_iter().flat_map(TableLike::iter) {
        let package = item.get("package").and_then(Item::as_str).unwrap_or(there);
        if package == wanted.package {
            return extend(text, document, &[path, &[there][..]].concat(), item, &wanted);
        }
        if there == name {
            return Err(taken(text, name, item.span().map_or(0, |span| span.start)));
        }
    }
    Ok(vec![add(text, document, path, name, &new_entry(name, spec, inherit), true)?])
}

/// Whether [`add_dependency`] finds a table of that name, which it need not make.
pub(crate) fn has_table(document: &Document<&str>, section: Section) -> bool {
    let table = section.paths().iter().find_map(|path| get(document, path));
    table.and_then(Item::as_table).is_some_and(|table| !table.is_implicit() && !table.is_dotted())
}

/// What to tell a person instead of [`add_dependency`].
pub(crate) fn add_dependency_by_hand(
    name: &str,
    spec: &Value,
    section: Section,
    inherit: bool,
    path: &str,
) -> String {
    let table = section.paths()[0].join(".");
    format!("in `{path}`, under `[{table}]`, add:\n{}", new_entry(name, spec, inherit))
}

/// The order in which `cargo add` writes the keys of a dependency.
const ORDER: [&str; 11] = [
    "version", "path", "git", "branch", "tag", "rev", "registry", "package", "default-features", "features",
    "optional",
];

/// The line of a new dependency. One that inherits takes only what a member may add itself.
fn new_entry(name: &str, spec: &Value, inherit: bool) -> String {
    let empty = BTreeMap::new();
    let table = match spec {
        Value::Table(table) => table,
        _ if !inherit => return pair(name, &write(spec)),
        _ => &empty,
    };
    let rest = table.keys().map(String::as_str).filter(|name| !ORDER.contains(name));
    let on = |name: &str| name == "default-features" && table.get(name) == Some(&Value::Bool(true));
    let taken = |name: &&str| !inherit || ["features", "optional"].contains(name) || on(name);
    let is_empty = |value: &Value| matches!(value, Value::Array(values) if values.is_empty());
    let mut pairs: Vec<(&str, String)> = ORDER
        .into_iter()
        .chain(rest)
        .filter(taken)
        .filter_map(|name| Some((name, table.get(name).filter(|value| !is_empty(value))?)))
        .map(|(name, value)| (name, write(value)))
        .collect();
    match (inherit, pairs.as_slice()) {
        (true, []) => return format!("{}.workspace = true", key(name)),
        (true, _) => pairs.insert(0, ("workspace", "true".to_owned())),
        (false, [("version", version)]) => return pair(name, version),
        (false, _) => {}
    }
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| pair(name, value)).collect();
    pair(name, &format!("{{ {} }}", pairs.join(", ")))
}

/// Gives an existing dependency what it lacks.
fn extend(
    text: &str,
    document: &Document<&str>,
    path: &[&str],
    item: &Item,
    wanted: &Wanted,
) -> Result<Vec<Splice>, CannotEdit> {
    let Some(table) = item.as_table_like() else {
        return extend_version(text, path, item, wanted);
    };
    let mut splices = Vec::new();
    let inherited = table.get("workspace").is_some();
    let defaults = table.get("default-features").or_else(|| table.get("default_features"));
    match defaults {
        Some(Item::Value(Toml::Boolean(on)))
            if !on.value() && wanted.default_features && (!inherited || wanted.defaults_on) =>
        {
            splices.extend(on.span().map(|range| Splice { range, text: "true".to_owned() }));
        }
        None | Some(Item::None) if inherited && wanted.defaults_on => {
            let on = pair("default-features", "true");
            splices.push(add(text, document, path, "default-features", &on, false)?);
        }
        _ => {}
    }
    match table.get("features") {
        None | Some(Item::None) if wanted.features.is_empty() => {}
        None | Some(Item::None) => {
            let features = pair("features", &quoted_list(&wanted.features));
            splices.push(add(text, document, path, "features", &features, false)?);
        }
        Some(Item::Value(Toml::Array(array))) => {
            let has = |feature: &str| array.iter().any(|there| there.as_str() == Some(feature));
            let there = |feature: &&&str| has(feature) || has(FULL);
            let missing: Vec<&str> =
                wanted.features.iter().filter(|feature| !there(feature)).copied().collect();
            splices.extend(extend_array(text, array, &missing));
        }
        Some(other) => return Err(taken(text, "features", other.span().map_or(0, |span| span.start))),
    }
    Ok(splices)
}

/// `x = "1"` becomes `x = { version = "1", features = [..] }` if features are wanted.
fn extend_version(
    text: &str,
    path: &[&str],
    item: &Item,
    wanted: &Wanted,
) -> Result<Vec<Splice>, CannotEdit> {
    let span = item.span().unwrap_or(0..0);
    if item.as_str().is_none() {
        return Err(taken(text, path.last().unwrap_or(&""), span.start));
    }
    if wanted.features.is_empty() {
        return Ok(Vec::new());
    }
    let features = quoted_list(&wanted.features);
    Ok(vec![
        Splice::insert(span.start, "{ version = "),
        Splice::insert(span.end, format!(", features = {features} }}")),
    ])
}

fn quoted_list(features: &[&str]) -> String {
    let features: Vec<_> = features.iter().map(|feature| Toml::from(*feature).to_string()).collect();
    format!("[{}]", features.join(", "))
}

/// Adds strings to an array in its own layout.
fn extend_array(text: &str, array: &Array, missing: &[&str]) -> Vec<Splice> {
    let Some(span) = array.span().filter(|_| !missing.is_empty()) else { return Vec::new() };
    let missing: Vec<_> = missing.iter().map(|feature| Toml::from(*feature).to_string()).collect();
    let Some(last) = array.iter().last().and_then(Toml::span) else {
        return vec![Splice::insert(span.start + 1, missing.join(", "))];
    };
    if !first_on_line(text, last.start) || line_end(text, last.end) >= span.end {
        return vec![Splice::insert(last.end, format!(", {}", missing.join(", ")))];
    }
    let indent = indent(text, last.start);
    let lines: String = missing.iter().map(|feature| format!("\n{indent}{feature},")).collect();
    let end = Splice::insert(line_end(text, last.end), lines);
    match array.trailing_comma() {
        true => vec![end],
        false => vec![Splice::insert(last.end, ","), end],
    }
}

/// Sets a value unless the key is there, whatever its value.
pub(crate) fn set_default(
    text: &str,
    document: &Document<&str>,
    table: &str,
    name: &str,
    value: &Value,
) -> Result<Vec<Splice>, CannotEdit> {
    let keys = Key::parse(table).map_err(|error| CannotEdit::Unparsable {
        line: 1,
        column: 1,
        message: format!("`{table}` is not a dotted key: {}", error.message()),
    })?;
    let path: Vec<&str> = keys.iter().map(Key::get).collect();
    if get(document, &[&path[..], &[name]].concat()).is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![add(text, document, &path, name, &pair(name, &write(value)), false)?])
}

/// What to tell a person instead of [`set_default`].
pub(crate) fn set_default_by_hand(table: &str, name: &str, value: &Value, path: &str) -> String {
    format!("in `{path}`, under `[{table}]`, add:\n{}", pair(name, &write(value)))
}
