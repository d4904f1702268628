//! The part of a plan that goes to the router, wherever in the package that is made.

use std::cell::RefCell;

use anyhow::{Context as _, Result};

use super::Drawing;
use crate::{
    catalog::Layer,
    edit::{self, Edit, Mounted, Pools, Seek, Start, Words},
    plan::{Change, Level},
    project::Project,
    report::{Stop, stopped, usage},
    spec::Spec,
};

/// The edit of the router that the layers ask for.
pub(super) struct Mount {
    words: Box<Words>,
    pools: Pools,
    layer: String,
    chosen: Option<(String, String)>,
}

impl Mount {
    /// The one there is, with the addresses that ours have.
    ///
    /// Errors: `--router` where nothing is searched for; no crate root.
    pub(super) fn of(layers: &[&Layer], spec: &Spec, project: &Project) -> Result<Option<Mount>> {
        let pools = layers.iter().find_map(|layer| layer.toml.pools.clone()).unwrap_or_default();
        for layer in layers {
            for at in &layer.toml.edit {
                if at.kind() != Some("mount") {
                    continue;
                }
                let edit = at.fill(&|text| Ok(text.to_owned()));
                let edit = edit.with_context(|| format!("templates/{}/layer.toml", layer.id))?;
                if let Edit::Mount(mut words) = edit {
                    if let Some(other) = spec.modules.get(&words.module) {
                        words.rename_module(other);
                    }
                    let route = &spec.placeholders(project)?["route"];
                    let ours = layers.iter().flat_map(|layer| &layer.toml.ours.routes);
                    // What takes an address often takes it for all methods, so ours are without theirs.
                    let ours = ours
                        .map(|pattern| pattern.split_once(' ').map_or(pattern.as_str(), |(_, path)| path));
                    words.ours.extend(ours.map(|address| address.replace("{route}", route)));
                    let chosen = spec.router.clone();
                    return Ok(Some(Mount { words, pools, layer: layer.id.clone(), chosen }));
                }
            }
        }
        match spec.router {
            Some(_) => usage(
                "--router goes with a framework whose router is searched for; this one's is edited in the crate root",
            ),
            None => Ok(None),
        }
    }

    /// The module that its calls are of.
    pub(super) fn module(&self) -> &str {
        &self.words.module
    }

    /// Finds the router in the project, and what `seek` asks for, where `staged` knows no newer text of a file.
    ///
    /// Errors: a file on the way cannot be read, and without it the router was not found.
    pub(super) fn find(
        &self,
        project: &Project,
        seek: &Seek,
        staged: &(dyn Fn(&str) -> Option<String> + Sync),
    ) -> Result<Mounted> {
        let chosen = self.chosen.as_ref();
        let chosen = chosen.map(|(file, function)| (file.as_str(), function.as_str()));
        let only = self.written(project);
        edit::with_room(|| {
            let unreadable = RefCell::new(None);
            let on_disk = |path: &str| {
                project.text(path).unwrap_or_else(|error| {
                    unreadable.borrow_mut().get_or_insert(error);
                    None
                })
            };
            let read = |path: &str| staged(path).or_else(|| on_disk(path));
            let roots = project.roots();
            let mounted = edit::mount_and_look(&self.words, &self.pools, &roots, chosen, only, seek, &read);
            match unreadable.take() {
                Some(error) if mounted.refusal().is_some() => Err(error),
                _ => Ok(mounted),
            }
        })
    }

    /// The way to start that an earlier run has written code for.
    fn written(&self, project: &Project) -> Option<Start> {
        let folder = project.in_package(&format!("src/{}", self.words.module));
        let names = project.names_in(&folder).into_iter().filter(|name| name.ends_with(".rs"));
        let texts = names.filter_map(|name| project.text(&format!("{folder}/{name}")).ok().flatten());
        texts.into_iter().find_map(|text| {
            Start::ALL.into_iter().find(|start| {
                let statement = self.words.starts.get(start).map_or("", String::as_str);
                let function = statement.split('(').next().and_then(|path| path.rsplit("::").next());
                let wait = if statement.contains(".await") { "async " } else { "" };
                function.is_some_and(|function| text.contains(&format!("pub {wait}fn {function}(")))
            })
        })
    }
}

impl Drawing<'_> {
    /// Stages the edit of the router ahead of all other edits, for which the places were looked up; false where it
    /// is left to a person.
    pub(super) fn mount(&mut self, mount: &Mount, mounted: Option<Mounted>) -> Result<bool> {
        let mounted = match mounted {
            Some(mounted) => mounted,
            None => {
                let changes = &self.plan.changes;
                mount.find(self.project, &Seek::default(), &|path| Some(changes.get(path)?.after.clone()))?
            }
        };
        let staged = |path: &str| {
            let staged = self.plan.changes.get(path).map(|change| change.after.clone());
            staged.or_else(|| self.project.text(path).ok().flatten())
        };
        let (path, after) = match mounted.applied(&staged) {
            Ok(applied) => applied,
            Err(_) => match mounted.broken {
                Some(broken) => {
                    return Err(stopped(Stop::Project, format!("{broken}; nothing was written")));
                }
                // Told when all other edits are made, whose lines move its own.
                None => return Ok(false),
            },
        };
        let before = self.project.text(&path)?;
        let fresh = Change { before: before.clone(), after: String::new(), layers: vec![] };
        let change = self.plan.changes.entry(path.clone()).or_insert(fresh);
        change.after = after;
        if !change.layers.contains(&mount.layer) {
            change.layers.push(mount.layer.clone());
        }
        let is_new = before.as_ref() != Some(&self.plan.changes[&path].after);
        if is_new {
            self.say_beside(&path, &mounted);
        }
        if mounted.start == Start::Own && is_new && !self.fresh {
            let is_used = |package: &Project| mount.pools.is_used(package);
            let is_used = self.packages().any(|package| is_used(package.project))
                || self.project.below().iter().any(is_used);
            let says = match is_used {
                _ if mount.pools.types.is_empty() => {
                    "accounts open a pool of their own at DATABASE_URL: one of the project's is not looked for with \
                     this database"
                }
                true => {
                    "accounts open a pool of their own at DATABASE_URL: none of the project's is in reach here"
                }
                false => {
                    "accounts have a database of their own, at DATABASE_URL: the project has none of its kind"
                }
            };
            self.find(Level::Note, &path, says.to_owned(), None);
            self.plan.next.insert(0, format!("note: {says}"));
        }
        Ok(true)
    }

    /// What a person must know of a place that fits.
    fn say_beside(&mut self, path: &str, mounted: &Mounted) {
        let mut notes: Vec<(&str, String)> = Vec::new();
        for guard in &mounted.guards {
            let says = format!(
                "`{}` in {} stands around the log-in page too: whom it keeps out cannot log in",
                guard.call, guard.file
            );
            notes.push((&guard.file, says));
        }
        if mounted.runs_no_migrations {
            let says = "the program runs no migrations, and where it makes the server nothing can wait for them: run \
                        them before it starts";
            notes.push((path, says.to_owned()));
        }
        for (file, says) in notes {
            self.find(Level::Note, file, says.clone(), None);
            self.plan.next.insert(0, format!("note: {says}"));
        }
    }

    /// Where the router was left alone: what to paste, by the lines of the files as they are written.
    pub(super) fn mount_by_hand(&mut self, mount: &Mount) -> Result<()> {
        let changes = &self.plan.changes;
        let staged = |path: &str| Some(changes.get(path)?.after.clone());
        let mut mounted = mount.find(self.project, &Seek::default(), &staged)?;
        if mounted.refusal().is_none() {
            // What was not sure stays so, whatever the files look like that are written now.
            mounted = mount.find(self.project, &Seek::default(), &|_| None)?;
        }
        if let Some(refusal) = mounted.refusal() {
            self.find(Level::ByHand, &refusal.file, refusal.why, Some(refusal.by_hand));
            if let Some(finding) = self.plan.findings.last_mut() {
                finding.lines = refusal.line.into_iter().collect();
            }
        }
        Ok(())
    }
}
