//! The question ahead of a plan: which one is meant, of several that a project is set up for.

use anyhow::{Error, Result};

use crate::{
    World,
    args::Generate,
    catalog::{Catalog, FACTS, Several},
    project::Project,
    spec::Spec,
    templates::Templates,
};

/// Decides what a run does; where the project shows several values of an axis, whoever is there is asked. An answer
/// is what its flag would have said.
///
/// Errors: those of [`Spec::decide`], [`Several`] where nobody can answer or nobody did.
pub fn decide(
    args: &Generate,
    project: &Project,
    catalog: &Catalog,
    templates: &Templates,
    world: &mut World<'_>,
) -> Result<Spec> {
    let asks = world.interactive && !args.yes && !args.check && !args.json;
    let mut args = args.clone();
    loop {
        let decided = Spec::decide(&args, project, catalog, templates, world.now);
        match decided.map_err(Error::downcast::<Several>) {
            Ok(spec) => return Ok(spec),
            // What no flag says, no answer does.
            Err(Ok(several)) if asks && !FACTS.contains(&several.axis.as_str()) => {
                let Some(value) = ask(&several, world)? else { return Err(several.into()) };
                args.choose(&several.axis, value);
            }
            Err(Ok(several)) => return Err(several.into()),
            Err(Err(error)) => return Err(error),
        }
    }
}

/// The value that was answered; none if the input ends.
fn ask(several: &Several, world: &mut World<'_>) -> Result<Option<String>> {
    let Several { axis, values, manifest } = several;
    writeln!(world.err, "{manifest} is set up for several:")?;
    for (number, (value, shown)) in values.iter().enumerate() {
        writeln!(world.err, "{:>4}  {value} ({shown})", number + 1)?;
    }
    loop {
        write!(world.err, "Which {axis} are the accounts for? [1-{}]: ", values.len())?;
        world.err.flush()?;
        let mut answer = String::new();
        if world.input.read_line(&mut answer)? == 0 {
            return Ok(None);
        }
        match answered(&answer, values) {
            Some(value) => {
                writeln!(world.err, "{:>12} --{axis} {value} answers this beforehand", "note")?;
                return Ok(Some(value.to_owned()));
            }
            None => writeln!(world.err, "Answer with a number or a name of the list.")?,
        }
    }
}

fn answered<'v>(answer: &str, values: &'v [(String, String)]) -> Option<&'v str> {
    let answer = answer.trim();
    let is_it = |(number, (value, _)): &(usize, &(String, String))| {
        value == answer || answer.parse() == Ok(number + 1)
    };
    values.iter().enumerate().find(is_it).map(|(_, (value, _))| value.as_str())
}
