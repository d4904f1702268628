//! Every two values that can be chosen together are in a case of the matrix, which CI compiles and tests.

mod combinations;
mod support;

use std::collections::BTreeSet;

use cargo_gen_auth::{catalog::Choices, project::Project};
use combinations::{Combinations, flags, sandbox};

struct Case {
    project: &'static str,
    runs: &'static [&'static str],
}

macro_rules! cases {
    ($($name:ident: $project:literal $runs:expr;)*) => {
        pub const CASES: &[super::Case] = &[$(super::Case { project: $project, runs: &$runs }),*];
    };
}

#[path = "matrix/cases.rs"]
mod cases;

type Pair = [(String, String); 2];

fn pairs(choices: &Choices) -> Vec<Pair> {
    let values: Vec<(String, String)> = choices.clone().into_iter().collect();
    let mut pairs = Vec::new();
    for (at, one) in values.iter().enumerate() {
        pairs.extend(values[at + 1..].iter().map(|other| [one.clone(), other.clone()]));
    }
    pairs
}

#[test]
fn every_pair_of_values_is_in_a_case() {
    let combinations = Combinations::new();
    let mut missing: BTreeSet<Pair> = combinations.all.iter().flat_map(pairs).collect();
    assert!(missing.len() > 90, "{}", missing.len());
    for case in cases::CASES {
        let sandbox = sandbox(case.project);
        let project = Project::read(None, None, &sandbox.path()).expect("a project");
        for run in case.runs {
            let chosen = combinations.chosen(&project, &run.split(' ').collect::<Vec<_>>());
            pairs(&chosen).iter().for_each(|pair| _ = missing.remove(pair));
        }
    }
    let missing: Vec<String> = missing.into_iter().map(|pair| flags(&Choices::from(pair))).collect();
    assert!(missing.is_empty(), "add cases to tests/matrix/cases.rs, with\n{}", missing.join("\n"));
}

/// Flags choose what they are made from, so the whole table (`tests/table.rs`) is what it says.
#[test]
fn every_combination_of_the_table_is_chosen_by_its_flags() {
    let combinations = Combinations::new();
    let all = &combinations.all;
    assert!(all.len() > 100, "{}", all.len());
    let hellos =
        support::HELLOS.map(|name| Project::read(None, None, &support::fixture(name)).expect("a project"));
    for choices in all {
        let flags = format!("Accounts User users {}", flags(choices));
        let args: Vec<&str> = flags.split(' ').collect();
        let hello = combinations.hello(choices);
        let at = support::HELLOS.iter().position(|name| *name == hello).expect("one of them");
        assert_eq!(&combinations.chosen(&hellos[at], &args), choices);
    }
}
