//! `[instead]`: a feature of a dependency that is asked for instead of another one, by what `Cargo.lock` has.
//!
//! Cargo builds a crate once, with the features that anybody asks for. Where of two features of a third crate only one
//! may be on, or the owner's program behaves otherwise, the one that is on already is the right one.

use anyhow::{Context as _, Result, anyhow};
use semver::VersionReq;
use serde::Deserialize;

use super::Layer;
use crate::{edit::Value, project::Project};

/// What `[instead]` says of one of a layer's dependencies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    /// The feature that takes the place ..
    pub feature: String,
    /// .. of this one, which the layer asks for.
    pub of: String,
    /// The crate in `Cargo.lock` that decides, and its versions that do.
    #[serde(rename = "crate")]
    pub name: String,
    pub version: String,
    /// What it depends on there ..
    pub with: String,
    /// .. and what it does not.
    pub without: String,
}

impl Layer {
    /// An entry of the layer's dependencies, with the features that suit the project.
    ///
    /// Errors: a `version` in `[instead]` that is none.
    pub fn suited(&self, name: &str, entry: &Value, project: &Project) -> Result<Value> {
        let Some(instead) = self.toml.instead.get(name) else { return Ok(entry.clone()) };
        let place = || format!("templates/{}/layer.toml: instead.{name}", self.id);
        let suits = instead.suits(name, project).with_context(place)?;
        Ok(if suits { instead.put_into(entry) } else { entry.clone() })
    }
}

impl Instead {
    /// What the project asks for itself decides, so that it stays what an earlier run made it; then the lock file.
    fn suits(&self, name: &str, project: &Project) -> Result<bool> {
        let asks = |feature: &str| project.features_of(name).iter().any(|own| own == feature);
        if asks(&self.feature) || asks(&self.of) {
            return Ok(asks(&self.feature));
        }
        let versions = VersionReq::parse(&self.version).map_err(|error| anyhow!("version: {error}"))?;
        let below = project.locked_below(&self.name, &versions);
        let has = |name: &str| below.iter().any(|below| below == name);
        Ok(has(&self.with) && !has(&self.without))
    }

    fn put_into(&self, entry: &Value) -> Value {
        let mut entry = entry.clone();
        let Value::Table(table) = &mut entry else { return entry };
        let Some(Value::Array(features)) = table.get_mut("features") else { return entry };
        if let Some(place) = features.iter_mut().find(|feature| feature.as_str() == Some(&self.of)) {
            *place = Value::String(self.feature.clone());
            features.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        }
        entry
    }
}
