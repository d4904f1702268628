//! `templates diff` and `templates merge`: a house against the built-in templates of this version, and these against
//! the ones the house was copied from.

use std::io::{self, Write};

use anyhow::Result;
use similar::TextMerge;

use super::{Target, Written, built_in as is_built_in, eject};
use crate::{
    World,
    nearest::hint,
    report::{Stop, usage},
    review,
    templates::{House, Templates},
};

/// Shows, for each file of each house, what it changes, and what the built-in one has changed since it was copied.
/// Returns the exit code, 0.
pub(super) fn diff(
    name: Option<&str>,
    templates: &Templates,
    built_in: &Templates,
    world: &mut World<'_>,
) -> Result<u8> {
    if templates.houses().is_empty() {
        writeln!(world.err, "No templates of your own: everything is built in.")?;
    }
    for house in templates.houses() {
        for path in chosen(house, name)? {
            one(house, path, built_in, world)?;
        }
    }
    world.out.flush()?;
    Ok(0)
}

fn one(house: &House, path: &str, built_in: &Templates, world: &mut World<'_>) -> io::Result<()> {
    let place = format!("{}/{path}", house.name);
    let (ours, base) = (&house.files[path], house.bases.get(path));
    let Some(theirs) = built_in.source(path) else {
        let moved = if base.is_some() { gone(path, built_in) } else { String::new() };
        return writeln!(world.err, "{:>12} {place}{moved}", "added");
    };
    if path.ends_with("/layer.toml") {
        return writeln!(world.err, "{:>12} {place}", "merged");
    }
    if ours == theirs {
        writeln!(world.err, "{:>12} {place}: the built-in file is the same; it can go", "same")?;
    }
    review::unified(&format!("built-in/{path}"), &place, theirs, ours, world.color, world.out)?;
    let recorded = house.toml.from.get(path).map_or("it was copied", String::as_str);
    match base {
        Some(base) if base != theirs => {
            let conflicts = TextMerge::from_lines(base.as_str(), ours.as_str(), theirs).conflict_count();
            let merge = match conflicts {
                0 => "`templates merge` takes it over".to_owned(),
                count => format!("{count} of the changes meet yours"),
            };
            writeln!(
                world.err,
                "{:>12} {place}: the built-in file has changed since {recorded}; {merge}",
                "changed"
            )?;
            review::unified(
                &format!("{recorded}/{path}"),
                &format!("built-in/{path}"),
                base,
                theirs,
                world.color,
                world.out,
            )
        }
        Some(_) => Ok(()),
        None => writeln!(world.err, "{:>12} {place}: nobody recorded what it was copied from", "replaced"),
    }
}

/// What became of a built-in file that was copied once.
fn gone(path: &str, built_in: &Templates) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let same_name = built_in.files().map(|(path, _)| path).find(|other| other.ends_with(&format!("/{name}")));
    let moved = same_name.map(|other| format!("; it may be {other} now")).unwrap_or_default();
    format!(": there is no such built-in file any more{moved}")
}

/// Takes over what the built-in files have changed since they were copied; with `keep`, holds it for seen.
///
/// Returns the exit code: 5 where changes of both sides meet, whose files stay as they are.
pub(super) fn merge(
    name: Option<&str>,
    keep: bool,
    target: &Target,
    built_in: &Templates,
    world: &mut World<'_>,
) -> Result<u8> {
    let house = target.read()?;
    let (mut writes, mut done, mut code) = (Vec::new(), Vec::new(), 0);
    for path in chosen(&house, name)? {
        let place = format!("{}/{path}", house.name);
        let (Some(theirs), Some(base)) = (built_in.source(path), house.bases.get(path)) else {
            if is_built_in(path) && !path.ends_with("/layer.toml") {
                writeln!(world.err, "{:>12} {place}: nobody recorded what it was copied from", "skipped")?;
            }
            continue;
        };
        if base == theirs {
            continue;
        }
        let ours = &house.files[path];
        let merge = TextMerge::from_lines(base.as_str(), ours.as_str(), theirs);
        if merge.is_conflicted() && !keep {
            writeln!(world.err, "{:>12} {place}: changes meet; it stays as it is", "by hand")?;
            conflicts(&merge, world.err)?;
            code = Stop::ByHand as u8;
            continue;
        }
        let after = if keep { ours.clone() } else { merge.to_string() };
        writeln!(world.err, "{:>12} {place}", if keep { "kept" } else { "merged" })?;
        writes.push(Written { path: path.to_owned(), before: Some(ours.clone()), after });
        writes.push(eject::base(path, Some(base), theirs));
        done.push(path.to_owned());
    }
    if !writes.is_empty() {
        writes.push(eject::record(target, &done)?);
        target.write(&writes, world.disk)?;
    } else if code == 0 {
        writeln!(world.err, "{:>12} nothing to do", "Finished")?;
    }
    if code != 0 {
        writeln!(
            world.err,
            "\nPut both into your file, then `templates merge --keep FILE` holds ours for seen."
        )?;
    }
    Ok(code)
}

fn conflicts(merge: &TextMerge<'_, '_, '_, str>, err: &mut dyn Write) -> io::Result<()> {
    for region in merge.conflicts() {
        let yours = region.ours_range().filter_map(|line| merge.ours_line(line));
        let ours = region.theirs_range().filter_map(|line| merge.theirs_line(line));
        writeln!(err, "    line {}, yours:", region.ours_range().start + 1)?;
        yours.into_iter().try_for_each(|line| writeln!(err, "    - {}", line.trim_end()))?;
        writeln!(err, "    the built-in:")?;
        ours.into_iter().try_for_each(|line| writeln!(err, "    + {}", line.trim_end()))?;
    }
    Ok(())
}

/// The files of the house that `name`, a file or a folder, means; all without one.
fn chosen<'a>(house: &'a House, name: Option<&str>) -> Result<Vec<&'a str>> {
    let name = name.map(|name| name.trim_end_matches('/'));
    let is_it = |path: &&str| {
        name.is_none_or(|name| {
            *path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let files = || house.files.keys().map(String::as_str);
    let chosen: Vec<&str> = files().filter(is_it).collect();
    match name {
        Some(name) if chosen.is_empty() => {
            usage(format!("{} has no file or layer `{name}`{}", house.name, hint(name, files())))
        }
        _ => Ok(chosen),
    }
}
