//! From project, spec and layers to a plan. Nothing here touches the disk other than through [`Project::text`].

mod around;
mod code;
mod destination;
mod mount;
mod package;
mod requests;
mod stage;
mod tables;
mod there;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use minijinja::{Value, context};

use self::{
    mount::Mount,
    package::{Package, migrations},
};
use super::{Finding, Level, Plan, header};
use crate::{
    catalog::{Catalog, Layer},
    edit::{self, CannotEdit, Edit, Mounted, Start},
    project::{Library, Project, Side},
    report::{Stop, stopped},
    site::{Config, Site},
    spec::Spec,
    templates::Templates,
    tidy::tidy,
};

/// Draws the plan of a run.
///
/// Errors: a template that cannot be rendered, an edit with an unknown placeholder, a file that cannot be
/// read. What stands in the way of writing is a finding, not an error.
pub fn draw(project: &Project, spec: &Spec, catalog: &Catalog, templates: &Templates) -> Result<Plan> {
    let layers = catalog.select(&spec.choices);
    let mount = Mount::of(&layers, spec, project)?;
    // Where the program is ours too, its router is known when that is rendered.
    let seek = there::seek(&layers, spec, project)?;
    let mounted = mount.as_ref().filter(|_| !spec.fresh).map(|mount| mount.find(project, &seek, &|_| None));
    let mounted = mounted.transpose()?;
    let seen = mounted.as_ref().map(|mounted| mounted.seen.clone());
    let called_outside = mounted.as_ref().filter(|mounted| mounted.is_outside).and(mount.as_ref());
    let called_outside = called_outside.map(|mount| mount.module().to_owned());
    let start = mounted.as_ref().map_or(Start::Own, |mounted| mounted.start);
    let root = match &mounted {
        Some(mounted) => mounted.root.clone(),
        None => project.crate_root()?,
    };
    let folder = migrations(project, spec, &layers, mounted.as_ref())?;
    let placeholders = spec.placeholders(project)?;
    let web = Package::new(project, Side::Web, root, &folder, placeholders.clone())?;
    let library = spec.library.as_ref().map(|Library { package, root, .. }| {
        Package::new(package, Side::Context, root.clone(), &folder, placeholders)
    });
    let library = library.transpose()?;
    let migrations = &library.as_ref().unwrap_or(&web).placeholders["migrations"];
    let argument = if migrations == "migrations" { String::new() } else { format!("\"{migrations}\"") };
    let context = context! { pool => start.name(), migrations_macro => argument, ..spec.context(project) };
    let slots = slots(&layers, templates, &context)?;
    let mut drawing = Drawing {
        project,
        templates,
        header: templates.header(&context)?,
        site: &spec.site,
        context: context! { slots, ..context },
        layers: &layers,
        web,
        library,
        called_outside,
        requests: Vec::new(),
        edits: BTreeMap::new(),
        earlier_run: false,
        fresh: spec.fresh,
        modules: &spec.modules,
        plan: Plan::default(),
    };
    let shared = [drawing.shared_files(Side::Web)?, drawing.shared_files(Side::Context)?].concat();
    drawing.earlier_run = shared.iter().all(|is_there| *is_there);
    for layer in &layers {
        drawing.dependencies(layer)?;
        drawing.dependency_on_library(layer, spec)?;
        for edit_at in &layer.toml.edit {
            drawing.edit(layer, edit_at)?;
        }
        for next in &layer.toml.next {
            let line =
                drawing.fill(next.line(start), Side::Web).map_err(|error| drawing.placed(layer, error))?;
            drawing.plan.next.push(line);
        }
    }
    let left = drawing.files(&layers, mount.as_ref(), mounted)?;
    if let Some(mount) = left {
        drawing.mount_by_hand(mount)?;
    }
    if let Some(why) = &spec.site.unfit {
        let wanted = spec.choices.iter().map(|(axis, value)| match axis.as_str() {
            "layout" => (axis.clone(), "own".to_owned()),
            _ => (axis.clone(), value.clone()),
        });
        drawing.leave_layout(&catalog.select(&wanted.collect()), why)?;
    }
    drawing.check_modules()?;
    drawing.say_renamed();
    drawing.tables();
    if let Some(seen) = seen {
        drawing.there(&seen, &seek)?;
    }
    if seek.routes {
        drawing.check_side()?;
    }
    // What others call is there before they are part of a program.
    drawing.plan.crate_roots = drawing.packages().map(|package| package.root.clone()).collect();
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
    /// Where the pages go.
    web: Package<'a>,
    /// Where the context goes, if that is another package.
    library: Option<Package<'a>>,
    /// The module of the pages, where code of another crate calls it.
    called_outside: Option<String>,
    requests: Vec<Request<'a>>,
    /// Edits by file, in the order they were asked for, with the layers that ask.
    edits: BTreeMap<String, Vec<(Edit, String)>>,
    /// Whether the files all runs share are in the project.
    earlier_run: bool,
    /// Whether the program is ours too.
    fresh: bool,
    /// By usual name, what a module of ours is called instead.
    modules: &'a BTreeMap<String, String>,
    plan: Plan,
}

/// A file that a layer brings.
struct File<'a> {
    layer: &'a Layer,
    template: &'a str,
    path: String,
    side: Side,
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
    /// Files that are edited further come first; the others are rendered while the edits are worked out. Returns the
    /// edit of the router where that is left to a person.
    fn files<'m>(
        &mut self,
        layers: &[&Layer],
        mount: Option<&'m Mount>,
        mounted: Option<Mounted>,
    ) -> Result<Option<&'m Mount>> {
        let mut files = Vec::new();
        for layer in layers {
            for (list, shared) in [(&layer.files, false), (&layer.shared, true)] {
                for (template, destination) in list {
                    let side = layer.side_of(destination);
                    let path = self
                        .destination(&self.site.place(destination), side)
                        .with_context(|| self.templates.place(template))?;
                    let Some(path) = self.numbered(path, destination) else { continue };
                    files.push(File { layer, template, path, side, shared });
                }
            }
        }
        let engine = layers.iter().find(|layer| layer.toml.pages.is_some());
        if let (Some(Config { path, text, why }), Some(engine)) = (&self.site.config, engine) {
            let text = self.under_header(path, text.clone());
            self.create(path.clone(), if self.web.crlf { with_crlf(&text) } else { text }, engine)?;
            self.find(Level::Note, path, why.clone(), None);
            self.plan.next.insert(0, format!("note: {why}"));
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
        let left = match mount {
            Some(mount) if !self.mount(mount, mounted)? => Some(mount),
            _ => None,
        };
        let queue = std::mem::take(&mut self.edits);
        let changes = &self.plan.changes;
        let apply = |(path, edits): (&String, &Vec<(Edit, String)>)| {
            let edits: Vec<&Edit> = edits.iter().map(|(edit, _)| edit).collect();
            let change = &changes[path];
            let (after, mut refusals) = edit::apply_all(&edits, &change.after);
            let taken = |refusal: &CannotEdit| matches!(refusal, CannotEdit::Taken { .. });
            if let Some(before) = &change.before
                && refusals.iter().any(|(_, refusal)| taken(refusal))
            {
                // Nothing is written, so the lines are those of the file without the router's.
                let again =
                    edit::apply_all(&edits, before).1.into_iter().filter(|(_, refusal)| taken(refusal));
                refusals.retain(|(_, refusal)| !taken(refusal));
                refusals.extend(again);
                refusals.sort_by_key(|(number, _)| *number);
            }
            (after, refusals)
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
        Ok(left)
    }

    fn add(&mut self, file: File<'_>, text: String) -> Result<()> {
        let File { layer, path, shared, .. } = file;
        if shared { self.share(path, text, layer) } else { self.create(path, text, layer) }
    }

    /// Whether each shared module of a side is there: only an earlier run has written every one.
    fn shared_files(&self, side: Side) -> Result<Vec<bool>> {
        let shared =
            self.layers.iter().flat_map(|layer| layer.shared.iter().map(move |(_, path)| (layer, path)));
        let of_side = shared.filter(|(layer, path)| path.ends_with(".rs") && layer.side_of(path) == side);
        let is_there =
            |(_, path): (_, &String)| Ok(self.project.text(&self.destination(path, side)?)?.is_some());
        of_side.map(is_there).collect()
    }

    fn render(&self, file: &File<'_>) -> Result<String> {
        let text = self.templates.render(file.template, &self.context)?;
        let renamed =
            |text: String, (usual, other): (&String, &String)| edit::with_module(&text, usual, other);
        let text = match file.path.ends_with(".rs") {
            true => self.modules.iter().fold(text, renamed),
            false => text,
        };
        let package = self.package(file.side);
        let text = if file.path.ends_with(".rs") { tidy(&text, package.style) } else { text };
        let text = self.under_header(&file.path, text);
        Ok(if package.crlf { with_crlf(&text) } else { text })
    }

    fn under_header(&self, path: &str, text: String) -> String {
        match &self.header {
            Some(header) => header::under(header, path, &text, self.layers),
            None => text,
        }
    }

    /// Takes in an edited text. A refusal becomes a finding with the text to paste.
    ///
    /// Errors: a file that does not parse, which would not compile either.
    fn edited(
        &mut self,
        path: String,
        edits: &[(Edit, String)],
        after: String,
        refusals: Vec<(usize, CannotEdit)>,
    ) -> Result<()> {
        let crlf = self.package_at(&path).crlf;
        let Some(change) = self.plan.changes.get_mut(&path) else { return Ok(()) };
        let new_in_crlf = change.before.is_none() && crlf;
        change.after = if new_in_crlf { with_crlf(&after) } else { after };
        for (_, layer) in edits {
            if !change.layers.contains(layer) {
                change.layers.push(layer.clone());
            }
        }
        for (number, refusal) in refusals {
            if matches!(refusal, CannotEdit::Unparsable { .. }) {
                return Err(stopped(Stop::Project, format!("{path}: {refusal}; nothing was written")));
            }
            // What stands where ours has to stand cannot be pasted around.
            let (level, says, by_hand) = match &refusal {
                CannotEdit::Taken { name, .. } => {
                    (Level::Blocks, format!("the name `{name}` is already used"), self.around_name(name))
                }
                _ => (Level::ByHand, refusal.to_string(), edit::by_hand(&edits[number].0, &path)),
            };
            let (path, lines, by_hand) = (path.clone(), refusal.lines(), Some(by_hand));
            self.plan.findings.push(Finding { level, path, lines, says, by_hand });
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
                let edit = at.fill(&|text| self.fill(text, Side::Web))?;
                if edit::apply(&edit, &text).as_deref() != Ok(&text) {
                    steps.push(edit::by_hand(&edit, &path));
                    further.push(self.fill(&layer.toml.by_hand, Side::Web)?);
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

    fn find(&mut self, level: Level, path: &str, says: String, by_hand: Option<String>) {
        self.plan.findings.push(Finding { level, path: path.to_owned(), lines: vec![], says, by_hand });
    }
}

fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}
