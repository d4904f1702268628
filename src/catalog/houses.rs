//! What houses say besides files: the choices they make, and names they use that are on their way out.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{AXES, Catalog, FACTS, HouseDefault, Layer, LayerToml, SWITCHES};
use crate::{
    nearest::{hint, place_of},
    report::usage,
    templates::{HOUSE_TOML, Templates},
};

/// Each `layer.toml` of a house by itself: merged with ours, its lines would have other numbers.
pub(super) fn check(templates: &Templates) -> Result<()> {
    for house in templates.houses() {
        for (path, text) in house.files.iter().filter(|(path, _)| path.ends_with("/layer.toml")) {
            let place = format!("{}/{path}", house.name);
            LayerToml::parse(text, &place)?.check_edits(text, &place)?;
        }
    }
    Ok(())
}

/// The choices of all houses, those of nearer ones before those of farther ones.
///
/// Errors: a flag or a value that there is not.
pub(super) fn defaults(catalog: &Catalog, templates: &Templates) -> Result<BTreeMap<String, HouseDefault>> {
    let mut defaults = BTreeMap::new();
    for house in templates.houses().iter().rev() {
        for (axis, value) in &house.toml.flags {
            let place = format!("{}/{HOUSE_TOML}", house.name);
            let axes = || AXES.iter().copied().filter(|axis| !FACTS.contains(axis));
            if !axes().any(|known| known == axis) {
                let known: Vec<&str> = axes().collect();
                let hint = hint(axis, axes());
                return usage(format!("{place}: no flag `{axis}`{hint}; there is {}", known.join(", ")));
            }
            let mut values = catalog.values(axis);
            if SWITCHES.contains(&axis.as_str()) {
                values.extend(["yes", "no"]);
            }
            if !values.contains(&value.as_str()) {
                let hint = hint(value, values.iter().copied());
                return usage(format!("{place}: no {axis} `{value}`{hint}; there is {}", values.join(", ")));
            }
            defaults.insert(axis.clone(), HouseDefault { value: value.clone(), house: house.name.clone() });
        }
    }
    Ok(defaults)
}

/// Names of houses that will go: fragments move to the slot's new name. Returns what to tell people.
pub(super) fn renamed(layers: &mut [Layer], templates: &Templates) -> Vec<String> {
    let deprecated = layers.iter().map(|layer| &layer.toml.deprecated);
    let variables: Vec<_> = deprecated.clone().flat_map(|names| names.variables.clone()).collect();
    let slots: BTreeMap<_, _> = deprecated.flat_map(|names| names.slots.clone()).collect();
    let mut warnings = Vec::new();
    let mut warn = |place: String, old: &str, new: &str| {
        warnings.push(format!(
            "{place}: `{old}` is now `{new}`; the old name goes with the next version of templates"
        ));
    };
    for house in templates.houses() {
        for (path, text) in house.files.iter().filter(|(path, _)| path.ends_with(".jinja")) {
            for (old, new) in &variables {
                let place = place_of(old, text);
                if !place.is_empty() {
                    warn(format!("{}/{path}{place}", house.name), old, new);
                }
            }
        }
    }
    for (template, slot) in layers.iter_mut().flat_map(|layer| &mut layer.fragments) {
        if let Some(new) = slots.get(slot) {
            warn(templates.place(template), slot, new);
            slot.clone_from(new);
        }
    }
    warnings
}
