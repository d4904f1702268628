//! What layers ask of files there are: dependencies and edits, each with the package it is for.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Drawing, Finding, Request};
use crate::{
    catalog::{self, EditAt, Layer},
    edit::{self, Edit, Section, Value},
    plan::{Change, Level},
    project::{Project, Shared, Side},
    spec::Spec,
};

impl<'a> Drawing<'a> {
    pub(super) fn dependencies(&mut self, layer: &'a Layer) -> Result<()> {
        let project = self.package(layer.toml.package).project;
        let others: Vec<&Project> = self.packages().map(|package| package.project).collect();
        // What both have is of one version, or types of the one would be strangers to the other.
        let elsewhere = |name: &str| {
            let found = others.iter().find_map(|other| other.dependencies.get(name)?.requirement.as_deref());
            found.filter(|_| !project.dependencies.contains_key(name)).map(str::to_owned)
        };
        // Of two versions under one name, in two tables, no test would know which is meant.
        let here = |name: &str| {
            let own = project.dependencies.get(name)?;
            let is_named_so = own.key.as_deref().is_none_or(|key| key == name);
            own.requirement.clone().filter(|_| is_named_so)
        };
        let sections = [
            (Section::Dependencies, &layer.toml.dependencies),
            (Section::DevDependencies, &layer.toml.dev_dependencies),
        ];
        for (section, table) in sections {
            for (name, spec) in table {
                let inherited = project.inherited(name);
                let spec = layer.suited(name, spec, project)?;
                let mut edit = catalog::dependency(section, name, &spec, inherited);
                let version = here(name).or_else(|| elsewhere(name));
                if let (Some(version), Edit::AddDependency { spec, .. }) = (version, &mut edit) {
                    *spec = edit::of_version(spec, version);
                }
                let path = project.manifest.clone();
                self.requests.push(Request { layer, path, create: None, edit });
            }
        }
        Ok(())
    }

    /// The pages' package depends on the library, and its tests on what those of the library start from.
    pub(super) fn dependency_on_library(&mut self, layer: &'a Layer, spec: &Spec) -> Result<()> {
        let (Some(library), Some(("context", _))) = (&spec.library, layer.defines()) else { return Ok(()) };
        let text = |text: &str| Value::String(text.to_owned());
        let mut entry = BTreeMap::from([("path".to_owned(), text(&library.path))]);
        if library.key != library.package.name {
            entry.insert("package".to_owned(), text(&library.package.name));
        }
        let mut for_tests = entry.clone();
        for_tests.insert("features".to_owned(), Value::Array(vec![text("testing")]));
        for (section, entry) in [(Section::Dependencies, entry), (Section::DevDependencies, for_tests)] {
            // Which of its features are on by default is the owner's affair.
            let inherited = self.project.inherited(&library.key);
            let inherited = inherited.map(|there| Shared { is_bare: false, ..there });
            let edit = catalog::dependency(section, &library.key, &Value::Table(entry), inherited);
            let path = self.project.manifest.clone();
            self.requests.push(Request { layer, path, create: None, edit });
        }
        Ok(())
    }

    pub(super) fn edit(&mut self, layer: &'a Layer, at: &'a EditAt) -> Result<()> {
        let side = at.package.unwrap_or_else(|| layer.side_of(&at.file));
        let fill = |text: &str| self.fill(text, side);
        let edit = at.fill(&fill).map_err(|error| self.placed(layer, error))?;
        let path = self.destination(&at.file, side).map_err(|error| self.placed(layer, error))?;
        if at.if_exists && self.project.text(&path)?.is_none() {
            return Ok(());
        }
        match edit {
            Edit::Mount(_) => Ok(()),
            Edit::DeclareModule { module, public, cfg_test } => {
                let module = match at.file == "{crate_root}" {
                    true => self.modules.get(&module).cloned().unwrap_or(module),
                    false => module,
                };
                // The pages are outside of the library, and call what is in it; so may be who serves the pages.
                let is_called_outside = self.called_outside.as_ref() == Some(&module);
                let public = public || is_called_outside || (side == Side::Context && self.library.is_some());
                self.declare(&path, &module, public, cfg_test, at.create.as_deref(), layer)
            }
            edit => {
                self.requests.push(Request { layer, path, create: at.create.as_deref(), edit });
                Ok(())
            }
        }
    }

    /// `shop::accounts`: `mod shop;` in the crate root, `pub mod accounts;` in `src/shop/mod.rs`.
    fn declare(
        &mut self,
        path: &str,
        module: &str,
        public: bool,
        cfg_test: bool,
        create: Option<&'a str>,
        layer: &'a Layer,
    ) -> Result<()> {
        let create = if module.contains("::") { Some("") } else { create };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let (mut file, mut public, mut inside) = (path.to_owned(), public, folder);
        if path == self.package_at(path).root {
            self.check_crate(path, module.split("::").next().unwrap_or(module))?;
        }
        for segment in module.split("::") {
            let edit = Edit::DeclareModule { module: segment.to_owned(), public, cfg_test };
            self.requests.push(Request { layer, path: file, create, edit });
            let beside = format!("{inside}/{segment}.rs");
            inside = format!("{inside}/{segment}");
            let has_beside = self.project.text(&beside)?.is_some();
            (file, public) = (if has_beside { beside } else { format!("{inside}/mod.rs") }, true);
        }
        Ok(())
    }

    /// Where the crate root calls a crate, a module of ours by that name would be called instead.
    fn check_crate(&mut self, root: &str, module: &str) -> Result<()> {
        let dependencies = &self.package_at(root).project.dependencies;
        let mut names = dependencies.values().filter_map(|dependency| dependency.key.as_deref());
        if !names.any(|key| key.replace('-', "_") == module) {
            return Ok(());
        }
        let lines = self.project.text(root)?.map(|text| calls_of(&text, module)).unwrap_or_default();
        if lines.is_empty() {
            return Ok(());
        }
        let says = format!("`{module}` is a crate here, and would be a module of ours");
        let by_hand =
            Some(format!("write `::{module}` for the crate, or call it something else in Cargo.toml"));
        self.plan.findings.push(Finding {
            level: Level::Blocks,
            path: root.to_owned(),
            lines,
            says,
            by_hand,
        });
        Ok(())
    }

    /// Queues an edit where there is a text for it.
    pub(super) fn queue(&mut self, request: Request<'_>) -> Result<()> {
        let Request { layer, path, create, edit } = request;
        if !self.plan.changes.contains_key(&path) {
            let before = self.project.text(&path)?;
            let created = || Some(self.under_header(&path, create?.to_owned()));
            let Some(after) = before.clone().or_else(created) else {
                let by_hand = edit::by_hand(&edit, &path);
                self.find(Level::ByHand, &path, "is not there".to_owned(), Some(by_hand));
                return Ok(());
            };
            self.plan.changes.insert(path.clone(), Change { before, after, layers: vec![] });
        }
        self.edits.entry(path).or_default().push((edit, layer.id.clone()));
        Ok(())
    }
}

/// The lines that begin a path with `name`, as far as lines tell. None where a module has the name already.
fn calls_of(text: &str, name: &str) -> Vec<usize> {
    let (path, module) = (format!("{name}::"), format!("mod {name};"));
    if text.lines().any(|line| line.trim().ends_with(&module)) {
        return vec![];
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let calls = |line: &str| {
        let is_comment = line.trim_start().starts_with("//");
        !is_comment && line.match_indices(&path).any(|(at, _)| !line[..at].ends_with(is_part))
    };
    text.lines().zip(1..).filter(|(line, _)| calls(line)).map(|(_, number)| number).collect()
}
