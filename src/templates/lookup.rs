//! Which houses a project has: its own folder, the one a flag names, those its manifests name.

use std::path::{Path, PathBuf};

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
            if project.is_on_disk() && is_folder(&folder) {
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

/// Whether there is such a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The part of `path` that is there, and the rest: empty, or `/`-separated with a trailing `/`.
pub fn existing(path: &Path) -> (PathBuf, String) {
    let there = path.ancestors().find(|part| part.is_dir()).unwrap_or(path);
    let rest = path.strip_prefix(there).unwrap_or(Path::new(""));
    (there.to_path_buf(), rest.iter().map(|part| format!("{}/", part.to_string_lossy())).collect())
}

fn named(folder: &Path, name: &str, by: &str) -> Result<House> {
    if !is_folder(folder) {
        let message = format!("{by} names the templates `{name}`, but there is no such folder");
        return Err(stopped(Stop::Usage, message));
    }
    House::read(folder, name.trim_end_matches('/'))
}
