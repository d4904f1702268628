//! Flags, project and catalog become decided choices; nothing is undecided after this.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use minijinja::{Value, value::Serde};
use serde::Serialize;

use crate::{
    args::Generate,
    catalog::{AXES, Catalog, Choices, Layer, SWITCHES},
    names::{self, Name, Names},
    project::Project,
    report::{Stop, stopped, usage},
    templates::Templates,
};

/// Everything a plan is drawn from, besides the project's own text.
#[derive(Debug)]
pub struct Spec {
    pub names: Names,
    pub choices: Choices,
    /// Where each choice came from, for people.
    pub reasons: BTreeMap<String, String>,
    /// `YYYYMMDDHHMMSS`, UTC.
    pub stamp: String,
    /// Whether the program is still what `cargo new` wrote, so that the first server is written too.
    pub fresh: bool,
    /// The port the program listens on, as far as its source tells.
    pub port: u16,
    variables: BTreeMap<String, Value>,
}

impl Spec {
    /// Decides what a run does.
    ///
    /// Errors: names that do not work, in themselves or in this project; a framework that cannot be told; a
    /// crate in a version that is not supported; a Rust version too old.
    pub fn decide(
        args: &Generate,
        project: &Project,
        catalog: &Catalog,
        templates: &Templates,
        now: SystemTime,
    ) -> Result<Spec> {
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let names = Names::parse(
            &word(&args.context),
            &word(&args.schema),
            &word(&args.plural),
            args.web.as_deref(),
            args.table.as_deref(),
        )?;
        let stamp = stamp(args, now)?;
        let fresh = project.is_fresh()?;
        let (choices, reasons) = choose(args, project, catalog, fresh)?;
        let layers = catalog.select(&choices);
        check_rust_version(project, &layers)?;
        check_names(&names, project, &layers, templates)?;
        let variables = layers.iter().flat_map(|layer| layer.toml.vars.clone()).collect();
        let port = args.port.map_or_else(|| port(project), Ok)?;
        Ok(Spec { names, choices, reasons, stamp, fresh, port, variables })
    }

    /// The variables of templates. `templates/README.md` describes them.
    pub fn context(&self, project: &Project) -> Value {
        let mut context = self.variables.clone();
        let mut set = |key: &str, value: Value| context.insert(key.to_owned(), value);
        set("app", serialized(Name::new(&project.name)));
        set("context", serialized(Path::new(&self.names.context, "::")));
        set("schema", serialized(&self.names.schema));
        set("plural", serialized(&self.names.plural));
        set("web", serialized(self.web()));
        set("table", self.names.table.clone().into());
        set("stamp", self.stamp.clone().into());
        set("edition", project.edition.clone().into());
        set("port", self.port.into());
        serialized(context)
    }

    /// What stands in braces in a template's file name and in the strings of a `layer.toml`.
    pub fn placeholders(&self, project: &Project) -> Result<BTreeMap<&'static str, String>> {
        let web = self.web();
        Ok(BTreeMap::from([
            (
                "context",
                self.names.context.iter().map(|name| name.snake.as_str()).collect::<Vec<_>>().join("/"),
            ),
            ("context_module", Path::new(&self.names.context, "::").path),
            (
                "context_name",
                self.names.context.iter().map(|name| name.human.as_str()).collect::<Vec<_>>().join(" "),
            ),
            ("schema", self.names.schema.snake.clone()),
            ("plural", self.names.plural.snake.clone()),
            ("web", web.module),
            ("route", web.route),
            ("table", self.names.table.clone()),
            ("stamp", self.stamp.clone()),
            ("app", Name::new(&project.name).snake),
            ("port", self.port.to_string()),
            (
                "crate_root",
                project.crate_root()?.strip_prefix(&project.package_dir).unwrap_or_default().to_owned(),
            ),
        ]))
    }

    fn web(&self) -> Web {
        let segments = || self.names.web.iter().chain([&self.names.plural]);
        let join = |with: &str| segments().map(|name| name.snake.as_str()).collect::<Vec<_>>().join(with);
        Web { module: join("_"), route: format!("/{}", join("/")) }
    }
}

fn serialized(value: impl Serialize) -> Value {
    Value::from(Serde(value))
}

/// A module path.
#[derive(Serialize)]
struct Path {
    /// `shop::accounts`
    path: String,
    /// `accounts`
    module: String,
    /// `Accounts`
    pascal: String,
    /// `accounts`, for text people read
    human: String,
}

impl Path {
    fn new(segments: &[Name], separator: &str) -> Path {
        let path = segments.iter().map(|name| name.snake.as_str()).collect::<Vec<_>>().join(separator);
        let last = segments.last().cloned().unwrap_or_else(|| Name::new(""));
        Path { path, module: last.snake, pascal: last.pascal, human: last.human }
    }
}

/// Where the pages are.
#[derive(Serialize)]
struct Web {
    /// `users`, `backoffice_users`: the module below `web`, also the folder of views.
    module: String,
    /// `/users`, `/backoffice/users`: what every address starts with.
    route: String,
}

fn choose(
    args: &Generate,
    project: &Project,
    catalog: &Catalog,
    fresh: bool,
) -> Result<(Choices, BTreeMap<String, String>)> {
    let mut choices = Choices::new();
    let mut reasons = BTreeMap::new();
    for &axis in AXES {
        let (value, reason) = match args.choice(axis) {
            Some(value) => (value.to_owned(), "flag".to_owned()),
            None if axis == "project" => {
                (if fresh { "fresh" } else { "existing" }.to_owned(), project.manifest.clone())
            }
            None if axis == "agents-md" => {
                (if args.no_agents_md { "no" } else { "yes" }.to_owned(), "flag".to_owned())
            }
            None => match catalog.detect(axis, project, &choices)? {
                Some(found) => (found.value, found.why),
                None => return Err(stopped(Stop::Project, format!("no {axis} to choose from"))),
            },
        };
        choices.insert(axis.to_owned(), value);
        reasons.insert(axis.to_owned(), reason);
    }
    check_combination(catalog, &choices)?;
    if !fresh {
        check_framework(project, catalog, &choices)?;
    }
    Ok((choices, reasons))
}

/// Each value chosen must have a layer under the other choices: `--db` of one data layer is no database of another.
fn check_combination(catalog: &Catalog, choices: &Choices) -> Result<()> {
    for (axis, value) in choices.iter().filter(|(axis, _)| !SWITCHES.contains(&axis.as_str())) {
        let fits = |layer: &&Layer| layer.when.last().is_some_and(|(_, of)| of == value);
        if !catalog.layers_of(axis, choices).any(|layer| fits(&layer)) {
            let others: Vec<&str> = catalog
                .layers_of(axis, choices)
                .filter_map(|layer| Some(layer.when.last()?.1.as_str()))
                .collect();
            return usage(format!(
                "--{axis} {value} does not go with the other choices; there is {}",
                others.join(", ")
            ));
        }
    }
    Ok(())
}

/// A program of the owner's that is not built on the framework has no router we could add to.
fn check_framework(project: &Project, catalog: &Catalog, choices: &Choices) -> Result<()> {
    let selected = catalog.select(choices);
    let framework = selected.iter().find(|layer| layer.when.len() == 1 && layer.when[0].0 == "framework");
    let Some(detect) = framework.and_then(|layer| layer.toml.detect.as_ref()) else { return Ok(()) };
    if project.dependencies.contains_key(&detect.name) {
        return Ok(());
    }
    let message = format!(
        "{} does not depend on {}, and {} is not what `cargo new` wrote: there is no router to add accounts to.\n\
         Two ways on: add a router of {} {} to this program and run this again, or start from a fresh project \
         (`cargo new hello`) and run this there.",
        project.manifest,
        catalog.values("framework").join(" or "),
        project.crate_root()?,
        detect.name,
        detect.version
    );
    Err(stopped(Stop::Project, message))
}

fn check_rust_version(project: &Project, layers: &[&Layer]) -> Result<()> {
    let Some(has) = &project.rust_version else { return Ok(()) };
    for layer in layers {
        let Some(needs) = layer.toml.rust.as_deref() else { continue };
        let lowest = format!(">={needs}");
        if !semver::VersionReq::parse(&lowest)?.matches(has) {
            let message = format!(
                "{} says rust-version {}.{}, but {} needs Rust {needs}: raise it, or choose another layer",
                project.manifest, has.major, has.minor, layer.id
            );
            return Err(stopped(Stop::Project, message));
        }
    }
    Ok(())
}

/// Names that are fine words but not in this project, or not beside the code we write.
fn check_names(names: &Names, project: &Project, layers: &[&Layer], templates: &Templates) -> Result<()> {
    let crate_name = Name::new(&project.name).snake;
    let added = || layers.iter().flat_map(|layer| layer.toml.dependencies.iter().map(|(key, _)| key));
    for (what, name) in names.modules() {
        let is = |dependency: &str| dependency.replace('-', "_") == name.snake;
        if project.dependencies.keys().any(|key| is(key)) || added().any(is) {
            return usage(format!(
                "{what} `{}` makes a module `{}`, which hides the dependency of that name: choose another word",
                name.pascal, name.snake
            ));
        }
    }
    for (what, name) in names.context.iter().map(|name| ("context", name)).chain([("schema", &names.schema)])
    {
        if name.snake == crate_name {
            return usage(format!(
                "{what} `{}` has the same name as the package: choose another word",
                name.pascal
            ));
        }
    }
    check_taken_module(&names.context[0], project)?;
    check_used_words(names, layers, templates)
}

/// A schema called like something in the generated code would be two things in one file.
fn check_used_words(names: &Names, layers: &[&Layer], templates: &Templates) -> Result<()> {
    let words =
        [("schema", &names.schema.pascal), ("schema", &names.schema.snake), ("plural", &names.plural.snake)];
    let files = layers.iter().flat_map(|layer| layer.files.iter().chain(&layer.shared));
    for (template, _) in files.filter(|(path, _)| path.ends_with(".rs.jinja")) {
        let source = templates.source(template).unwrap_or_default();
        // `mod accounts;` in `accounts/mod.rs` is two modules of one name, at which clippy takes offence.
        let inside = names.context.last().filter(|name| source.contains(&format!("mod {};", name.snake)));
        if let Some(name) = inside {
            let (name, module) = (&name.pascal, &name.snake);
            return usage(format!(
                "context `{name}` would hold a module `{module}` too: choose another word"
            ));
        }
        if let Some((what, word)) = words.iter().find(|(_, word)| names::is_identifier_in(source, word)) {
            return usage(format!(
                "{what} `{word}` is a name the generated code uses itself: choose another word"
            ));
        }
    }
    Ok(())
}

/// `src/accounts.rs` beside the `src/accounts/mod.rs` we would write is an error of the compiler.
fn check_taken_module(context: &Name, project: &Project) -> Result<()> {
    let taken = project.in_package(&format!("src/{}.rs", context.snake));
    if project.text(&taken)?.is_some() {
        return usage(format!(
            "context `{}` is already a module of this project, {taken}: choose another word",
            context.pascal
        ));
    }
    Ok(())
}

/// The port of the first address a listener is bound to in the crate root; 3000 where none is found.
fn port(project: &Project) -> Result<u16> {
    let text = project.text(&project.crate_root()?)?.unwrap_or_default();
    let addresses = text.split("bind(").skip(1).filter_map(|rest| rest.split(')').next());
    let port = |address: &str| address.trim_end().trim_end_matches('"').rsplit(':').next()?.parse().ok();
    Ok(addresses.filter_map(port).next().unwrap_or(3000))
}

fn stamp(args: &Generate, now: SystemTime) -> Result<String> {
    let Some(text) = &args.timestamp else { return Ok(utc_stamp(now)) };
    let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(99);
    let in_range = (1..=12).contains(&number(4, 6))
        && (1..=31).contains(&number(6, 8))
        && number(8, 10) < 24
        && number(10, 12) < 60
        && number(12, 14) < 60;
    if digits && in_range {
        return Ok(text.clone());
    }
    usage(format!("--timestamp `{text}` is not YYYYMMDDHHMMSS, such as 20260131235959"))
}

/// `YYYYMMDDHHMMSS` of a moment, UTC.
fn utc_stamp(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Civil date from days (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_utc() {
        let at = |seconds| utc_stamp(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "19700101000000");
        assert_eq!(at(951_782_399), "20000228235959");
        assert_eq!(at(951_782_400), "20000229000000");
        assert_eq!(at(1_795_176_000), "20261120120000");
    }
}
