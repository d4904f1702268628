//! Which value of an axis a project shows by itself.

use anyhow::{Context as _, Result};
use semver::VersionReq;

use super::{Catalog, Choices, Layer};
use crate::{
    project::Project,
    report::{Stop, stopped},
    spec::Reason,
};

impl Catalog {
    /// The value of `axis` that `project` shows by its dependencies, if any, else the default one, if any.
    ///
    /// `chosen` are the axes already decided, in which nested values must fit (`data/sqlx/db/sqlite` is a
    /// database only for sqlx). Errors: the project has the crate in a version that is not supported, or the
    /// crates of several values.
    pub fn detect(&self, axis: &str, project: &Project, chosen: &Choices) -> Result<Option<Detected>> {
        let (mut found, mut default, mut unsupported) = (Vec::new(), None, Ok(()));
        for layer in self.layers_of(axis, chosen) {
            let Some((_, value)) = layer.defines() else { continue };
            match detected(layer, project) {
                Ok(Some(what)) => found.push((value, what)),
                Ok(None) => {}
                Err(error) => unsupported = unsupported.and(Err(error)),
            }
            if layer.toml.default {
                default = Some(Detected { value: value.to_owned(), why: Reason::Default });
            }
        }
        match found.as_slice() {
            // Beside one that is supported, another does not matter.
            [] => unsupported.map(|()| default),
            [(value, what)] => {
                let why = Reason::Project(format!("{what} in {}", project.manifest));
                Ok(Some(Detected { value: (*value).to_owned(), why }))
            }
            several => {
                let flags: Vec<String> =
                    several.iter().map(|(value, _)| format!("--{axis} {value}")).collect();
                let flags = flags.join(" or ");
                let message =
                    format!("{} is set up for several: say {flags}; nothing was written", project.manifest);
                Err(stopped(Stop::Project, message))
            }
        }
    }
}

/// A choice read off the project, and what it was read off.
pub struct Detected {
    pub value: String,
    pub why: Reason,
}

/// `crate version` when the project has the layer's crate in a version it is written for.
fn detected(layer: &Layer, project: &Project) -> Result<Option<String>> {
    let Some(detect) = &layer.toml.detect else { return Ok(None) };
    if !project.dependencies.contains_key(&detect.name) {
        return Ok(None);
    }
    let Some(version) = project.version_of(&detect.name) else {
        let message = format!(
            "the version of {} in {} cannot be told: write one such as \"1.2\", or make a Cargo.lock",
            detect.name, project.manifest
        );
        return Err(stopped(Stop::Project, message));
    };
    let supported = VersionReq::parse(&detect.version)
        .with_context(|| format!("templates/{}/layer.toml: detect.version", layer.id))?;
    if !supported.matches(&version) {
        let message = format!(
            "{} {version} of {} is not supported: this works with {} {}; nothing was written",
            detect.name, project.manifest, detect.name, detect.version
        );
        return Err(stopped(Stop::Project, message));
    }
    Ok(Some(format!("{} {version}", detect.name)))
}
