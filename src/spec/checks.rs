//! What has to hold of flags, names and project before a plan is drawn; each refusal says what, where and what to do.

use anyhow::Result;
use semver::{Version, VersionReq};

use crate::{
    args::Generate,
    catalog::{Catalog, Choices, Layer, SWITCHES},
    names::{self, Name, Names},
    nearest::hint,
    project::{self, Library, Packages, Project, Side},
    report::{Stop, stopped, usage},
    templates::Templates,
};

/// A flag's value must be one there is, in the built-in templates or those of a house.
pub(super) fn check_value(catalog: &Catalog, axis: &str, value: &str) -> Result<()> {
    let known = catalog.values(axis);
    if known.contains(&value) {
        return Ok(());
    }
    let hint = hint(value, known.iter().copied());
    usage(format!("--{axis} `{value}` is not one of {}{hint}", known.join(", ")))
}

/// Each value chosen must have a layer under the other choices: `--db` of one data layer is no database of another.
pub(super) fn check_combination(catalog: &Catalog, choices: &Choices) -> Result<()> {
    for (axis, value) in choices.iter().filter(|(axis, _)| !SWITCHES.contains(&axis.as_str())) {
        let fitting: Vec<&str> =
            catalog.layers_of(axis, choices).filter_map(|layer| Some(layer.defines()?.1)).collect();
        if !fitting.contains(&value.as_str()) {
            let instead = match fitting.as_slice() {
                [] => "leave it out".to_owned(),
                others => format!("there is {}", others.join(", ")),
            };
            return usage(format!("--{axis} {value} does not go with the other choices; {instead}"));
        }
    }
    Ok(())
}

/// A program of the owner's that is not built on the framework has no router we could add to.
pub(super) fn check_framework(packages: Packages<'_>, catalog: &Catalog, choices: &Choices) -> Result<()> {
    let project = packages.web;
    let selected = catalog.select(choices);
    let framework = selected.iter().find(|layer| layer.when.len() == 1 && layer.when[0].axis == "framework");
    let Some(detect) = framework.and_then(|layer| layer.toml.detect.as_ref()) else { return Ok(()) };
    if project.dependencies.contains_key(&detect.name) {
        return Ok(());
    }
    let all = Choices::new();
    let known = catalog.layers_of("framework", &all).filter_map(|layer| layer.toml.detect.as_ref());
    let known: Vec<&str> = known.map(|detect| detect.name.as_str()).collect();
    // A program of few lines may call a library that has the router.
    let is_known = |package: &&Project| known.iter().any(|name| package.dependencies.contains_key(*name));
    let libraries: Vec<String> =
        packages.below.iter().filter(is_known).map(|package| format!("-p {}", package.name)).collect();
    if !libraries.is_empty() {
        let message = format!(
            "{} does not depend on {}, but is built with what does: the router may be there, say {}; nothing was written",
            project.manifest,
            known.join(" or "),
            libraries.join(" or ")
        );
        return Err(stopped(Stop::Project, message));
    }
    // A flag can ask for one where the program is built on another.
    let missing = match known.iter().any(|name| project.dependencies.contains_key(*name)) {
        true => detect.name.clone(),
        false => known.join(" or "),
    };
    let message = format!(
        "{} does not depend on {missing}, and {} is not what `cargo new` wrote: there is no router to add accounts to.\n\
         Two ways on: add a router of {} {} to this program and run this again, or start from a fresh project \
         (`cargo new hello`) and run this there.",
        project.manifest,
        project.crate_root()?,
        detect.name,
        detect.version
    );
    Err(stopped(Stop::Project, message))
}

pub(super) fn check_edition(project: &Project) -> Result<()> {
    if project.edition.as_str() >= "2021" {
        return Ok(());
    }
    let message =
        format!("{} is of edition {}: the code needs 2021 or later", project.manifest, project.edition);
    Err(stopped(Stop::Project, message))
}

/// What a layer would stand beside badly, unless a flag asks for just that.
pub(super) fn check_refused(args: &Generate, packages: Packages<'_>, layers: &[&Layer]) -> Result<()> {
    for layer in layers {
        let own = packages.of(layer.toml.package);
        let Some((axis, value)) = layer.defines().filter(|(axis, _)| args.choice(axis).is_none()) else {
            continue;
        };
        // A package with the crate of its own uses that, whatever those do that it is built with.
        let has_own = |name: &String| packages.all().any(|package| package.dependencies.contains_key(name));
        let is_there = layer.toml.detect.as_ref().is_some_and(|detect| has_own(&detect.name));
        let below = packages.below.iter().filter(|_| layer.toml.package == Side::Context && !is_there);
        for project in std::iter::once(own).chain(below) {
            let Some(refuse) = layer.toml.refuse.iter().find(|refuse| refuse.is_of(project)) else {
                continue;
            };
            let message = format!(
                "{} uses {}, which is not supported yet: --{axis} {value} adds {value} beside it; nothing was written",
                project.manifest, refuse.is
            );
            return Err(stopped(Stop::Project, message));
        }
    }
    Ok(())
}

/// A dependency the project has already must be of the version the code is written for.
pub(super) fn check_versions(packages: Packages<'_>, layers: &[&Layer], catalog: &Catalog) -> Result<()> {
    let detected =
        |name: &str| layers.iter().any(|layer| layer.toml.detect.iter().any(|detect| detect.name == name));
    for layer in layers {
        let project = packages.of(layer.toml.package);
        for (name, wanted) in wanted(layer).filter(|(name, _)| !detected(name)) {
            check_version(project, name, wanted, layer, catalog)?;
        }
    }
    Ok(())
}

fn check_version(
    project: &Project,
    name: &str,
    wanted: &str,
    layer: &Layer,
    catalog: &Catalog,
) -> Result<()> {
    let Some(has) = project.version_of(name) else { return Ok(()) };
    if project::lowest(wanted).is_none_or(|needed| line(&needed) == line(&has)) {
        return Ok(());
    }
    let older = layer.toml.also.get(name);
    let is_older = project::lowest(wanted).is_some_and(|needed| has < needed);
    if is_older && older.is_some_and(|range| VersionReq::parse(range).is_ok_and(|range| range.matches(&has)))
    {
        return Ok(());
    }
    let besides = older.map_or_else(String::new, |range| format!(" ({range})"));
    let other = layer.defines().map_or_else(String::new, |(axis, value)| {
        let others: Vec<&str> = catalog.values(axis).into_iter().filter(|other| *other != value).collect();
        format!(", or choose --{axis} {},", others.join(" or "))
    });
    let message = format!(
        "{} has {name} {has}, but the code is written for {name} {wanted}{besides}: raise it{other} and run this \
         again; nothing was written",
        project.manifest
    );
    Err(stopped(Stop::Project, message))
}

/// What builds in the end must be new enough: a manifest that asks for less may lead there, or not.
pub(super) fn check_needs(packages: Packages<'_>, layers: &[&Layer]) -> Result<()> {
    for layer in layers {
        let project = packages.of(layer.toml.package);
        if let Some((detect, needs)) =
            layer.toml.detect.as_ref().and_then(|it| Some((it, it.needs.as_ref()?)))
        {
            let supported = format!(" ({} is supported)", detect.version);
            check_need(project, &detect.name, needs, &supported)?;
        }
        for (name, wanted) in wanted(layer) {
            check_need(project, name, wanted, "")?;
        }
    }
    Ok(())
}

/// The lowest version a dependency may have within its line.
fn check_need(project: &Project, name: &str, needs: &str, supported: &str) -> Result<()> {
    let asked = project.dependencies.get(name).or_else(|| project.workspace_dependencies.get(name));
    let (Some(lowest), Some(asked)) = (project::lowest(needs), asked) else { return Ok(()) };
    if asked.version.as_ref().is_some_and(|asked| *asked >= lowest || line(asked) != line(&lowest)) {
        return Ok(());
    }
    let asked = asked.requirement.as_deref().unwrap_or("*");
    let allows = VersionReq::parse(asked).map_or(true, |asked| asked.matches(&lowest));
    let (has, instead) = match project.locked(name).filter(|locked| *locked < lowest) {
        _ if !allows => (format!("{} asks for {name} {asked}", project.manifest), "raise it".to_owned()),
        Some(locked) => (format!("Cargo.lock has {name} {locked}"), format!("say `cargo update -p {name}`")),
        None => return Ok(()),
    };
    let message = format!(
        "{has}, but the code needs {needs} or later{supported}: {instead} and run this again; nothing was written"
    );
    Err(stopped(Stop::Project, message))
}

/// `1` allows 1.4, and who asks for 1.4 gets what `1` is written for; not so 0.5 and 0.6.
fn line(version: &Version) -> (u64, u64) {
    (version.major, if version.major == 0 { version.minor } else { 0 })
}

/// The dependencies of a layer, each with the version its code is written for.
fn wanted(layer: &Layer) -> impl Iterator<Item = (&str, &str)> {
    let entries = [&layer.toml.dependencies, &layer.toml.dev_dependencies].into_iter().flatten();
    entries.map(|(name, spec)| (name.as_str(), spec.version().unwrap_or("*")))
}

/// Each layer must compile with the project's Rust. What the project has already, in a version of its own choice, it
/// compiles.
pub(super) fn check_rust_version(packages: Packages<'_>, layers: &[&Layer]) -> Result<()> {
    let there = |layer: &Layer| {
        let name = layer.toml.detect.as_ref().map(|detect| &detect.name);
        let mut all = packages.all().chain(packages.below);
        name.is_some_and(|name| all.any(|project| project.dependencies.contains_key(name)))
    };
    for layer in layers.iter().filter(|layer| !there(layer)) {
        let needs = layer.toml.rust.as_deref();
        let too_old = packages.all().find(|project| project.is_too_old_for(needs));
        if let (Some(needs), Some(has)) = (needs, too_old.and_then(Project::rust)) {
            let message = format!(
                "{} needs Rust {needs}, but this project is for an older one, {}: raise it and run this again; nothing was written",
                layer.id, has.found
            );
            return Err(stopped(Stop::Project, message));
        }
    }
    Ok(())
}

/// Names that are fine words but not in this project, or not beside the code we write.
pub(super) fn check_names(
    names: &Names,
    packages: Packages<'_>,
    layers: &[&Layer],
    templates: &Templates,
) -> Result<()> {
    for project in packages.all() {
        check_names_in(names, project, layers)?;
    }
    if let [context] = names.context.as_slice() {
        check_taken_module(context, packages.of(Side::Context))?;
    }
    check_used_words(names, layers, templates)
}

fn check_names_in(names: &Names, project: &Project, layers: &[&Layer]) -> Result<()> {
    let crate_name = Name::new(&project.name).snake;
    let added = || layers.iter().flat_map(|layer| layer.toml.dependencies.keys());
    for (what, name) in names.modules() {
        let is = |dependency: &str| dependency.replace('-', "_") == name.snake;
        if project.dependencies.keys().any(|key| is(key)) || added().any(|key| is(key)) {
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
    Ok(())
}

/// The pages name the library's crate where they have modules of their own, and Rust has crates of its own.
pub(super) fn check_library(
    library: &Library,
    names: &Names,
    layers: &[&Layer],
    templates: &Templates,
) -> Result<()> {
    let Library { crate_name, package, .. } = library;
    if let Some((what, name)) = names.modules().into_iter().find(|(_, name)| name.snake == *crate_name) {
        return usage(format!(
            "{what} `{}` makes a module `{crate_name}`, which hides the library of that name: choose another word",
            name.pascal
        ));
    }
    let refuse = |why: &str| {
        let message = format!(
            "--context-package {}: its library is called `{crate_name}`, {why}: give it another name, under [lib] in {}; \
             nothing was written",
            package.name, package.manifest
        );
        Err(stopped(Stop::Project, message))
    };
    if names::is_of_rust(crate_name) {
        return refuse("as a crate of Rust itself");
    }
    let is_web_root =
        |layer: &&Layer| layer.toml.vars.get("web_root").is_some_and(|name| name.to_string() == *crate_name);
    let files = layers.iter().flat_map(|layer| layer.files.iter().chain(&layer.shared));
    let declared = format!("mod {crate_name};");
    let declares = |source: &str| source.contains(&declared) && source.contains("context.crate");
    let mut sources = files.filter_map(|(template, _)| templates.source(template));
    if layers.iter().any(is_web_root) || sources.any(declares) {
        return refuse("as a module of the pages");
    }
    Ok(())
}

/// A schema called like something in the generated code would be two things in one file.
fn check_used_words(names: &Names, layers: &[&Layer], templates: &Templates) -> Result<()> {
    let words =
        [("schema", &names.schema.pascal), ("schema", &names.schema.snake), ("plural", &names.plural.snake)];
    let files =
        layers.iter().flat_map(|layer| layer.files.iter().chain(&layer.shared).chain(&layer.fragments));
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
