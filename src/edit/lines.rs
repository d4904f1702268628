//! Edits of plain text: lists of lines such as `.gitignore`, sections of Markdown files.

use super::text::{Splice, at_end};

/// The lines that are not in the text yet, at its end. An empty line is only added together
/// with the line behind it.
pub(crate) fn append_lines(text: &str, lines: &[String]) -> Vec<Splice> {
    let mut there: Vec<&str> = text.lines().map(str::trim).collect();
    let mut missing: Vec<&str> = Vec::new();
    let mut gap = false;
    for line in lines.iter().flat_map(|line| line.split('\n')) {
        if line.trim().is_empty() {
            gap = true;
            continue;
        }
        if !there.contains(&line.trim()) {
            missing.extend(gap.then_some(""));
            missing.push(line.trim_end());
            there.push(line.trim());
        }
        gap = false;
    }
    if missing.is_empty() {
        return Vec::new();
    }
    let after_gap = missing[0].is_empty();
    vec![at_end(text, &missing[usize::from(after_gap)..].join("\n"), after_gap)]
}

/// What to tell a person instead of [`append_lines`].
pub(crate) fn append_lines_by_hand(lines: &[String], path: &str) -> String {
    format!("in `{path}`, add these lines:\n{}", lines.join("\n"))
}

/// A section between two marker lines, before the first line that is `before`, else at the end.
pub(crate) fn insert_section(
    text: &str,
    start: &str,
    end: &str,
    section: &str,
    before: Option<&str>,
) -> Vec<Splice> {
    if text.lines().any(|line| line.trim() == start) {
        return Vec::new();
    }
    let block = format!("{start}\n{}\n{end}", section.trim_end());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if before.is_some_and(|before| line.trim() == before) {
            return vec![Splice::insert(at, format!("{block}\n\n"))];
        }
        at += line.len();
    }
    vec![at_end(text, &block, true)]
}

/// What to tell a person instead of [`insert_section`].
pub(crate) fn insert_section_by_hand(start: &str, end: &str, section: &str, path: &str) -> String {
    format!("in `{path}`, add this section:\n{start}\n{}\n{end}", section.trim_end())
}
