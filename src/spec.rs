//! Flags, project and catalog become decided choices; nothing is undecided after this.

mod checks;
mod modules;
mod port;
mod variables;

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use minijinja::Value;

use crate::{
    args::Generate,
    catalog::{AXES, Catalog, Choices},
    names::Names,
    project::{Library, Packages, Project},
    report::{Stop, stopped, usage},
    site::Site,
    templates::{HOUSE_TOML, Templates},
};
pub(crate) use modules::public_items;

use checks::{
    check_combination, check_edition, check_framework, check_library, check_names, check_needs,
    check_refused, check_rust_version, check_value, check_versions,
};

/// Everything a plan is drawn from, besides the project's own text.
#[derive(Debug)]
pub struct Spec {
    pub names: Names,
    pub choices: Choices,
    /// Where each choice came from.
    pub reasons: BTreeMap<String, Reason>,
    /// `YYYYMMDDHHMMSS`, UTC.
    pub stamp: String,
    /// Whether the program is still what `cargo new` wrote, so that the first server is written too.
    pub fresh: bool,
    /// The port the program listens on, as far as its source tells.
    pub port: u16,
    /// Where the pages go.
    pub site: Site,
    /// Where the context goes, if that is another package.
    pub library: Option<Library>,
    /// The file and the function that make the router, where the flag says so.
    pub router: Option<(String, String)>,
    /// By usual name, what a module of ours is called beside one of the owner's.
    pub modules: BTreeMap<String, String>,
    variables: BTreeMap<String, Value>,
    /// Old names of variables, each with the new one.
    renamed: Vec<(String, String)>,
}

/// Where a choice came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Flag,
    /// What was found where: `server 0.8.0 in Cargo.toml`.
    Project(String),
    /// What a house chooses, and which house that is.
    House(String),
    Default,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Flag => f.write_str("flag"),
            Reason::Project(found) => f.write_str(found),
            Reason::House(house) => write!(f, "{HOUSE_TOML} of {house}"),
            Reason::Default => f.write_str("default"),
        }
    }
}

impl Spec {
    /// Decides what a run does.
    ///
    /// Errors: a package that the context cannot go into; names that do not work, in themselves or in this project;
    /// a framework that cannot be told; a crate in a version that is not supported; a Rust version too old.
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
        let library = args.context_package.as_deref();
        let library = library.map(|name| project.library_of(name)).transpose()?;
        let library_package = library.as_ref().map(|library| &library.package);
        let below: Vec<Project> =
            library_package.into_iter().chain([project]).flat_map(Project::below).collect();
        let packages = Packages { web: project, library: library_package, below: &below };
        packages.all().try_for_each(check_edition)?;
        let Chosen { choices, reasons, site } = choose(args, packages, catalog, fresh)?;
        let layers = catalog.select(&choices);
        check_refused(args, packages, &layers)?;
        check_versions(packages, &layers, catalog)?;
        check_needs(packages, &layers)?;
        check_rust_version(packages, &layers)?;
        check_names(&names, packages, &layers, templates)?;
        if let Some(library) = &library {
            check_library(library, &names, &layers, templates)?;
        }
        let modules = modules::renamed(packages, &layers, templates)?;
        let mut variables: BTreeMap<String, Value> =
            layers.iter().flat_map(|layer| layer.toml.vars.clone()).collect();
        if let Some(web_root) = variables.get_mut("web_root")
            && let Some(other) = modules.get(&web_root.to_string())
        {
            *web_root = other.as_str().into();
        }
        let renamed = catalog.renamed_variables();
        let port = args.port.map_or_else(|| port::port(project), Ok)?;
        let router = args.router.as_deref().map(|router| router_flag(router, project)).transpose()?;
        Ok(Spec {
            names,
            choices,
            reasons,
            stamp,
            fresh,
            port,
            site,
            library,
            router,
            modules,
            variables,
            renamed,
        })
    }
}

struct Chosen {
    choices: Choices,
    reasons: BTreeMap<String, Reason>,
    site: Site,
}

fn choose(args: &Generate, packages: Packages<'_>, catalog: &Catalog, fresh: bool) -> Result<Chosen> {
    let project = packages.web;
    let mut site = Site::default();
    let mut choices = Choices::new();
    let mut reasons = BTreeMap::new();
    for &axis in AXES.iter().filter(|axis| **axis != "context" || packages.library.is_some()) {
        let (value, reason) = match args.choice(axis) {
            Some(value) => {
                check_value(catalog, axis, value)?;
                catalog.check_version(axis, value, packages, &choices)?;
                (value.to_owned(), Reason::Flag)
            }
            None if axis == "project" => {
                let found = Reason::Project(project.manifest.clone());
                (if fresh { "fresh" } else { "existing" }.to_owned(), found)
            }
            None if axis == "context" => ("apart".to_owned(), Reason::Flag),
            None if axis == "agents-md" && args.no_agents_md => ("no".to_owned(), Reason::Flag),
            None if let Some(default) = catalog.house_default(axis, &choices) => {
                (default.value.clone(), Reason::House(default.house.clone()))
            }
            None if axis == "agents-md" => ("yes".to_owned(), Reason::Default),
            None if axis == "enumeration" && args.no_enumeration => ("no".to_owned(), Reason::Flag),
            None if axis == "enumeration" => ("yes".to_owned(), Reason::Default),
            None if axis == "layout" => {
                site = find_site(project, catalog, &choices)?;
                let why = format!("{} {}", site.file, site.unfit.as_deref().unwrap_or(&site.anchor));
                let reason = match site.file.as_str() {
                    "" => Reason::Default,
                    _ => Reason::Project(why.trim().to_owned()),
                };
                (if site.is_own() { "own" } else { "ours" }.to_owned(), reason)
            }
            None => match catalog.detect(axis, packages, &choices)? {
                Some(found) => (found.value, found.why),
                None if catalog.layers_of(axis, &choices).next().is_none() => continue,
                None => return Err(stopped(Stop::Project, format!("no {axis} to choose from"))),
            },
        };
        choices.insert(axis.to_owned(), value);
        reasons.insert(axis.to_owned(), reason);
    }
    check_combination(catalog, &choices)?;
    if !fresh {
        check_framework(packages, catalog, &choices)?;
    }
    Ok(Chosen { choices, reasons, site })
}

/// The layout in the project, by what the view engine chosen says about its templates.
fn find_site(project: &Project, catalog: &Catalog, choices: &Choices) -> Result<Site> {
    let pages = catalog.select(choices).into_iter().find_map(|layer| layer.toml.pages.as_ref());
    pages.map_or_else(|| Ok(Site::default()), |pages| Site::find(project, pages))
}

/// `FILE::FUNCTION`, the file as one gives it from the package's or the workspace's folder.
fn router_flag(router: &str, project: &Project) -> Result<(String, String)> {
    let Some((file, function)) = router.split_once(".rs::") else {
        return usage(format!(
            "--router `{router}` is not FILE::FUNCTION, such as src/routes.rs::create_router"
        ));
    };
    let file = format!("{}.rs", file.trim_start_matches("./"));
    for path in [project.in_package(&file), file.clone()] {
        if project.text(&path)?.is_some() {
            return Ok((path, function.to_owned()));
        }
    }
    usage(format!("--router {router}: there is no file {file}"))
}

fn stamp(args: &Generate, now: SystemTime) -> Result<String> {
    let Some(text) = &args.timestamp else { return Ok(utc_stamp(now)) };
    let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(99);
    let in_range = (1..=12).contains(&number(4, 6))
        && (1..=days_in(number(0, 4), number(4, 6))).contains(&number(6, 8))
        && number(8, 10) < 24
        && number(10, 12) < 60
        && number(12, 14) < 60;
    if digits && in_range {
        return Ok(text.clone());
    }
    usage(format!("--timestamp `{text}` is not YYYYMMDDHHMMSS, such as 20260131235959"))
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
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
