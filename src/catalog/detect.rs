//! Which value of an axis a project shows by itself.

use std::fmt;

use anyhow::{Context as _, Result};
use semver::VersionReq;

use super::{Catalog, Choices, Layer, VERSIONS};
use crate::{
    project::{Packages, Project, Side},
    report::{Stop, stopped},
    spec::Reason,
};

/// A choice read off the project, and what it was read off.
pub struct Detected {
    pub value: String,
    pub why: Reason,
}

/// The error of a project that is set up for several values of an axis: only its owner knows which is meant.
#[derive(Debug)]
pub struct Several {
    pub axis: String,
    /// Each value, and what it was read off: `server 0.8.0 in Cargo.toml`.
    pub values: Vec<(String, String)>,
    pub manifest: String,
}

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags: Vec<String> =
            self.values.iter().map(|(value, _)| format!("--{} {value}", self.axis)).collect();
        let flags = flags.join(" or ");
        write!(f, "{} is set up for several: say {flags}; nothing was written", self.manifest)
    }
}

impl std::error::Error for Several {}

/// A layer that is a value of the axis in question.
struct Candidate<'a> {
    layer: &'a Layer,
    value: &'a str,
    /// `crate version in manifest`, where the project has the layer's crate.
    shown: Option<String>,
}

impl Candidate<'_> {
    fn chosen(&self, why: Reason) -> Option<Detected> {
        Some(Detected { value: self.value.to_owned(), why })
    }
}

impl Catalog {
    /// The value of `axis` that a project shows by its dependencies; where they do not decide, by a line of
    /// its environment files; else the default one, if any.
    ///
    /// `chosen` are the axes already decided, in which nested values must fit (`data/sqlx/db/sqlite` is a
    /// database only for sqlx). Errors: the project has the crate in a version that is not supported, or
    /// shows several values ([`Several`]).
    pub fn detect(&self, axis: &str, packages: Packages<'_>, chosen: &Choices) -> Result<Option<Detected>> {
        let project = packages.web;
        let (mut all, mut unsupported) = (Vec::new(), Ok(()));
        let others = self.others(axis, chosen);
        for layer in self.layers_of(axis, chosen) {
            let Some((_, value)) = layer.defines() else { continue };
            let shown = shown_in_any(layer, packages, &others).unwrap_or_else(|error| {
                unsupported = std::mem::replace(&mut unsupported, Ok(())).and(Err(error));
                None
            });
            all.push(Candidate { layer, value, shown });
        }
        let found: Vec<&Candidate<'_>> = all.iter().filter(|it| it.shown.is_some()).collect();
        if let [one] = found.as_slice() {
            let shown = one.shown.as_deref().unwrap_or_default();
            return Ok(one.chosen(Reason::Project(shown.to_owned())));
        }
        if found.is_empty() {
            // Beside one that is supported, another does not matter.
            unsupported?;
        }
        let open = if found.is_empty() { all.iter().collect() } else { found.clone() };
        let hinted = |hint: fn(&Layer, &Project) -> Option<String>| {
            let mut hinted = open.iter().filter_map(|it| Some((it, hint(it.layer, project)?)));
            let (one, file) = hinted.next().filter(|_| hinted.next().is_none())?;
            one.chosen(Reason::Project(file))
        };
        // Of two that are there, code that names the pool of one may not be what the accounts are for.
        let by_code = || hinted(pool_in_code).filter(|_| found.is_empty());
        if let Some(one) = hinted(hint).or_else(by_code) {
            return Ok(Some(one));
        }
        if !found.is_empty() {
            return Err(several(axis, &found, project).into());
        }
        let defaults: Vec<&Candidate<'_>> = all.iter().filter(|it| it.layer.toml.default).collect();
        let Some(newest) = defaults.last() else { return Ok(None) };
        // Of several, such as the versions of one crate, the newest that the project's Rust compiles.
        let package = packages.of(newest.layer.toml.package);
        match defaults.iter().rfind(|it| !package.is_too_old_for(it.layer.toml.rust.as_deref())) {
            Some(one) if one.value != newest.value => {
                let why = package.rust().map(|rust| rust.found.clone());
                Ok(one.chosen(Reason::Project(why.unwrap_or_default())))
            }
            _ => Ok(newest.chosen(Reason::Default)),
        }
    }

    /// Whether what a flag chose is there in a version that is supported, or not there yet.
    ///
    /// Errors: it is there in another version.
    pub fn check_version(
        &self,
        axis: &str,
        value: &str,
        packages: Packages<'_>,
        chosen: &Choices,
    ) -> Result<()> {
        let (layers, others) = (self.layers_of(axis, chosen), self.others(axis, chosen));
        let mut of_value = layers.filter(|layer| layer.defines().is_some_and(|(_, of)| of == value));
        of_value.try_for_each(|layer| shown_in(layer, packages, &others).map(drop))
    }

    /// The flags of an axis that go whatever crates there are, as a way around the others.
    fn others(&self, axis: &str, chosen: &Choices) -> String {
        let free = self.layers_of(axis, chosen).filter(|layer| layer.toml.detect.is_none());
        let free: Vec<&str> = free.filter_map(|layer| Some(layer.defines()?.1)).collect();
        if free.is_empty() { String::new() } else { format!(", or choose --{axis} {}", free.join(" or ")) }
    }
}

fn several(axis: &str, found: &[&Candidate<'_>], project: &Project) -> Several {
    let value = |it: &&Candidate<'_>| {
        let feature = it.layer.toml.detect.as_ref().and_then(|detect| detect.feature.as_deref());
        let feature = feature.map_or_else(String::new, |feature| format!("feature {feature} of "));
        (it.value.to_owned(), format!("{feature}{}", it.shown.as_deref().unwrap_or_default()))
    };
    let values = found.iter().map(value).collect();
    Several { axis: axis.to_owned(), values, manifest: project.manifest.clone() }
}

/// The environment file that speaks for a layer. The rest of such a line may be secret and is not repeated.
fn hint(layer: &Layer, project: &Project) -> Option<String> {
    let speaks = |line: &str| {
        let line = line.replace(['"', '\'', ' '], "");
        let line = line.strip_prefix("export").unwrap_or(&line);
        layer.toml.hint.iter().any(|hint| line.starts_with(hint.as_str()))
    };
    let files = [".env", ".env.example"];
    let mut files = files.iter().flat_map(|file| [project.in_package(file), (*file).to_owned()]);
    files.find(|file| {
        // One that cannot be read gives no hint.
        let text = project.text(file).ok().flatten().unwrap_or_default();
        text.lines().any(speaks)
    })
}

/// The crate root, where it names a type of pool of the layer's: the feature may come by way of another crate.
fn pool_in_code(layer: &Layer, project: &Project) -> Option<String> {
    let root = project.crate_root().ok()?;
    let text = project.text(&root).ok()??.replace(' ', "");
    let paths = layer.toml.pools.as_ref()?.types.iter();
    let mut names = paths.filter_map(|path| Some((path.split("::").next()?, path.rsplit("::").next()?)));
    let has = |(of, name): (&str, &str)| text.replace(&format!("{of}::"), "").contains(name);
    names.any(has).then_some(root)
}

/// What the package shows that the layer's code goes to; of two packages, what the other one shows, if it shows none.
fn shown_in(layer: &Layer, packages: Packages<'_>, others: &str) -> Result<Option<String>> {
    let shown = shown(layer, packages.of(layer.toml.package), others)?;
    if shown.is_none() && layer.toml.package == Side::Context && packages.library.is_some() {
        return self::shown(layer, packages.web, others);
    }
    Ok(shown)
}

/// The same; where it shows none, what the packages show that it is built with, of what the context is written for:
/// that is where the database is that the accounts go to as well.
fn shown_in_any(layer: &Layer, packages: Packages<'_>, others: &str) -> Result<Option<String>> {
    let found = shown_in(layer, packages, others)?;
    if found.is_some() || layer.toml.package != Side::Context {
        return Ok(found);
    }
    let has_it = |package: &&Project| {
        let name = layer.toml.detect.as_ref().and_then(|detect| package.dependencies.get(&detect.name));
        name.is_some_and(|dependency| dependency.key.is_some())
    };
    let mut below = packages.below.iter().filter(has_it).map(|package| shown(layer, package, others));
    below.find_map(Result::transpose).transpose()
}

/// `crate version in manifest` when the project has the layer's crate in a version it is written for.
fn shown(layer: &Layer, project: &Project, others: &str) -> Result<Option<String>> {
    let Some(detect) = &layer.toml.detect else { return Ok(None) };
    let own = project.dependencies.get(&detect.name);
    // A feature is of the crate a layer further out has chosen, which the package would inherit from its workspace.
    let shared = || project.workspace_dependencies.get(&detect.name).filter(|_| detect.feature.is_some());
    let dependency = own.or_else(shared);
    let has = |feature| dependency.is_some_and(|dependency| dependency.features.contains(feature));
    if detect.feature.as_ref().is_some_and(|feature| !has(feature)) {
        return Ok(None);
    }
    // What the package would inherit from its workspace has its version, but chooses nothing by being there.
    let is_version = layer.defines().is_some_and(|(axis, _)| VERSIONS.contains(&axis));
    if dependency.is_none() && !(is_version && project.workspace_dependencies.contains_key(&detect.name)) {
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
            "{} {version} of {} is not supported: this works with {} {}{others}; nothing was written",
            detect.name, project.manifest, detect.name, detect.version
        );
        return Err(stopped(Stop::Project, message));
    }
    let shared = project.workspace_manifest.as_deref().filter(|_| own.is_none());
    Ok(Some(format!("{} {version} in {}", detect.name, shared.unwrap_or(&project.manifest))))
}
