//! The review: what a plan would do, shown as a table and a diff, and the question.

use std::{
    fmt,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use similar::{ChangeTag, TextDiff};

use crate::{
    World,
    args::Generate,
    catalog::{AXES, SWITCHES},
    plan::{Change, Level, Plan},
    project::Project,
    report::{Stop, stopped},
    spec::Spec,
};

/// What follows the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Files are in the way.
    Refuse,
    Write,
    /// Every file is as it should be; a killed run may have left temporary files.
    Tidy,
    /// Only looked at, or declined.
    Leave,
}

/// Shows the plan and asks, as far as flags do not answer already.
///
/// Errors: a question and nobody there to answer ([`Stop::Usage`]).
pub fn decide(
    plan: &Plan,
    spec: &Spec,
    project: &Project,
    args: &Generate,
    world: &mut World<'_>,
) -> Result<Decision> {
    if !args.quiet {
        heading(spec, project, args, world.err)?;
        table(plan, args, world.err)?;
    }
    if plan.findings(Level::Blocks).next().is_some() {
        return Ok(Decision::Refuse);
    }
    if plan.is_empty() {
        if !args.quiet && plan.findings(Level::ByHand).next().is_none() {
            writeln!(world.err, "{:>12} nothing to do", "Finished")?;
        }
        return Ok(if args.only_looks() { Decision::Leave } else { Decision::Tidy });
    }
    if args.only_looks() {
        show(plan, args, world)?;
        if !args.quiet {
            let flag = if args.check { "--check" } else { "--dry-run" };
            writeln!(world.err, "\nNothing was written ({flag}).")?;
        }
        return Ok(Decision::Leave);
    }
    if !args.yes && !world.interactive {
        let message =
            "there is nobody to ask here: say --yes to write, --dry-run to look, or --check to compare";
        return Err(stopped(Stop::Usage, message));
    }
    if !args.quiet || args.diff {
        show(plan, args, world)?;
    }
    if args.yes { Ok(Decision::Write) } else { ask(plan, project, world) }
}

/// The diff goes to standard output, unless a document for programs does.
fn show(plan: &Plan, args: &Generate, world: &mut World<'_>) -> io::Result<()> {
    if args.json {
        return Ok(());
    }
    if !args.quiet {
        writeln!(world.err)?;
    }
    diff(plan, args.diff, world.color, world.out)
}

fn heading(spec: &Spec, project: &Project, args: &Generate, err: &mut dyn Write) -> io::Result<()> {
    let shown = AXES.iter().filter(|axis| !SWITCHES.contains(axis));
    let choices: Vec<&str> = shown.filter_map(|axis| Some(spec.choices.get(*axis)?.as_str())).collect();
    let library = spec.library.as_ref();
    let library = library.map(|library| format!(" with its context in {}", library.package.name));
    let (name, library) = (&project.name, library.unwrap_or_default());
    writeln!(err, "{:>12} {name}{library} ({})", "Reading", choices.join(", "))?;
    if args.verbose {
        for (axis, value) in &spec.choices {
            writeln!(err, "{:>12} {value} ({})", axis, spec.reasons[axis])?;
        }
    }
    Ok(())
}

fn table(plan: &Plan, args: &Generate, err: &mut dyn Write) -> io::Result<()> {
    let width = plan.changes().map(|(path, _)| path.len()).max().unwrap_or(0);
    let line = |verb: &str, path: &str, size: String, change: &Change| {
        let layers = if args.verbose { format!("  {}", change.layers.join(", ")) } else { String::new() };
        format!("{verb:>12} {path:width$}  {size}{layers}\n")
    };
    let mut text = String::new();
    for (path, change) in plan.changes().filter(|(_, change)| change.before.is_none()) {
        let size = format!("{:>10}", lines(line_count(&change.after)));
        text.push_str(&line("create", path, size, change));
    }
    for (path, change) in plan.changes() {
        if let Some(before) = &change.before {
            let (added, removed) = counts(before, &change.after);
            text.push_str(&line("edit", path, format!("+{added} -{removed}"), change));
        }
    }
    for finding in plan.findings(Level::ByHand) {
        text.push_str(&format!("{:>12} {} {}\n", "by hand", finding.path, finding.says));
    }
    for finding in plan.findings(Level::Warning) {
        text.push_str(&format!("{:>12} {}: {}\n", "warning", finding.place(), finding.says));
        let around = finding.by_hand.as_deref().unwrap_or_default();
        around.lines().for_each(|line| text.push_str(&format!("{:>12} {line}\n", "")));
    }
    for finding in plan.findings(Level::Note).filter(|_| args.verbose) {
        text.push_str(&format!("{:>12} {} {}\n", "note", finding.path, finding.says));
    }
    err.write_all(text.as_bytes())
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// Counts in bytes, 255 at a time at most: a processor adds 16 or more of those up at once.
fn line_count(text: &str) -> usize {
    let ends = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    text.as_bytes().chunks(255).map(|chunk| usize::from(ends(chunk))).sum()
}

fn counts(before: &str, after: &str) -> (usize, usize) {
    let diff = TextDiff::from_lines(before, after);
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    (count(ChangeTag::Insert), count(ChangeTag::Delete))
}

/// Writes the unified diff of every edit and, with `new_files`, of every new file; else their count.
pub fn diff(plan: &Plan, new_files: bool, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut folded = (0, 0);
    for (path, change) in plan.changes() {
        if change.before.is_some() || new_files {
            one_diff(path, change, color, out)?;
        } else {
            folded = (folded.0 + 1, folded.1 + line_count(&change.after));
        }
    }
    if folded.0 > 0 {
        writeln!(out, "and {} new files with {} lines (--diff shows them)", folded.0, folded.1)?;
    }
    out.flush()
}

/// The whole diff, new files too.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        diff(self, true, false, &mut text).map_err(|_| fmt::Error)?;
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

fn one_diff(path: &str, change: &Change, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let before = change.before.as_deref();
    let old = if before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    unified(&old, &format!("b/{path}"), before.unwrap_or_default(), &change.after, color, out)
}

/// Writes the unified diff of two texts called `old` and `new`; nothing, where they are the same.
pub fn unified(
    old: &str,
    new: &str,
    before: &str,
    after: &str,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = TextDiff::from_lines(before, after);
    let text = text.unified_diff().context_radius(3).header(old, new).to_string();
    if !color {
        return out.write_all(text.as_bytes());
    }
    for line in text.split_inclusive('\n') {
        let style = style_of(line);
        let end = if line.ends_with('\n') { "\n" } else { "" };
        write!(out, "{style}{}{style:#}{end}", line.trim_end_matches('\n'))?;
    }
    Ok(())
}

fn style_of(line: &str) -> Style {
    match line.as_bytes().first() {
        _ if line.starts_with("+++") || line.starts_with("---") => Style::new().bold(),
        Some(b'+') => AnsiColor::Green.on_default(),
        Some(b'-') => AnsiColor::Red.on_default(),
        Some(b'@') => AnsiColor::Cyan.on_default(),
        _ => Style::new(),
    }
}

fn ask(plan: &Plan, project: &Project, world: &mut World<'_>) -> Result<Decision> {
    if let Some(uncommitted) = (world.uncommitted)(&project.root) {
        writeln!(world.err, "\nnote: git has {uncommitted} uncommitted files here")?;
    }
    loop {
        write!(world.err, "\nWrite this? [Y]es, [n]o, [d]iff of everything: ")?;
        world.err.flush()?;
        let mut answer = String::new();
        if world.input.read_line(&mut answer)? == 0 {
            return Err(stopped(Stop::Usage, "no answer: say --yes to write, or --dry-run to look"));
        }
        match answer.trim().to_lowercase().as_str() {
            "" | "y" | "yes" => return Ok(Decision::Write),
            "n" | "no" | "q" => {
                writeln!(world.err, "Nothing was written.")?;
                return Ok(Decision::Leave);
            }
            "d" | "diff" => diff(plan, true, world.color, world.out)?,
            _ => writeln!(world.err, "Answer y, n or d.")?,
        }
    }
}
