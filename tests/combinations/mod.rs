//! What can be chosen at once: the combinations that `--list --json` prints, with the switch it leaves out.
#![allow(dead_code, reason = "each test file uses its part")]

use cargo_gen_auth::{
    catalog::{Catalog, Choices},
    list,
    project::Project,
    spec::Spec,
    templates::Templates,
};

use crate::support::{HELLOS, Sandbox, fixture, generate_args};

pub struct Combinations {
    templates: Templates,
    catalog: Catalog,
    pub all: Vec<Choices>,
}

impl Combinations {
    pub fn new() -> Combinations {
        let templates = Templates::built_in().expect("templates");
        let catalog = Catalog::load(&templates).expect("a catalog");
        let all = all(&catalog);
        Combinations { templates, catalog, all }
    }

    /// What a run with the arguments `args` would choose in a project, of what is in the list.
    pub fn chosen(&self, project: &Project, args: &[&str]) -> Choices {
        let args = generate_args(&self.catalog, args).expect("arguments");
        let now = std::time::UNIX_EPOCH;
        let spec = Spec::decide(&args, project, &self.catalog, &self.templates, now).expect("choices");
        let is_listed = |axis: &str| self.all.iter().any(|choices| choices.contains_key(axis));
        spec.choices.into_iter().filter(|(axis, _)| is_listed(axis)).collect()
    }

    /// The hello-world of the framework that is chosen.
    pub fn hello(&self, choices: &Choices) -> &'static str {
        let of_it = |name: &&str| {
            let project = Project::read(None, None, &fixture(name)).expect("a project");
            self.chosen(&project, &["Accounts", "User", "users"])["framework"] == choices["framework"]
        };
        HELLOS.into_iter().find(of_it).expect("a hello-world of each framework")
    }
}

fn all(catalog: &Catalog) -> Vec<Choices> {
    let printed = list::text(catalog, true).expect("a list");
    let printed: serde_json::Value = serde_json::from_slice(&printed).expect("JSON");
    let listed: Vec<Choices> = serde_json::from_value(printed["combinations"].clone()).expect("choices");
    let switch = catalog.values("enumeration");
    let with = |choices: &Choices, value: &&str| {
        let switched = ("enumeration".to_owned(), (*value).to_owned());
        choices.clone().into_iter().chain([switched]).collect()
    };
    listed.iter().flat_map(|choices| switch.iter().map(move |value| with(choices, value))).collect()
}

/// The flags that choose it.
pub fn flags(choices: &Choices) -> String {
    let flag = |(axis, value): (&String, &String)| match (axis.as_str(), value.as_str()) {
        ("enumeration", "yes") => None,
        ("enumeration", _) => Some("--no-enumeration".to_owned()),
        _ => Some(format!("--{axis} {value}")),
    };
    choices.iter().filter_map(flag).collect::<Vec<_>>().join(" ")
}

/// A fixture, or what `cargo new` writes in an edition: `cargo new 2024`.
pub fn sandbox(project: &str) -> Sandbox {
    match project.strip_prefix("cargo new ") {
        Some(edition) => Sandbox::of_cargo_new("hello", edition),
        None => Sandbox::of_fixture(project),
    }
}
