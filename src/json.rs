//! What programs read: the plan of a run as one JSON document, for `--json`.
//!
//! One more reader of [`Plan`]. The fields are declared in the order in which they are printed, which is part of
//! the contract, as `tests/plan.schema.json` is: what changes for a reader raises [`SCHEMA_VERSION`].

use anyhow::{Context as _, Error, Result};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    catalog::AXES,
    names::{self, Name},
    plan::{self, Level, Plan},
    project::Project,
    report::{self, Ending, Outcome, Stop},
    spec::{Reason, Spec},
};

/// The version of the documents, which each of them begins with.
pub const SCHEMA_VERSION: u32 = 1;

/// A run that got as far as a plan.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    schema_version: u32,
    outcome: Outcome,
    exit_code: u8,
    project: Target<'a>,
    names: Names<'a>,
    choices: Vec<Choice<'a>>,
    /// The time stamp of new migrations; those there are keep theirs.
    stamp: &'a str,
    changes: Vec<Change<'a>>,
    findings: Vec<Finding<'a>>,
    next: &'a [String],
}

#[derive(Debug, Serialize)]
struct Target<'a> {
    name: &'a str,
    /// Path of its `Cargo.toml`; like all paths from the root of the workspace or package, with `/`.
    manifest: &'a str,
    /// The package that the context goes to, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Box<Target<'a>>>,
}

/// The names as a command line has them.
#[derive(Debug, Serialize)]
struct Names<'a> {
    context: String,
    schema: &'a str,
    plural: &'a str,
    table: &'a str,
    web: Option<String>,
}

#[derive(Debug, Serialize)]
struct Choice<'a> {
    axis: &'a str,
    value: &'a str,
    from: Origin,
    /// What was found where, of a choice from the manifest; the folder, of one from a house of templates.
    found: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Origin {
    Flag,
    Manifest,
    House,
    Default,
}

/// A file of the plan, by the SHA-256 of its bytes before and after.
#[derive(Debug, Serialize)]
struct Change<'a> {
    path: &'a str,
    kind: Kind,
    before: Option<String>,
    after: String,
    /// The layers of `templates/` that asked for it.
    layers: &'a [String],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Create,
    Edit,
    Unchanged,
}

#[derive(Debug, Serialize)]
struct Finding<'a> {
    level: Level,
    path: &'a str,
    /// The lines it is about in the file as the run leaves it, as far as known.
    lines: &'a [usize],
    says: &'a str,
    /// What a person is to do, of an edit that was not certain.
    by_hand: Option<&'a str>,
}

/// A run that got no plan, or could not write it.
#[derive(Debug, Serialize)]
pub struct Failure {
    schema_version: u32,
    outcome: &'static str,
    exit_code: u8,
    error: Told,
}

#[derive(Debug, Serialize)]
struct Told {
    kind: Stop,
    message: String,
}

impl<'a> Document<'a> {
    /// The document of a run that ended with `ending`.
    pub fn new(project: &'a Project, spec: &'a Spec, plan: &'a Plan, ending: Ending) -> Document<'a> {
        let levels = [Level::Blocks, Level::ByHand, Level::Warning, Level::Note];
        Document {
            schema_version: SCHEMA_VERSION,
            outcome: ending.outcome,
            exit_code: ending.exit_code,
            project: Target::new(project, spec.library.as_ref().map(|library| &library.package)),
            names: names(&spec.names),
            choices: AXES.iter().filter_map(|axis| choice(axis, spec)).collect(),
            stamp: &spec.stamp,
            changes: plan.files().map(|(path, of)| change(path, of)).collect(),
            findings: levels.into_iter().flat_map(|level| plan.findings(level)).map(finding).collect(),
            next: &plan.next,
        }
    }
}

impl<'a> Target<'a> {
    fn new(project: &'a Project, context: Option<&'a Project>) -> Target<'a> {
        let context = context.map(|package| Box::new(Target::new(package, None)));
        Target { name: &project.name, manifest: &project.manifest, context }
    }
}

impl Failure {
    /// The document of a run that ended with `error`.
    pub fn new(error: &Error) -> Failure {
        let kind = report::reason(error);
        let error = Told { kind, message: format!("{error:#}") };
        Failure { schema_version: SCHEMA_VERSION, outcome: "failed", exit_code: kind as u8, error }
    }
}

/// A document as it is printed: indented, with a line feed at the end.
pub fn text(document: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(document).context("JSON")?;
    text.push(b'\n');
    Ok(text)
}

fn names(names: &names::Names) -> Names<'_> {
    let names::Names { context, schema, plural, web, table } = names;
    let dotted = |names: &[Name]| names.iter().map(|name| name.pascal.as_str()).collect::<Vec<_>>().join(".");
    let web = (!web.is_empty()).then(|| dotted(web));
    Names { context: dotted(context), schema: &schema.pascal, plural: &plural.snake, table, web }
}

fn choice<'a>(axis: &'a str, spec: &'a Spec) -> Option<Choice<'a>> {
    let value = spec.choices.get(axis)?;
    let (from, found) = match spec.reasons.get(axis)? {
        Reason::Flag => (Origin::Flag, None),
        Reason::Project(found) => (Origin::Manifest, Some(found.as_str())),
        Reason::House(house) => (Origin::House, Some(house.as_str())),
        Reason::Default => (Origin::Default, None),
    };
    Some(Choice { axis, value, from, found })
}

fn change<'a>(path: &'a str, change: &'a plan::Change) -> Change<'a> {
    let kind = match &change.before {
        None => Kind::Create,
        Some(before) if *before == change.after => Kind::Unchanged,
        Some(_) => Kind::Edit,
    };
    let before = change.before.as_deref().map(sha256);
    Change { path, kind, before, after: sha256(&change.after), layers: &change.layers }
}

fn finding(finding: &plan::Finding) -> Finding<'_> {
    let plan::Finding { level, path, lines, says, by_hand } = finding;
    Finding { level: *level, path, lines, says, by_hand: by_hand.as_deref() }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_sha256sum() {
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
