//! `templates check`: every combination of choices, drawn with awkward names, into a fresh project and into one that
//! has accounts already; with `--build` also what the house chooses by itself, compiled and tested.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    env, fs, process,
    time::SystemTime,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    World,
    args::Generate,
    catalog::{AXES, Catalog, Choices, FACTS, HouseDefault, SWITCHES, VERSIONS},
    demo,
    names::LONGEST,
    nearest::{hint, place_of},
    plan::{self, Level, Plan},
    project::{CARGO_NEW_MAIN, Project},
    report::{Stop, stopped},
    spec::Spec,
    templates::{Templates, variables},
};

/// Names people could choose: context, schema, plural, namespace, table.
type Words = [String; 5];

/// Checks everything, then says what is wrong. Returns the exit code, 0.
///
/// Errors: what is wrong ([`Stop::Project`]).
pub(super) fn run(build: bool, templates: &Templates, world: &mut World<'_>) -> Result<u8> {
    let mut catalog = Catalog::load(templates)?;
    let chosen = std::mem::take(&mut catalog.defaults);
    let combinations = combinations(&catalog);
    let mut check = Check {
        templates,
        wrong: BTreeMap::new(),
        variables: BTreeSet::new(),
        parsed: HashSet::new(),
        runs: 0,
    };
    for choices in &combinations {
        let forced = |value: &String| HouseDefault { value: value.clone(), house: "the check".to_owned() };
        catalog.defaults = choices.iter().map(|(axis, value)| (axis.clone(), forced(value))).collect();
        let label: Vec<&str> = choices.values().map(String::as_str).collect();
        // What an older version changes has no names in it: one set of them is enough.
        let is_newest = older_versions(choices, &catalog) == 0;
        for (number, words) in words().iter().enumerate().take(if is_newest { usize::MAX } else { 1 }) {
            let what = format!("{} ({} {} {})", label.join(", "), words[0], words[1], words[2]);
            // Editions differ in how lines are laid out, not in what they say: one set of names is enough.
            let editions: &[&str] = if number == 0 && is_newest { &["2024", "2021"] } else { &["2024"] };
            for edition in editions {
                if let Err(error) = check.combination(words, edition, &catalog, number == 0 && is_newest) {
                    check.wrong.entry(format!("{error:#}")).or_insert_with(|| what.clone());
                }
            }
        }
    }
    check.names(&catalog);
    if !check.wrong.is_empty() {
        let lines: Vec<String> =
            check.wrong.iter().map(|(what, first)| format!("  {what}\n    first with {first}")).collect();
        let message = format!("templates are not right:\n{}", lines.join("\n"));
        return Err(stopped(Stop::Project, message));
    }
    writeln!(
        world.err,
        "{:>12} {} combinations, {} runs, {} files of Rust parsed",
        "Checked",
        combinations.len(),
        check.runs,
        check.parsed.len()
    )?;
    if build {
        catalog.defaults = chosen;
        compile(templates, &catalog, world)?;
    }
    Ok(0)
}

/// Every choice of layers there can be, one value for each axis that has any under the ones before it.
fn combinations(catalog: &Catalog) -> Vec<Choices> {
    let mut found = vec![Choices::new()];
    // Whether a project is fresh is no choice: each combination is tried in both. Versions are tried, too.
    for axis in AXES.iter().filter(|axis| !FACTS.contains(axis) || VERSIONS.contains(axis)) {
        let longer = |choices: Choices| {
            let mut values: BTreeSet<String> = catalog
                .layers_of(axis, &choices)
                .filter_map(|layer| Some(layer.defines()?.1.to_owned()))
                .collect();
            if values.len() == 1 && values.contains("yes") {
                values.insert("no".to_owned());
            }
            if values.is_empty() {
                return vec![choices];
            }
            let with = |value: String| {
                let mut choices = choices.clone();
                choices.insert((*axis).to_owned(), value);
                choices
            };
            values.into_iter().map(with).collect()
        };
        found = found.into_iter().flat_map(longer).collect();
    }
    // Versions know nothing of each other.
    found.retain(|choices| fits(choices, catalog) && older_versions(choices, catalog) <= 1);
    found
}

/// How many dependencies are not of the newest version.
fn older_versions(choices: &Choices, catalog: &Catalog) -> usize {
    let is_older = |axis: &&&str| {
        let newest = catalog.layers_of(axis, choices).filter(|layer| layer.toml.default).last();
        let newest = newest.and_then(|layer| Some(layer.defines()?.1));
        choices.get(**axis).is_some_and(|value| newest != Some(value.as_str()))
    };
    VERSIONS.iter().filter(is_older).count()
}

/// Whether each value has its layer under the others, also under those that are chosen after it.
fn fits(choices: &Choices, catalog: &Catalog) -> bool {
    choices.iter().filter(|(axis, _)| !SWITCHES.contains(&axis.as_str())).all(|(axis, value)| {
        catalog.layers_of(axis, choices).any(|layer| layer.defines().is_some_and(|(_, of)| of == value))
    })
}

/// Usual names; the shortest; the longest; ones a letter away from keywords; with a namespace and a table.
fn words() -> Vec<Words> {
    let own = |words: [&str; 5]| words.map(str::to_owned);
    let long = |first: char, rest: char| format!("{first}{}", rest.to_string().repeat(LONGEST - 1));
    vec![
        own(["Accounts", "User", "users", "", ""]),
        own(["Q", "Z", "y", "", ""]),
        [long('Q', 'q'), long('Z', 'z'), long('y', 'y'), String::new(), String::new()],
        own(["Traits", "Structure", "structs", "", ""]),
        own(["Shop.Accounts", "OrderItem", "order_items", "Backoffice", "shop_order_items"]),
    ]
}

fn generate(words: &Words) -> Generate {
    let [context, schema, plural, web, table] = words.clone();
    let some = |word: String| Some(word).filter(|word| !word.is_empty());
    Generate {
        context: Some(context),
        schema: Some(schema),
        plural: Some(plural),
        web: some(web),
        table: some(table),
        ..Generate::default()
    }
}

struct Check<'a> {
    templates: &'a Templates,
    /// What is wrong, with the combination where it showed first.
    wrong: BTreeMap<String, String>,
    /// Every variable that some combination has.
    variables: BTreeSet<String>,
    /// Texts that were parsed: most files are the same in most combinations.
    parsed: HashSet<String>,
    runs: usize,
}

impl Check<'_> {
    fn combination(&mut self, words: &Words, edition: &str, catalog: &Catalog, again: bool) -> Result<()> {
        let manifest = format!("[package]\nname = \"hello\"\nedition = \"{edition}\"\n");
        let fresh = BTreeMap::from([
            ("Cargo.toml".to_owned(), manifest),
            ("src/main.rs".to_owned(), CARGO_NEW_MAIN.to_owned()),
        ]);
        let written = self.draw(words, fresh, catalog)?;
        if !again {
            return Ok(());
        }
        let more = ["Backoffice", "Admin", "admins", "Staff", ""].map(str::to_owned);
        self.draw(&more, written.clone(), catalog).context("a second schema in the same project")?;
        let plan = self.plan(words, &written, catalog)?;
        if let Some((path, _)) = plan.changes().next() {
            bail!("the same run again would change {path}");
        }
        Ok(())
    }

    /// The files of a project after a run in it.
    fn draw(
        &mut self,
        words: &Words,
        files: BTreeMap<String, String>,
        catalog: &Catalog,
    ) -> Result<BTreeMap<String, String>> {
        let plan = self.plan(words, &files, catalog)?;
        if let Some(finding) = plan.findings(Level::Blocks).chain(plan.findings(Level::ByHand)).next() {
            bail!("{}: {}", finding.path, finding.says);
        }
        let mut files = files;
        for (path, change) in plan.changes() {
            if path.ends_with(".rs") && !self.parsed.contains(&change.after) {
                parses(path, &change.after).with_context(|| change.layers.join(", "))?;
                self.parsed.insert(change.after.clone());
            }
            files.insert(path.to_owned(), change.after.clone());
        }
        Ok(files)
    }

    fn plan(&mut self, words: &Words, files: &BTreeMap<String, String>, catalog: &Catalog) -> Result<Plan> {
        self.runs += 1;
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let project = Project::from_files(files, None)?;
        let spec = Spec::decide(&generate(words), &project, catalog, self.templates, SystemTime::UNIX_EPOCH)?;
        self.variables.extend(variables(&spec.context(&project)));
        plan::draw(&project, &spec, catalog, self.templates)
    }

    /// What no combination has, in places that rendering may never have come to.
    fn names(&mut self, catalog: &Catalog) {
        let slots: BTreeSet<&str> =
            catalog.layers().iter().flat_map(|layer| &layer.toml.slots).map(String::as_str).collect();
        let mut wrong = Vec::new();
        for (path, source) in self.templates.files().filter(|(path, _)| path.ends_with(".jinja")) {
            let place = |word: &str| format!("{}{}", self.templates.place(path), place_of(word, source));
            for name in self.templates.names_in(path) {
                let starts_one = || self.variables.iter().any(|known| known.starts_with(&format!("{name}.")));
                if !self.variables.contains(&name) && !starts_one() {
                    let hint = hint(&name, self.variables.iter().map(String::as_str));
                    wrong.push(format!("{}: unknown variable `{name}`{hint}", place(&name)));
                }
            }
            let asked = source.lines().filter_map(|line| line.trim().strip_prefix("//# slot "));
            for slot in asked.map(str::trim).filter(|slot| !slots.contains(slot)) {
                let hint = hint(slot, slots.iter().copied());
                wrong.push(format!("{}: no layer offers a slot `{slot}`{hint}", place(slot)));
            }
        }
        for line in wrong {
            self.wrong.insert(line, "every combination".to_owned());
        }
    }
}

fn parses(path: &str, text: &str) -> Result<()> {
    let Err(error) = syn::parse_file(text) else { return Ok(()) };
    let at = error.span().start();
    let line = text.lines().nth(at.line.saturating_sub(1)).unwrap_or_default().trim();
    bail!("{path}:{}:{}: {error}: `{line}`", at.line, at.column + 1)
}

/// A fresh project with what the house chooses by itself, compiled and tested.
fn compile(templates: &Templates, catalog: &Catalog, world: &mut World<'_>) -> Result<()> {
    let folder = env::temp_dir().join(format!("gen-auth-check-{}", process::id()));
    demo::make_project(&folder)?;
    let done = compile_in(&folder, templates, catalog, world);
    fs::remove_dir_all(&folder).with_context(|| format!("{} could not be removed", folder.display()))?;
    done
}

fn compile_in(
    folder: &std::path::Path,
    templates: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<()> {
    let project = Project::read(None, None, folder)?;
    let spec = Spec::decide(&generate(&words()[0]), &project, catalog, templates, world.now)?;
    let plan = plan::draw(&project, &spec, catalog, templates)?;
    crate::write(&plan, &project, world.disk)?;
    writeln!(world.err, "{:>12} cargo test", "Running")?;
    match demo::cargo(&world.cargo, folder, &["test", "--quiet"])? {
        Some(status) if status.success() => Ok(()),
        Some(_) => Err(stopped(Stop::Project, "the generated tests did not pass")),
        None => Err(stopped(Stop::Write, "interrupted")),
    }
}
