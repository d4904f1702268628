//! Which houses a project has: its own folder, the one a flag names, those its manifests name.

use std::path::Path;

use anyhow::Result;

use super::House;
use crate::{
    project::Project,
    report::{Stop, stopped},
};

/// The house of a project, below its root or its package.
pub const IN_PROJECT: &str = ".gen-auth/templates";

/// The houses that count for `project`, the nearest first: its own folder (the package's, then the workspace's),
/// `--templates`, then `templates` in `[package.metadata.gen-auth]` and `[workspace.metadata.gen-auth]`.
///
/// `start` is where the command was given. Errors: a folder somebody named that is not there; [`House::read`]'s.
pub fn houses(project: Option<&Project>, flag: Option<&Path>, start: &Path) -> Result<Vec<House>> {
    let mut houses = Vec::new();
    if let Some(project) = project {
        let package = project.in_package(IN_PROJECT);
        let workspace = (package != IN_PROJECT).then(|| IN_PROJECT.to_owned());
        for name in [Some(package), workspace].into_iter().flatten() {
            let folder = project.root.join(&name);
            if project.is_on_disk() && folder.is_dir() {
                houses.push(House::read(&folder, &name)?);
            }
        }
    }
    if let Some(path) = flag {
        houses.push(named(&start.join(path), &path.display().to_string(), "--templates")?);
    }
    for (manifest, path) in project.iter().flat_map(|project| &project.templates) {
        let beside = project.iter().map(|project| project.root.join(manifest)).next().unwrap_or_default();
        let folder = beside.parent().unwrap_or(start).join(path);
        houses.push(named(&folder, path, manifest)?);
    }
    Ok(houses)
}

fn named(folder: &Path, name: &str, by: &str) -> Result<House> {
    if !folder.is_dir() {
        let message = format!("{by} names the templates `{name}`, but there is no such folder");
        return Err(stopped(Stop::Usage, message));
    }
    House::read(folder, name.trim_end_matches('/'))
}
