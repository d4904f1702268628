//! Flags, project and catalog become decided choices; nothing is undecided after this.

mod checks;

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use minijinja::{Value, value::Serde};
use serde::Serialize;

use crate::{
    args::Generate,
    catalog::{AXES, Catalog, Choices},
    names::{Name, Names},
    project::Project,
    report::{Stop, stopped, usage},
    site::Site,
    templates::{HOUSE_TOML, Templates},
};
use checks::{
    check_combination, check_edition, check_framework, check_names, check_refused, check_rust_version,
    check_value, check_versions,
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
        check_edition(project)?;
        let Chosen { choices, reasons, site } = choose(args, project, catalog, fresh)?;
        let layers = catalog.select(&choices);
        check_refused(args, project, &layers)?;
        check_versions(project, &layers)?;
        check_rust_version(project, &layers)?;
        check_names(&names, project, &layers, templates)?;
        let variables = layers.iter().flat_map(|layer| layer.toml.vars.clone()).collect();
        let renamed = catalog.renamed_variables();
        let port = args.port.map_or_else(|| port(project), Ok)?;
        Ok(Spec { names, choices, reasons, stamp, fresh, port, site, variables, renamed })
    }

    /// The variables of templates. `templates/README.md` describes them.
    pub fn context(&self, project: &Project) -> Value {
        let mut context = self.variables.clone();
        let mut set = |key: &str, value: Value| context.insert(key.to_owned(), value);
        set("app", serialized(App::new(&project.name)));
        set("context", serialized(Path::new(&self.names.context, "::")));
        set("schema", serialized(&self.names.schema));
        set("plural", serialized(&self.names.plural));
        set("web", serialized(self.web()));
        set("table", self.names.table.clone().into());
        set("site", serialized(&self.site));
        set("stamp", self.stamp.clone().into());
        set("edition", project.edition.clone().into());
        set("port", self.port.into());
        for (old, new) in &self.renamed {
            add_alias(&mut context, old, new);
        }
        serialized(context)
    }

    /// What stands in braces in a template's file name and in the strings of a `layer.toml`.
    pub fn placeholders(&self, project: &Project) -> Result<BTreeMap<&'static str, String>> {
        let web = self.web();
        let mut placeholders = BTreeMap::from([
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
            ("web_root", self.variables.get("web_root").map(ToString::to_string).unwrap_or_default()),
            ("web", web.module),
            ("route", web.route),
            ("table", self.names.table.clone()),
            ("stamp", self.stamp.clone()),
            ("app", Name::new(&project.name).snake),
            ("port", self.port.to_string()),
            ("build_script", project.build_script.clone()),
            (
                "crate_root",
                project.crate_root()?.strip_prefix(&project.package_dir).unwrap_or_default().to_owned(),
            ),
        ]);
        if !self.site.file.is_empty() {
            placeholders.insert("layout_file", self.site.file.clone());
            placeholders.insert("layout_anchor", self.site.anchor.clone());
        }
        Ok(placeholders)
    }

    fn web(&self) -> Web {
        let segments = || self.names.web.iter().chain([&self.names.plural]);
        let join = |with: &str| segments().map(|name| name.snake.as_str()).collect::<Vec<_>>().join(with);
        Web { module: join("_"), route: format!("/{}", join("/")) }
    }
}

/// The value of `new` under the name `old` too, both perhaps with dots.
fn add_alias(context: &mut BTreeMap<String, Value>, old: &str, new: &str) {
    let attribute = |value: Value, key: &str| value.get_attr(key).ok();
    let Some(value) = new.split('.').try_fold(serialized(&*context), attribute) else { return };
    let (first, rest) = old.split_once('.').unwrap_or((old, ""));
    let value = match rest {
        "" => value,
        rest => {
            let keys = context.get(first).and_then(|map| map.try_iter().ok()).into_iter().flatten();
            let mut map: BTreeMap<String, Value> = keys
                .filter_map(|key| Some((key.to_string(), context.get(first)?.get_item(&key).ok()?)))
                .collect();
            map.insert(rest.to_owned(), value);
            serialized(map)
        }
    };
    context.insert(first.to_owned(), value);
}

fn serialized(value: impl Serialize) -> Value {
    Value::from(Serde(value))
}

/// The package.
#[derive(Serialize)]
struct App {
    #[serde(flatten)]
    name: Name,
    /// What a cookie's name may hold of it: `größe` is `gre`.
    ascii: String,
}

impl App {
    fn new(text: &str) -> App {
        let name = Name::new(text);
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        let ascii: String = name.snake.chars().filter(plain).collect();
        let ascii = if ascii.is_empty() { "app".to_owned() } else { ascii };
        App { name, ascii }
    }
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

struct Chosen {
    choices: Choices,
    reasons: BTreeMap<String, Reason>,
    site: Site,
}

fn choose(args: &Generate, project: &Project, catalog: &Catalog, fresh: bool) -> Result<Chosen> {
    let mut site = Site::default();
    let mut choices = Choices::new();
    let mut reasons = BTreeMap::new();
    for &axis in AXES {
        let (value, reason) = match args.choice(axis) {
            Some(value) => {
                check_value(catalog, axis, value)?;
                (value.to_owned(), Reason::Flag)
            }
            None if axis == "project" => {
                let found = Reason::Project(project.manifest.clone());
                (if fresh { "fresh" } else { "existing" }.to_owned(), found)
            }
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
            None => match catalog.detect(axis, project, &choices)? {
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
        check_framework(project, catalog, &choices)?;
    }
    Ok(Chosen { choices, reasons, site })
}

/// The layout in the project, by what the view engine chosen says about its templates.
fn find_site(project: &Project, catalog: &Catalog, choices: &Choices) -> Result<Site> {
    let pages = catalog.select(choices).into_iter().find_map(|layer| layer.toml.pages.as_ref());
    pages.map_or_else(|| Ok(Site::default()), |pages| Site::find(project, pages))
}

/// The port of the first address in the crate root: `"0.0.0.0:3000"`, or `("127.0.0.1", 3000)` in a `bind`;
/// 3000 where none is found.
fn port(project: &Project) -> Result<u16> {
    let text = project.text(&project.crate_root()?)?.unwrap_or_default();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let ports = code.filter_map(|line| {
        let in_text = line.split('"').skip(1).step_by(2).find_map(|text| number(text.rsplit_once(':')?.1));
        let in_pair = || number(line.split_once("bind((")?.1.split_once(", ")?.1);
        in_text.or_else(in_pair).filter(|port: &u16| *port > 0)
    });
    Ok(ports.into_iter().next().unwrap_or(3000))
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

    #[test]
    fn a_name_of_any_letters_has_ascii_for_cookies() {
        for (name, ascii) in [("hello-world", "hello_world"), ("größe", "gre"), ("\u{65e5}", "app")] {
            assert_eq!(App::new(name).ascii, ascii);
        }
    }
}
