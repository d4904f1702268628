//! What can be chosen, for `--list`: read off the catalog, for people (as Markdown) and for programs.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;

use crate::{
    catalog::{AXES, Catalog, Choices, Layer, SWITCHES},
    json,
};

/// All that can be chosen.
#[derive(Debug, Serialize)]
struct List<'a> {
    schema_version: u32,
    axes: Vec<Axis<'a>>,
    /// Each set of choices a run can be told, without those that follow from the project.
    combinations: Vec<Choices>,
}

#[derive(Debug, Serialize)]
struct Axis<'a> {
    axis: &'a str,
    flag: String,
    values: Vec<Value<'a>>,
}

/// A value, once for each layer that defines it.
#[derive(Debug, Serialize)]
struct Value<'a> {
    value: &'a str,
    title: &'a str,
    default: bool,
    detect: Option<Detect<'a>>,
    /// What must be chosen besides, by axis.
    with: BTreeMap<&'a str, Vec<&'a str>>,
}

/// The dependency in a project that makes it the choice.
#[derive(Debug, Serialize)]
struct Detect<'a> {
    #[serde(rename = "crate")]
    name: &'a str,
    version: &'a str,
    /// One of its features, which the project has to use too.
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<&'a str>,
}

/// The list as JSON, else as a table.
pub fn text(catalog: &Catalog, as_json: bool) -> Result<Vec<u8>> {
    let axes = axes(catalog);
    if as_json {
        let combinations = combinations(catalog);
        return json::text(&List { schema_version: json::SCHEMA_VERSION, axes, combinations });
    }
    Ok(table(&axes, catalog).into_bytes())
}

fn axes(catalog: &Catalog) -> Vec<Axis<'_>> {
    static ANY: Choices = Choices::new();
    let asked = AXES.iter().filter(|axis| !SWITCHES.contains(axis));
    let axes = asked.map(|axis| {
        let mut values: Vec<_> = catalog.layers_of(axis, &ANY).filter_map(value).collect();
        values.sort_by_key(|value| value.value);
        Axis { axis, flag: format!("--{axis}"), values }
    });
    axes.filter(|axis| !axis.values.is_empty()).collect()
}

fn value(layer: &Layer) -> Option<Value<'_>> {
    let (_, value) = layer.defines()?;
    let outer = &layer.when[..layer.when.len() - 1];
    let with =
        outer.iter().map(|pair| (pair.axis.as_str(), pair.values.iter().map(String::as_str).collect()));
    let detect = layer.toml.detect.as_ref().map(|detect| Detect {
        name: &detect.name,
        version: &detect.version,
        feature: detect.feature.as_deref(),
    });
    let title = &layer.toml.title;
    Some(Value { value, title, default: layer.toml.default, detect, with: with.collect() })
}

/// Every way to choose, in the order of the axes: what is chosen for one decides what the next one offers.
fn combinations(catalog: &Catalog) -> Vec<Choices> {
    let mut found = vec![Choices::new()];
    for axis in AXES.iter().filter(|axis| !SWITCHES.contains(axis)) {
        found = found.iter().flat_map(|chosen| chosen_on(axis, chosen, catalog)).collect();
    }
    found
}

fn chosen_on(axis: &str, chosen: &Choices, catalog: &Catalog) -> Vec<Choices> {
    let mut values: Vec<&str> =
        catalog.layers_of(axis, chosen).filter_map(|layer| Some(layer.defines()?.1)).collect();
    values.sort_unstable();
    values.dedup();
    if values.is_empty() {
        return vec![chosen.clone()];
    }
    let with = |value: &str| {
        let pair = (axis.to_owned(), value.to_owned());
        chosen.clone().into_iter().chain([pair]).collect()
    };
    values.into_iter().map(with).collect()
}

/// A table as Markdown has it, which the README takes over as it is. A value that several layers define is one row.
fn table(axes: &[Axis<'_>], catalog: &Catalog) -> String {
    let mut rows = vec![["flag", "value", "what", "chosen by", "goes with"].map(str::to_owned)];
    for axis in axes {
        for (number, of) in axis.values.chunk_by(|a, b| a.value == b.value).enumerate() {
            let flag = if number == 0 { format!("`{}`", axis.flag) } else { String::new() };
            let value = format!("`{}`", of[0].value);
            rows.push([flag, value, of[0].title.to_owned(), chosen_by(of), goes_with(of, catalog)]);
        }
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    rows.insert(1, widths.map(|width| "-".repeat(width)));
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, &width)| format!("| {cell:width$} "));
    cells.chain(["|\n".to_owned()]).collect()
}

/// What makes a value the choice where no flag does.
fn chosen_by(of: &[Value<'_>]) -> String {
    let detected = of.iter().find_map(|value| value.detect.as_ref());
    let detected = detected.map(|detect| match detect.feature {
        Some(feature) => format!("{}'s feature {feature}", detect.name),
        None => format!("{} {}", detect.name, detect.version),
    });
    let default = of.iter().any(|value| value.default).then(|| "default".to_owned());
    let by: Vec<String> = detected.into_iter().chain(default).collect();
    if by.is_empty() { "flag".to_owned() } else { by.join("; ") }
}

/// The values of other axes beside which there is this one, where it is not beside all of them.
fn goes_with(of: &[Value<'_>], catalog: &Catalog) -> String {
    let mut with: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (axis, values) in of.iter().flat_map(|value| &value.with) {
        with.entry(axis).or_default().extend(values);
    }
    let mut told = Vec::new();
    for (axis, mut values) in with {
        values.sort_unstable();
        values.dedup();
        if values != catalog.values(axis) {
            told.push(values.join(", "));
        }
    }
    if told.is_empty() { "all".to_owned() } else { told.join("; ") }
}
