//! Files of a plan that layers bring, beside what is in their place already.

use anyhow::Result;

use super::Drawing;
use crate::{
    catalog::Layer,
    plan::{Change, Level},
    project,
    report::{Stop, stopped},
    spec::public_items,
};

impl Drawing<'_> {
    /// A file of this run alone: an existing one with other content blocks, unless it is `cargo new`'s own.
    pub(super) fn create(&mut self, path: String, text: String, layer: &Layer) -> Result<()> {
        let before = self.project.text(&path)?;
        match &before {
            Some(existing) if *existing != text && !project::is_cargo_new_main(existing) => {
                self.block(&path, "is there already, with other content".to_owned());
                Ok(())
            }
            _ => self.stage(path, before, text, layer),
        }
    }

    /// A file all runs in a project share: the owner's version stays, as long as it offers what generated
    /// code calls.
    pub(super) fn share(&mut self, path: String, text: String, layer: &Layer) -> Result<()> {
        let Some(existing) = self.project.text(&path)? else { return self.stage(path, None, text, layer) };
        if !path.ends_with(".rs") && existing != text && !self.earlier_run {
            self.block(&path, "is there already, with other content".to_owned());
            return Ok(());
        }
        let missing: Vec<String> =
            public_items(&text).difference(&public_items(&existing)).cloned().collect();
        if missing.is_empty() {
            if existing != text {
                self.find(Level::Note, &path, "is there already and stays as it is".to_owned(), None);
            }
            return self.stage(path, Some(existing.clone()), existing, layer);
        }
        let says = format!("is there already, without what generated code calls: {}", missing.join(", "));
        self.block(&path, says);
        Ok(())
    }

    /// `x.rs` and `x/mod.rs` are one module twice, which does not compile (E0761).
    pub(super) fn check_modules(&mut self) -> Result<()> {
        let new: Vec<String> =
            self.plan.changes.iter().filter(|(_, c)| c.before.is_none()).map(|(p, _)| p.clone()).collect();
        for path in new.iter().filter(|path| path.ends_with(".rs")) {
            let twin = match path.strip_suffix("/mod.rs") {
                Some(module) => format!("{module}.rs"),
                None => format!("{}/mod.rs", path.trim_end_matches(".rs")),
            };
            if self.plan.changes.contains_key(&twin) || self.project.text(&twin)?.is_some() {
                self.block(&twin, format!("is the module that {path} would be"));
            }
        }
        Ok(())
    }

    /// Under which name ours stands beside a module of the owner's.
    pub(super) fn say_renamed(&mut self) {
        for (usual, other) in self.modules {
            let files = [format!("src/{other}.rs"), format!("src/{other}/mod.rs")];
            let is_it = |path: &str| files.iter().any(|file| path.ends_with(file.as_str()));
            let mut new = self.plan.changes.iter().filter(|(_, change)| change.before.is_none());
            let Some((path, _)) = new.find(|(path, _)| is_it(path)) else { continue };
            let (path, says) = (path.clone(), format!("`{usual}` is a module of yours: ours is `{other}`"));
            self.find(Level::Note, &path, says.clone(), None);
            self.plan.next.insert(0, format!("note: {says}"));
        }
    }

    /// A file in the way.
    fn block(&mut self, path: &str, says: String) {
        self.find(Level::Blocks, path, says, Some(self.around_file(path)));
    }

    fn stage(&mut self, path: String, before: Option<String>, after: String, layer: &Layer) -> Result<()> {
        let change = Change { before, after, layers: vec![layer.id.clone()] };
        if let Some(other) = self.plan.changes.insert(path.clone(), change) {
            let message = format!(
                "{path} would be written twice, by templates/{} and templates/{}: choose other names",
                other.layers.join(", "),
                layer.id
            );
            return Err(stopped(Stop::Usage, message));
        }
        Ok(())
    }
}
