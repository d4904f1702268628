//! Layers: the folders of `templates/` that hold a `layer.toml`, and which of them a choice selects.
//!
//! A folder's path is a sentence: `data/sqlx/db/sqlite` is used when the data layer is `sqlx` *and* the
//! database is `sqlite`, `login/both+password` for either way to log in; one without a pair, always.

mod adds;
mod detect;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use toml_edit::{DocumentMut, Item, Table, Value};

pub use detect::Detected;

use crate::{
    edit::{self, Edit, Section},
    site::Pages,
    templates::Templates,
};

/// What a run can choose, each named like its flag and like the folder that holds its values.
pub const AXES: &[&str] = &[
    "framework", "data", "db", "views", "layout", "login", "enumeration", "hashing", "id-type", "project",
    "agents-md",
];

/// Those of them whose values are not named by a flag: read off the project, or a flag of its own.
pub const SWITCHES: &[&str] = &["layout", "enumeration", "project", "agents-md"];

/// One value for each axis that has any under the choices before it.
pub type Choices = BTreeMap<String, String>;

/// One folder of templates.
#[derive(Debug)]
pub struct Layer {
    /// Its path below `templates/`, such as `data/sqlx/db/sqlite`.
    pub id: String,
    /// The pairs of its path; each must hold.
    pub when: Vec<Pair>,
    /// `(template, destination)`: written for this run alone.
    pub files: Vec<(String, String)>,
    /// `(template, destination)`: written once, then shared by all runs in a project.
    pub shared: Vec<(String, String)>,
    /// `(template, slot)`: fragments put into the slots of other layers' files.
    pub fragments: Vec<(String, String)>,
    pub toml: LayerToml,
}

impl Layer {
    /// The value that this layer makes one to choose, with its axis: `(db, sqlite)` of `data/sqlx/db/sqlite`.
    pub fn defines(&self) -> Option<(&str, &str)> {
        let Pair { axis, values } = self.when.last()?;
        match values.as_slice() {
            [value] => Some((axis, value)),
            _ => None,
        }
    }
}

/// Part of a layer's path: an axis with the values under which the layer is used.
#[derive(Debug, PartialEq)]
pub struct Pair {
    pub axis: String,
    pub values: Vec<String>,
}

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
    /// The lowest Rust its code compiles with.
    pub rust: Option<String>,
    /// Of a view engine: what its templates look like.
    pub pages: Option<Pages>,
    /// Places in its files that other layers may fill.
    pub slots: Vec<String>,
    /// Variables for templates.
    pub vars: BTreeMap<String, minijinja::Value>,
    /// `[dependencies]` and `[dev-dependencies]` in the words of `Cargo.toml`, and the `[[edit]]`s.
    #[serde(skip)]
    pub dependencies: Table,
    #[serde(skip)]
    pub dev_dependencies: Table,
    #[serde(skip)]
    pub edit: Vec<EditAt>,
    /// What is left to do after the run, in order; printed at the end.
    pub next: Vec<String>,
    /// What a person is told besides, where the layer was not chosen because the project's layout does not fit.
    pub by_hand: String,
}

/// A crate with the versions a layer's code is written for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    #[serde(rename = "crate")]
    pub name: String,
    pub version: String,
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

/// An edit and the file it is for, both with placeholders in braces.
#[derive(Debug, Clone)]
pub struct EditAt {
    pub file: String,
    /// The text the file starts from when it does not exist; without it a missing file is a finding.
    pub create: Option<String>,
    /// Leave the edit out, without a word, where the file does not exist.
    pub if_exists: bool,
    pub edit: Table,
}

impl LayerToml {
    fn parse(text: &str) -> Result<LayerToml> {
        let mut document: DocumentMut = text.parse()?;
        let dependencies = take_table(&mut document, "dependencies")?;
        let dev_dependencies = take_table(&mut document, "dev-dependencies")?;
        let edit = match document.remove("edit") {
            Some(Item::ArrayOfTables(tables)) => {
                tables.into_iter().map(EditAt::parse).collect::<Result<_>>()?
            }
            Some(_) => bail!("`edit` is written [[edit]]"),
            None => vec![],
        };
        let toml: LayerToml = toml_edit::de::from_document(document)?;
        Ok(LayerToml { dependencies, dev_dependencies, edit, ..toml })
    }
}

fn take_table(document: &mut DocumentMut, key: &str) -> Result<Table> {
    match document.remove(key) {
        Some(item) => item.into_table().map_err(|_| anyhow!("`{key}` is a table")),
        None => Ok(Table::new()),
    }
}

impl EditAt {
    /// `file` and `create` are taken out; the rest is the edit, so that an unknown key stays an error.
    fn parse(mut table: Table) -> Result<EditAt> {
        let file = take_text(&mut table, "file")?.context("an edit has no `file`")?;
        let create = take_text(&mut table, "create")?;
        let if_exists = table.remove("if-exists").is_some_and(|item| item.as_bool() == Some(true));
        Ok(EditAt { file, create, if_exists, edit: table })
    }

    /// The edit with `fill` applied to each string in it.
    pub fn fill(&self, fill: &dyn Fn(&str) -> Result<String>) -> Result<Edit> {
        let mut table = self.edit.clone();
        for (_, item) in table.iter_mut() {
            fill_item(item, fill)?;
        }
        toml_edit::de::from_document(DocumentMut::from(table)).context("edit in a layer.toml")
    }
}

/// The edit that adds an entry of a layer's `[dependencies]` to a manifest.
pub fn dependency(section: Section, name: &str, spec: &Item, inherit: bool) -> Result<Edit> {
    let spec = spec.clone().into_value().map_err(|_| anyhow!("not a value"));
    let spec = spec.and_then(|spec| plain(&spec)).with_context(|| format!("dependency {name} of a layer"))?;
    Ok(Edit::AddDependency { name: name.to_owned(), spec, section, inherit })
}

/// A value without the way it was written.
fn plain(value: &Value) -> Result<edit::Value> {
    Ok(match value {
        Value::Boolean(value) => edit::Value::Bool(*value.value()),
        Value::Integer(value) => edit::Value::Integer(*value.value()),
        Value::Float(value) => edit::Value::Float(*value.value()),
        Value::String(value) => edit::Value::String(value.value().clone()),
        Value::Array(values) => edit::Value::Array(values.iter().map(plain).collect::<Result<_>>()?),
        Value::InlineTable(table) => {
            let pairs = table.iter().map(|(key, value)| Ok((key.to_owned(), plain(value)?)));
            edit::Value::Table(pairs.collect::<Result<_>>()?)
        }
        Value::Datetime(value) => bail!("`{value}` is a date"),
    })
}

fn fill_item(item: &mut Item, fill: &dyn Fn(&str) -> Result<String>) -> Result<()> {
    if let Some(value) = item.as_value_mut() {
        fill_value(value, fill)?;
    }
    Ok(())
}

fn fill_value(value: &mut Value, fill: &dyn Fn(&str) -> Result<String>) -> Result<()> {
    match value {
        Value::String(text) => *value = fill(text.value())?.into(),
        Value::Array(list) => {
            for item in list.iter_mut() {
                fill_value(item, fill)?;
            }
        }
        Value::InlineTable(table) => {
            for (_, item) in table.iter_mut() {
                fill_value(item, fill)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn take_text(table: &mut Table, key: &str) -> Result<Option<String>> {
    match table.remove(key) {
        Some(item) => Ok(Some(item.as_str().with_context(|| format!("`{key}` is a string"))?.to_owned())),
        None => Ok(None),
    }
}

/// All layers, those with fewer pairs first, then by path: the order in which fragments stand in a slot.
pub struct Catalog {
    layers: Vec<Layer>,
}

impl Catalog {
    /// Reads every `layer.toml` of `templates`.
    ///
    /// Errors: a `layer.toml` that does not parse, has an unknown key or an unknown edit; a file outside
    /// any layer.
    pub fn load(templates: &Templates) -> Result<Catalog> {
        let mut layers = BTreeMap::<String, Layer>::new();
        for (path, text) in templates.files() {
            if let Some(id) = path.strip_suffix("/layer.toml") {
                let toml = LayerToml::parse(text).with_context(|| format!("templates/{path}"))?;
                let (id, when) = (id.to_owned(), pairs(id)?);
                let layer = Layer { id, when, files: vec![], shared: vec![], fragments: vec![], toml };
                layers.insert(layer.id.clone(), layer);
            }
        }
        for (path, _) in templates.files() {
            add_file(&mut layers, path)?;
        }
        let mut layers: Vec<Layer> = layers.into_values().collect();
        layers.sort_by(|a, b| a.when.len().cmp(&b.when.len()).then_with(|| a.id.cmp(&b.id)));
        check_slots(&layers)?;
        Ok(Catalog { layers })
    }

    /// The values a flag of this axis takes, sorted.
    pub fn values(&self, axis: &str) -> Vec<&str> {
        let mut values: Vec<&str> = self
            .layers
            .iter()
            .flat_map(|layer| &layer.when)
            .filter(|pair| pair.axis == axis)
            .flat_map(|pair| pair.values.iter().map(String::as_str))
            .collect();
        values.sort_unstable();
        values.dedup();
        values
    }

    /// The layers all of whose pairs hold.
    pub fn select(&self, choices: &Choices) -> Vec<&Layer> {
        let holds = |pair: &Pair| choices.get(&pair.axis).is_some_and(|value| pair.values.contains(value));
        self.layers.iter().filter(|layer| layer.when.iter().all(holds)).collect()
    }

    /// The layers that define a value of `axis` under the choices made so far. None for an axis that those
    /// choices leave without meaning, such as a way to hash passwords where there are none.
    pub fn layers_of<'a>(&'a self, axis: &'a str, chosen: &'a Choices) -> impl Iterator<Item = &'a Layer> {
        let fits = |pair: &Pair| chosen.get(&pair.axis).is_none_or(|value| pair.values.contains(value));
        self.layers.iter().filter(move |layer| {
            layer.defines().is_some_and(|(of, _)| of == axis)
                && layer.when.iter().rev().skip(1).all(fits)
                && !self.layers.iter().any(|other| layer.adds_to(other))
        })
    }
}

fn pairs(id: &str) -> Result<Vec<Pair>> {
    let mut segments = id.split('/');
    let mut pairs = Vec::new();
    while let Some(axis) = segments.next() {
        if !AXES.contains(&axis) {
            if pairs.is_empty() && segments.next().is_none() {
                return Ok(pairs);
            }
            bail!("templates/{id}: `{axis}` is not one of {}", AXES.join(", "));
        }
        let value = segments.next().with_context(|| format!("templates/{id}: `{axis}` has no value"))?;
        let values = value.split('+').map(str::to_owned).collect();
        pairs.push(Pair { axis: axis.to_owned(), values });
    }
    Ok(pairs)
}

/// Puts a template into the innermost layer whose folder holds it.
fn add_file(layers: &mut BTreeMap<String, Layer>, path: &str) -> Result<()> {
    if path == "README.md" || path.ends_with("/layer.toml") {
        return Ok(());
    }
    for (at, _) in path.match_indices('/').rev() {
        let Some(layer) = layers.get_mut(&path[..at]) else { continue };
        let inside = &path[at + 1..];
        let destination = |folder: &str| {
            let inside = inside.strip_prefix(folder)?;
            Some(inside.strip_suffix(".jinja").unwrap_or(inside).to_owned())
        };
        if let Some(destination) = destination("files/") {
            layer.files.push((path.to_owned(), destination));
        } else if let Some(destination) = destination("shared/") {
            layer.shared.push((path.to_owned(), destination));
        } else if let Some(fragment) = destination("slots/") {
            let slot = fragment.split_once('.').map_or(fragment.as_str(), |(slot, _)| slot);
            layer.fragments.push((path.to_owned(), slot.to_owned()));
        } else {
            bail!("templates/{path}: a layer holds `files/`, `shared/` and `slots/`");
        }
        return Ok(());
    }
    bail!("templates/{path} belongs to no layer: there is no layer.toml above it")
}

/// Every fragment has a slot to go to, and no two layers offer slots of one name.
fn check_slots(layers: &[Layer]) -> Result<()> {
    let mut offered = BTreeMap::new();
    for layer in layers {
        for slot in &layer.toml.slots {
            if let Some(other) = offered.insert(slot.as_str(), &layer.id) {
                bail!("slot `{slot}` is offered by templates/{other} and templates/{}", layer.id);
            }
        }
    }
    for (template, slot) in layers.iter().flat_map(|layer| &layer.fragments) {
        if !offered.contains_key(slot.as_str()) {
            let known: Vec<&str> = offered.keys().copied().collect();
            bail!("templates/{template}: no layer offers a slot `{slot}`; there is {}", known.join(", "));
        }
    }
    Ok(())
}
