//! From project, spec and layers to a plan. Nothing here touches the disk other than through [`Project::text`].

mod destination;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use minijinja::{Value, context};

use super::{Change, Finding, Level, Plan, header};
use crate::{
    catalog::{self, Catalog, EditAt, Layer},
    edit::{self, Edit, Section},
    project::{self, Project},
    report::{Stop, stopped},
    site::Site,
    spec::Spec,
    templates::Templates,
    tidy::{StyleEdition, tidy},
};

/// Draws the plan of a run.
///
/// Errors: a template that cannot be rendered, an edit with an unknown placeholder, a file that cannot be
/// read. What stands in the way of writing is a finding, not an error.
pub fn draw(project: &Project, spec: &Spec, catalog: &Catalog, templates: &Templates) -> Result<Plan> {
    let layers = catalog.select(&spec.choices);
    let context = spec.context(project);
    let slots = slots(&layers, templates, &context)?;
    let mut drawing = Drawing {
        project,
        templates,
        header: templates.header(&context)?,
        site: &spec.site,
        context: context! { slots, ..context },
        layers: &layers,
        placeholders: spec.placeholders(project)?,
        crlf: project.text(&project.crate_root()?)?.is_some_and(|text| text.contains("\r\n")),
        style: StyleEdition::of(&project.edition),
        requests: Vec::new(),
        edits: BTreeMap::new(),
        earlier_run: false,
        plan: Plan::default(),
    };
    drawing.earlier_run = drawing.has_shared_files(&layers)?;
    for layer in &layers {
        drawing.dependencies(layer)?;
        for edit_at in &layer.toml.edit {
            drawing.edit(layer, edit_at)?;
        }
        for line in &layer.toml.next {
            let line = drawing.fill(line).map_err(|error| drawing.placed(layer, error))?;
            drawing.plan.next.push(line);
        }
    }
    drawing.files(&layers)?;
    if let Some(why) = &spec.site.unfit {
        let wanted = spec.choices.iter().map(|(axis, value)| match axis.as_str() {
            "layout" => (axis.clone(), "own".to_owned()),
            _ => (axis.clone(), value.clone()),
        });
        drawing.leave_layout(&catalog.select(&wanted.collect()), why)?;
    }
    drawing.check_modules()?;
    Ok(drawing.plan)
}

/// By slot, the rendered fragments that go there, in the order of the layers.
fn slots(layers: &[&Layer], templates: &Templates, context: &Value) -> Result<BTreeMap<String, Vec<String>>> {
    let offered = layers.iter().flat_map(|layer| &layer.toml.slots);
    let mut slots: BTreeMap<_, _> = offered.map(|slot| (slot.clone(), vec![])).collect();
    for (template, slot) in layers.iter().flat_map(|layer| &layer.fragments) {
        if let Some(fragments) = slots.get_mut(slot) {
            fragments.push(templates.render(template, context)?);
        }
    }
    Ok(slots)
}

struct Drawing<'a> {
    project: &'a Project,
    templates: &'a Templates,
    site: &'a Site,
    context: Value,
    /// What a house wants on top of every file.
    header: Option<String>,
    layers: &'a [&'a Layer],
    placeholders: BTreeMap<&'static str, String>,
    crlf: bool,
    style: StyleEdition,
    requests: Vec<Request<'a>>,
    /// Edits by file, in the order they were asked for, with the layers that ask.
    edits: BTreeMap<String, Vec<(Edit, String)>>,
    /// Whether the files all runs share are in the project.
    earlier_run: bool,
    plan: Plan,
}

/// A file that a layer brings.
struct File<'a> {
    layer: &'a Layer,
    template: &'a str,
    path: String,
    /// Whether all runs in a project share it.
    shared: bool,
}

/// An edit that a layer asks for, of a file that starts from `create` if it is missing.
struct Request<'a> {
    layer: &'a Layer,
    path: String,
    create: Option<&'a str>,
    edit: Edit,
}

impl<'a> Drawing<'a> {
    /// Files that are edited further come first; the others are rendered while the edits are worked out.
    fn files(&mut self, layers: &[&Layer]) -> Result<()> {
        let mut files = Vec::new();
        for layer in layers {
            for (list, shared) in [(&layer.files, false), (&layer.shared, true)] {
                for (template, destination) in list {
                    let path = self
                        .destination(&self.site.place(destination))
                        .with_context(|| self.templates.place(template))?;
                    let Some(path) = self.numbered(path, destination) else { continue };
                    files.push(File { layer, template, path, shared });
                }
            }
        }
        let requests = std::mem::take(&mut self.requests);
        let is_edited = |file: &File<'_>| requests.iter().any(|request| request.path == file.path);
        let (edited, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(is_edited);
        for file in edited {
            let text = self.render(&file)?;
            self.add(file, text)?;
        }
        for request in requests {
            self.queue(request)?;
        }
        let queue = std::mem::take(&mut self.edits);
        let changes = &self.plan.changes;
        let apply = |(path, edits): (&String, &Vec<(Edit, String)>)| {
            let edits: Vec<&Edit> = edits.iter().map(|(edit, _)| edit).collect();
            edit::apply_all(&edits, &changes[path].after)
        };
        let (edited, rendered) = edit::with_room_beside(
            || queue.iter().map(apply).collect::<Vec<_>>(),
            || rest.iter().map(|file| self.render(file)).collect::<Result<Vec<_>>>(),
        );
        for (file, text) in rest.into_iter().zip(rendered?) {
            self.add(file, text)?;
        }
        for ((path, edits), (after, refusals)) in queue.into_iter().zip(edited) {
            self.edited(path, &edits, after, refusals)?;
        }
        Ok(())
    }

    fn add(&mut self, file: File<'_>, text: String) -> Result<()> {
        let File { layer, path, shared, .. } = file;
        if shared { self.share(path, text, layer) } else { self.create(path, text, layer) }
    }

    /// Only an earlier run has written every shared module.
    fn has_shared_files(&self, layers: &[&Layer]) -> Result<bool> {
        let modules = layers.iter().flat_map(|layer| &layer.shared).filter(|(_, path)| path.ends_with(".rs"));
        for (_, destination) in modules {
            if self.project.text(&self.destination(destination)?)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn render(&self, file: &File<'_>) -> Result<String> {
        let text = self.templates.render(file.template, &self.context)?;
        let text = if file.path.ends_with(".rs") { tidy(&text, self.style) } else { text };
        let text = self.under_header(&file.path, text);
        Ok(if self.crlf { with_crlf(&text) } else { text })
    }

    fn under_header(&self, path: &str, text: String) -> String {
        match &self.header {
            Some(header) => header::under(header, path, &text, self.layers),
            None => text,
        }
    }

    /// A file of this run alone: an existing one with other content blocks, unless it is `cargo new`'s own.
    fn create(&mut self, path: String, text: String, layer: &Layer) -> Result<()> {
        let before = self.project.text(&path)?;
        match &before {
            Some(existing) if *existing != text && !project::is_cargo_new_main(existing) => {
                self.find(Level::Blocks, &path, "is there already, with other content".to_owned(), None);
                Ok(())
            }
            _ => self.stage(path, before, text, layer),
        }
    }

    /// A file all runs in a project share: the owner's version stays, as long as it offers what generated
    /// code calls.
    fn share(&mut self, path: String, text: String, layer: &Layer) -> Result<()> {
        let Some(existing) = self.project.text(&path)? else { return self.stage(path, None, text, layer) };
        if !path.ends_with(".rs") && existing != text && !self.earlier_run {
            self.find(Level::Blocks, &path, "is there already, with other content".to_owned(), None);
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
        let says = format!("is there already, without {}", missing.join(", "));
        self.find(Level::Blocks, &path, says, None);
        Ok(())
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

    fn dependencies(&mut self, layer: &'a Layer) -> Result<()> {
        let sections = [
            (Section::Dependencies, &layer.toml.dependencies),
            (Section::DevDependencies, &layer.toml.dev_dependencies),
        ];
        for (section, table) in sections {
            for (name, item) in table.iter() {
                let inherit = self.project.workspace_dependencies.iter().any(|shared| shared == name);
                let edit = catalog::dependency(section, name, item, inherit)?;
                let path = self.project.manifest.clone();
                self.requests.push(Request { layer, path, create: None, edit });
            }
        }
        Ok(())
    }

    fn edit(&mut self, layer: &'a Layer, at: &'a EditAt) -> Result<()> {
        let fill = |text: &str| self.fill(text);
        let edit = at.fill(&fill).map_err(|error| self.placed(layer, error))?;
        let path = self.destination(&at.file).map_err(|error| self.placed(layer, error))?;
        if at.if_exists && self.project.text(&path)?.is_none() {
            return Ok(());
        }
        match edit {
            Edit::DeclareModule { module, public, cfg_test } if module.contains("::") => {
                self.declare_nested(&path, &module, public, cfg_test, layer)
            }
            edit => {
                self.requests.push(Request { layer, path, create: at.create.as_deref(), edit });
                Ok(())
            }
        }
    }

    /// `shop::accounts`: `mod shop;` in the crate root, `pub mod accounts;` in `src/shop/mod.rs`.
    fn declare_nested(
        &mut self,
        path: &str,
        module: &str,
        public: bool,
        cfg_test: bool,
        layer: &'a Layer,
    ) -> Result<()> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let (mut file, mut public, mut inside) = (path.to_owned(), public, folder);
        for segment in module.split("::") {
            let edit = Edit::DeclareModule { module: segment.to_owned(), public, cfg_test };
            self.requests.push(Request { layer, path: file, create: Some(""), edit });
            let beside = format!("{inside}/{segment}.rs");
            inside = format!("{inside}/{segment}");
            let has_beside = self.project.text(&beside)?.is_some();
            (file, public) = (if has_beside { beside } else { format!("{inside}/mod.rs") }, true);
        }
        Ok(())
    }

    /// Queues an edit where there is a text for it.
    fn queue(&mut self, request: Request<'_>) -> Result<()> {
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

    /// Takes in an edited text. A refusal becomes a finding with the text to paste.
    ///
    /// Errors: a file that does not parse, which would not compile either.
    fn edited(
        &mut self,
        path: String,
        edits: &[(Edit, String)],
        after: String,
        refusals: Vec<(usize, edit::CannotEdit)>,
    ) -> Result<()> {
        let Some(change) = self.plan.changes.get_mut(&path) else { return Ok(()) };
        let new_in_crlf = self.crlf && change.before.is_none();
        change.after = if new_in_crlf { with_crlf(&after) } else { after };
        for (_, layer) in edits {
            if !change.layers.contains(layer) {
                change.layers.push(layer.clone());
            }
        }
        for (number, refusal) in refusals {
            if matches!(refusal, edit::CannotEdit::Unparsable { .. }) {
                return Err(stopped(Stop::Project, format!("{path}: {refusal}; nothing was written")));
            }
            // What stands where ours has to stand cannot be pasted around.
            let taken = matches!(refusal, edit::CannotEdit::Taken { .. });
            let level = if taken { Level::Blocks } else { Level::ByHand };
            let by_hand = edit::by_hand(&edits[number].0, &path);
            self.find(level, &path, refusal.to_string(), Some(by_hand));
            if let Some(finding) = self.plan.findings.last_mut() {
                finding.lines = refusal.lines();
            }
        }
        Ok(())
    }

    /// The edits of a layout that ours cannot stand in, for a person. Nothing once they are made.
    fn leave_layout(&mut self, layers: &[&Layer], why: &str) -> Result<()> {
        let path = self.project.in_package(&self.site.file);
        let text = self.project.text(&path)?.unwrap_or_default();
        let mut steps = Vec::new();
        let mut further = Vec::new();
        for layer in layers {
            for at in layer.toml.edit.iter().filter(|at| at.file == "{layout_file}") {
                let edit = at.fill(&|text| self.fill(text))?;
                if edit::apply(&edit, &text).as_deref() != Ok(&text) {
                    steps.push(edit::by_hand(&edit, &path));
                    further.push(self.fill(&layer.toml.by_hand)?);
                }
            }
        }
        if !steps.is_empty() {
            further.dedup();
            steps.extend(further);
            self.find(Level::ByHand, &path, why.to_owned(), Some(steps.join("\n")));
        }
        Ok(())
    }

    /// `x.rs` and `x/mod.rs` are one module twice, which does not compile (E0761).
    fn check_modules(&mut self) -> Result<()> {
        let new: Vec<String> =
            self.plan.changes.iter().filter(|(_, c)| c.before.is_none()).map(|(p, _)| p.clone()).collect();
        for path in new.iter().filter(|path| path.ends_with(".rs")) {
            let twin = match path.strip_suffix("/mod.rs") {
                Some(module) => format!("{module}.rs"),
                None => format!("{}/mod.rs", path.trim_end_matches(".rs")),
            };
            if self.plan.changes.contains_key(&twin) || self.project.text(&twin)?.is_some() {
                self.find(Level::Blocks, &twin, format!("is the module that {path} would be"), None);
            }
        }
        Ok(())
    }

    fn find(&mut self, level: Level, path: &str, says: String, by_hand: Option<String>) {
        self.plan.findings.push(Finding { level, path: path.to_owned(), lines: vec![], says, by_hand });
    }
}

fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// The names of public functions and types in a Rust file, read line by line.
fn public_items(text: &str) -> BTreeSet<String> {
    let kinds = ["fn ", "async fn ", "struct ", "enum ", "const ", "type ", "trait "];
    let item = |line: &str| {
        let rest = line.trim_start().strip_prefix("pub ")?;
        let name = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
        Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
    };
    text.lines().filter_map(item).collect()
}
