//! Templates of a house: found beside the built-in ones for every run, and looked after by `cargo gen-auth templates`.

mod check;
mod compare;
mod eject;
mod list;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{
    World,
    args::{self, Action, Generate},
    catalog::Catalog,
    commit::{self, Disk},
    nearest::hint,
    project::{self, Project},
    report::{Stop, stopped, usage},
    templates::{self, House, IN_PROJECT, Templates},
};

/// The templates and layers of a run that has houses; `None` where there are only the built-in ones.
///
/// Errors: those of [`templates::houses`], [`Templates::under`] and [`Catalog::load`].
pub fn of(
    project: Option<&Project>,
    flag: Option<&Path>,
    built_in: &Templates,
    start: &Path,
) -> Result<Option<(Templates, Catalog)>> {
    let houses = templates::houses(project, flag, start)?;
    if houses.is_empty() {
        return Ok(None);
    }
    let templates = built_in.under(houses)?;
    let catalog = Catalog::load(&templates)?;
    Ok(Some((templates, catalog)))
}

/// Says which files come from where: a line for each house or, when asked, for each file.
pub fn say(templates: &Templates, catalog: &Catalog, args: &Generate, err: &mut dyn Write) -> io::Result<()> {
    if args.quiet {
        return Ok(());
    }
    for house in templates.houses() {
        let files = match house.files.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        let left_out = match house.toml.leave_out.as_slice() {
            [] => String::new(),
            names => format!(", without {}", names.join(", ")),
        };
        writeln!(err, "{:>12} {}: {files}{left_out}; the rest is built in", "Templates", house.name)?;
        if args.verbose {
            for path in house.files.keys() {
                writeln!(err, "{:>12} {path}", describe(house, path, templates))?;
            }
        }
    }
    catalog.warnings.iter().try_for_each(|warning| writeln!(err, "{:>12} {warning}", "warning"))
}

/// What a file of a house does, in a word.
fn describe(house: &House, path: &str, templates: &Templates) -> &'static str {
    if templates.house_of(path).is_none_or(|nearest| nearest.name != house.name) {
        "hidden"
    } else if !built_in(path) {
        "added"
    } else if path.ends_with("/layer.toml") {
        "merged"
    } else {
        "replaced"
    }
}

fn built_in(path: &str) -> bool {
    templates::TEMPLATES.iter().any(|(known, _)| *known == path)
}

/// `cargo gen-auth templates ..`. Returns the exit code of what got to its end.
pub fn run(
    command: &args::Templates,
    built_in: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<u8> {
    let project = match project::is_in_a_package(&world.folder) || command.manifest_path.is_some() {
        true => {
            Some(Project::read(command.manifest_path.as_deref(), command.package.as_deref(), &world.folder)?)
        }
        false => None,
    };
    let flag = command.templates.as_deref();
    if let Action::Eject { names } = &command.action {
        return eject::run(names, &Target::of(command, project.as_ref(), world)?, built_in, catalog, world);
    }
    let house = of(project.as_ref(), flag, built_in, &world.folder)?;
    let (templates, catalog) = house.as_ref().map_or((built_in, catalog), |house| (&house.0, &house.1));
    match &command.action {
        Action::List => Ok(list::run(templates, catalog, world.out)?),
        Action::Diff { name } => compare::diff(name.as_deref(), templates, built_in, world),
        Action::Merge { name, keep } => {
            let target = Target::of(command, project.as_ref(), world)?;
            compare::merge(name.as_deref(), *keep, &target, built_in, world)
        }
        Action::Check { build } => check::run(*build, templates, world),
        Action::Eject { .. } => Ok(0),
    }
}

/// The house that is written to.
struct Target {
    /// What writes stay inside of.
    root: PathBuf,
    /// The house below it: empty, or with a trailing `/`.
    below: String,
    name: String,
}

impl Target {
    fn of(command: &args::Templates, project: Option<&Project>, world: &World<'_>) -> Result<Target> {
        if let Some(path) = &command.templates {
            let name = path.display().to_string().trim_end_matches('/').to_owned();
            let (root, below) = templates::existing(&world.folder.join(path));
            return Ok(Target { root, below, name });
        }
        let Some(project) = project else {
            return usage("no project here: say --templates DIR, or run this inside one");
        };
        // The package's own house, if it has one, is the nearer one.
        let of_package = project.in_package(IN_PROJECT);
        let has_one = templates::is_folder(&project.root.join(&of_package));
        let name = if has_one { of_package } else { IN_PROJECT.to_owned() };
        Ok(Target { root: project.root.clone(), below: format!("{name}/"), name })
    }

    fn folder(&self) -> PathBuf {
        self.root.join(&self.below)
    }

    /// What is in it; nothing, where it is not there yet.
    fn read(&self) -> Result<House> {
        match templates::is_folder(&self.folder()) {
            true => House::read(&self.folder(), &self.name),
            false => Ok(House { name: self.name.clone(), ..House::default() }),
        }
    }

    /// `house.toml` as it stands there, which `read` only has the meaning of.
    fn house_toml(&self) -> Result<Option<String>> {
        House::toml_text(&self.folder())
    }

    /// Writes files of the house, all or none.
    fn write(&self, writes: &[Written], disk: &mut dyn Disk) -> Result<()> {
        let paths: Vec<String> = writes.iter().map(|write| format!("{}{}", self.below, write.path)).collect();
        let writes: Vec<commit::Write<'_>> = paths
            .iter()
            .zip(writes)
            .map(|(path, write)| commit::Write { path, before: write.before.as_deref(), after: &write.after })
            .collect();
        let interrupted = commit::on_interrupt()?;
        commit::write(&writes, &self.root, disk, &interrupted)
            .map_err(|error| stopped(Stop::Write, error.to_string()))?;
        Ok(())
    }
}

/// A file of a house before and after.
struct Written {
    path: String,
    before: Option<String>,
    after: String,
}

/// The files of `catalog` that `name` means: one file, or those of a layer. A layer's `layer.toml` is not among them:
/// what a house says about it is merged, so a copy would hold fast what we mend.
fn named(name: &str, catalog: &Catalog) -> Result<Vec<String>> {
    let layers = || catalog.layers().iter();
    let files = || layers().flat_map(files_of);
    let name = name.trim_end_matches('/').trim_start_matches("templates/");
    if let Some(layer) = layers().find(|layer| layer.id == name) {
        return Ok(files_of(layer).map(str::to_owned).collect());
    }
    if files().any(|path| path == name) {
        return Ok(vec![name.to_owned()]);
    }
    if let Some(layer) = name.strip_suffix("/layer.toml").filter(|id| layers().any(|layer| layer.id == *id)) {
        return usage(format!(
            "a layer.toml is merged, not replaced: write {layer}/layer.toml with nothing but the keys to change"
        ));
    }
    let known = files().chain(layers().map(|layer| layer.id.as_str()));
    usage(format!("there is no layer or file `{name}`{}: `templates list` shows all", hint(name, known)))
}

fn files_of(layer: &crate::catalog::Layer) -> impl Iterator<Item = &str> {
    layer.files.iter().chain(&layer.shared).chain(&layer.fragments).map(|(path, _)| path.as_str())
}
