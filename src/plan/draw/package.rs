//! The packages a plan is about, each with what stands in braces for it, and where migrations are kept.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Drawing, around, destination::without_parents};
use crate::{
    catalog::Layer,
    edit::Mounted,
    plan::Level,
    project::{Project, Side, path_between},
    report::{Stop, stopped},
    spec::{Reason, Spec},
    tidy::StyleEdition,
};

/// Where migrations are, unless a project keeps them elsewhere.
const USUAL: &str = "migrations";

/// A package that is written to.
pub(super) struct Package<'a> {
    pub(super) project: &'a Project,
    /// The file of the crate that gets new modules.
    pub(super) root: String,
    pub(super) placeholders: BTreeMap<&'static str, String>,
    pub(super) crlf: bool,
    pub(super) style: StyleEdition,
}

impl<'a> Package<'a> {
    /// The package with the crate that begins in `root`, where migrations are kept in `folder`. `placeholders` are
    /// those that do not depend on the package.
    ///
    /// Errors: a crate outside `src/`, where the modules we write would not belong to it.
    pub(super) fn new(
        project: &'a Project,
        side: Side,
        root: String,
        folder: &str,
        mut placeholders: BTreeMap<&'static str, String>,
    ) -> Result<Package<'a>> {
        let inside = root.strip_prefix(&project.package_dir).unwrap_or(&root);
        if inside.rsplit_once('/').map(|(folder, _)| folder) != Some("src") {
            return Err(stopped(Stop::Project, outside(project, side, &root, inside)));
        }
        placeholders.insert("crate_root", inside.to_owned());
        placeholders.insert("build_script", project.build_script.clone());
        placeholders.insert("migrations", path_between(&project.package_dir, folder));
        let crlf = project.text(&root)?.is_some_and(|text| text.contains("\r\n"));
        Ok(Package { project, root, placeholders, crlf, style: StyleEdition::of(&project.edition) })
    }
}

/// What to say of a crate that begins outside of `src/`.
fn outside(project: &Project, side: Side, root: &str, inside: &str) -> String {
    let of_library = project.roots().into_iter().any(|it| it.file == *root && it.library.is_some());
    let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
    let what = match side {
        Side::Context => "the library for the context is",
        Side::Web if of_library => "the router is made in",
        Side::Web => "the router is served by",
    };
    let (usual, or) = match of_library {
        true => ("src/lib.rs", ""),
        false => ("src/main.rs", ", or what makes the router to src/lib.rs"),
    };
    let rest = if folder.is_empty() { String::new() } else { format!(", the rest of {folder}/ to src/") };
    format!(
        "{what} {root}, which is not directly in src/: modules beside it would not be found; move it to \
         {usual}{rest}, and take its `path` out of {}{or}; then run this again; nothing was written",
        project.manifest
    )
}

impl<'a> Drawing<'a> {
    /// The package of a side.
    pub(super) fn package(&self, side: Side) -> &Package<'a> {
        self.library.as_ref().filter(|_| side == Side::Context).unwrap_or(&self.web)
    }

    /// Each package once, that of the context first.
    pub(super) fn packages(&self) -> impl Iterator<Item = &Package<'a>> {
        self.library.iter().chain([&self.web])
    }

    /// The package that a file is in.
    pub(super) fn package_at(&self, path: &str) -> &Package<'a> {
        let holds = |package: &&Package<'_>| path.starts_with(&package.project.package_dir);
        self.packages()
            .filter(holds)
            .max_by_key(|package| package.project.package_dir.len())
            .unwrap_or(&self.web)
    }

    /// What pages share is made for one context's package: beside a second schema with its context in another one it
    /// would not compile.
    pub(super) fn check_side(&mut self) -> Result<()> {
        let (pages, context) = (self.shared_files(Side::Web)?, self.shared_files(Side::Context)?);
        let has_pages = !pages.is_empty() && pages.iter().all(|is_there| *is_there);
        if has_pages && !context.is_empty() && !context.contains(&true) {
            let says = "has pages of an earlier run, whose context is in another package".to_owned();
            let path = self.project.manifest.clone();
            self.find(Level::Blocks, &path, says, Some(around::PACKAGE.to_owned()));
        }
        Ok(())
    }
}

/// The folder of migrations, from the root of the project: where the package runs them from; else the usual one, of
/// the package with the context or, where that has none, of a package it is built with that has the database, or of the
/// workspace. Beside theirs in another folder, each would miss what the other has run.
///
/// Errors: one outside of the project.
pub(super) fn migrations(
    project: &Project,
    spec: &Spec,
    layers: &[&Layer],
    mounted: Option<&Mounted>,
) -> Result<String> {
    if let Some(folder) = mounted.and_then(|mounted| mounted.migrations.as_deref()) {
        let inside = without_parents(&project.in_package(folder)).filter(|_| !folder.starts_with('/'));
        return inside.ok_or_else(|| {
            let message = format!(
                "{} runs its migrations from {folder}, which is outside of the project: run this where both are; \
                 nothing was written",
                project.manifest
            );
            stopped(Stop::Project, message)
        });
    }
    let package = spec.library.as_ref().map_or(project, |library| &library.package);
    let own = package.in_package(USUAL);
    // Those of another database are not run with ours.
    let is_found = |axis: &&str| matches!(spec.reasons.get(*axis), Some(Reason::Project(_)));
    if !["data", "db"].iter().all(is_found) || !project.names_in(&own).is_empty() {
        return Ok(own);
    }
    let below = package.below().into_iter().filter(|package| has_database(package, layers));
    let others = below.map(|package| package.in_package(USUAL)).chain([USUAL.to_owned()]);
    let is_kept = |folder: &String| project.names_in(folder).iter().any(|name| name.ends_with(".sql"));
    Ok(others.into_iter().find(is_kept).unwrap_or(own))
}

/// Whether a package depends on what the layers do for their database.
fn has_database(package: &Project, layers: &[&Layer]) -> bool {
    let detects = layers.iter().filter_map(|layer| layer.toml.detect.as_ref());
    let mut features = detects.filter_map(|detect| Some((&detect.name, detect.feature.as_ref()?)));
    features.any(|(name, feature)| {
        package.dependencies.get(name).is_some_and(|dependency| dependency.features.contains(feature))
    })
}
