//! Layers: the folders of `templates/` that hold a `layer.toml`, and which of them a choice selects.
//!
//! A folder's path is a sentence: `data/sqlx/db/sqlite` is used when the data layer is `sqlx` *and* the
//! database is `sqlite`, `login/both+password` for either way to log in; one without a pair, always.

mod adds;
mod detect;
mod houses;
mod instead;
mod layer_toml;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

pub use detect::{Detected, Several};
pub use instead::Instead;
pub use layer_toml::{Deprecated, Detect, EditAt, KEYS, LayerToml, Ours, Refuse, dependency};

use crate::{nearest::hint, project::Side, templates::Templates};

/// What a run can choose, each named like its flag and like the folder that holds its values.
pub const AXES: &[&str] = &[
    "framework", "framework-version", "data", "data-version", "db", "views", "layout", "login",
    "enumeration", "hashing", "hashing-version", "id-type", "project", "context", "agents-md",
];

/// Those of them whose values are not named by a flag: read off the project, or a flag of its own.
pub const SWITCHES: &[&str] = &[
    "framework-version", "data-version", "layout", "enumeration", "hashing-version", "project", "context",
    "agents-md",
];

/// Those that a project tells by itself: nobody chooses them.
pub const FACTS: &[&str] =
    &["framework-version", "data-version", "layout", "hashing-version", "project", "context"];

/// Those of the facts that are the version of a dependency, each below the value that depends on it.
pub const VERSIONS: &[&str] = &["framework-version", "data-version", "hashing-version"];

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
    /// Whose package a file goes to: the context's, below its folder; that of the pages, below theirs; elsewhere
    /// the one that `layer.toml` says.
    pub fn side_of(&self, destination: &str) -> Side {
        match destination {
            path if path.contains("{context}") => Side::Context,
            path if path.contains("{web_root}") => Side::Web,
            _ => self.toml.package,
        }
    }

    fn parse(path: &str, text: &str, templates: &Templates) -> Result<Layer> {
        let place = templates.place(path);
        let toml = match templates.digest(path) {
            Some(json) => LayerToml::of_json(json, &place)?,
            None => LayerToml::parse(text, &place)?,
        };
        let id = path.trim_end_matches("/layer.toml");
        let (id, when) = (id.to_owned(), pairs(id)?);
        Ok(Layer { id, when, files: vec![], shared: vec![], fragments: vec![], toml })
    }

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

/// All layers, those with fewer pairs first, then by path: the order in which fragments stand in a slot.
pub struct Catalog {
    layers: Vec<Layer>,
    /// By axis, the value a house chooses where no flag does.
    pub defaults: BTreeMap<String, HouseDefault>,
    /// What is fine today and will not be tomorrow, for people.
    pub warnings: Vec<String>,
}

/// A choice of a house, and which house that is.
#[derive(Debug, Clone)]
pub struct HouseDefault {
    pub value: String,
    pub house: String,
}

impl Catalog {
    /// Reads every `layer.toml` of `templates`.
    ///
    /// Errors: a `layer.toml` that does not parse, has an unknown key or an unknown edit; a file outside
    /// any layer.
    pub fn load(templates: &Templates) -> Result<Catalog> {
        houses::check(templates)?;
        let mut layers = read(templates)?;
        for (path, _) in templates.files() {
            add_file(&mut layers, path, templates)?;
        }
        let mut layers: Vec<Layer> = layers.into_values().collect();
        layers.sort_by(|a, b| a.when.len().cmp(&b.when.len()).then_with(|| a.id.cmp(&b.id)));
        let mut catalog = Catalog { layers, defaults: BTreeMap::new(), warnings: vec![] };
        if !templates.houses().is_empty() {
            catalog.warnings = houses::renamed(&mut catalog.layers, templates);
            catalog.defaults = houses::defaults(&catalog, templates)?;
        }
        check_slots(&catalog.layers, templates)?;
        Ok(catalog)
    }

    /// All layers, in the order of fragments.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Names templates may still use for other ones.
    pub fn renamed_variables(&self) -> Vec<(String, String)> {
        let renamed = self.layers.iter().flat_map(|layer| &layer.toml.deprecated.variables);
        renamed.map(|(old, new)| (old.clone(), new.clone())).collect()
    }

    /// What a house chooses for `axis`, if that fits the choices made so far.
    pub fn house_default(&self, axis: &str, chosen: &Choices) -> Option<&HouseDefault> {
        let default = self.defaults.get(axis)?;
        let defines = |layer: &Layer| layer.defines().is_some_and(|(_, value)| value == default.value);
        (SWITCHES.contains(&axis) || self.layers_of(axis, chosen).any(defines)).then_some(default)
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

/// All layers without their files, by path.
fn read(templates: &Templates) -> Result<BTreeMap<String, Layer>> {
    let tomls = templates.files().filter(|(path, _)| path.ends_with("/layer.toml"));
    let parse = |(path, text)| Layer::parse(path, text, templates).map(|layer| (layer.id.clone(), layer));
    tomls.map(parse).collect()
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
fn add_file(layers: &mut BTreeMap<String, Layer>, path: &str, templates: &Templates) -> Result<()> {
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
            bail!("{}: a layer holds `files/`, `shared/` and `slots/`", templates.place(path));
        }
        return Ok(());
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let hint = hint(folder.split("/files").next().unwrap_or(folder), layers.keys().map(String::as_str));
    bail!("{} belongs to no layer: there is no layer.toml above it{hint}", templates.place(path))
}

/// Every fragment has a slot to go to, and no two layers offer slots of one name.
fn check_slots(layers: &[Layer], templates: &Templates) -> Result<()> {
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
            bail!(
                "{}: no layer offers a slot `{slot}`{}; there is {}",
                templates.place(template),
                hint(slot, known.iter().copied()),
                known.join(", ")
            );
        }
    }
    Ok(())
}
