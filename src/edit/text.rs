//! Places in a text and cuts at them. Knows lines and bytes, no language.

use std::ops::Range;

/// Columns of a line: rustfmt's default.
pub(crate) const LINE: usize = 100;

/// Bytes of the old text and what stands there afterwards. Either an insertion (empty range)
/// or a replacement of white space or of one small value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) range: Range<usize>,
    /// Written with `\n`; [`cut`] turns it into the line ending of the file.
    pub(crate) text: String,
}

impl Splice {
    /// Puts `text` in at a byte position.
    pub(crate) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { range: at..at, text: text.into() }
    }
}

/// Makes the cuts. Insertions at one position keep their order; a cut that overlaps an
/// earlier one or does not lie in the text is left out.
pub(crate) fn cut(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.range.start);
    let ending = line_ending(text);
    let mut after = String::with_capacity(text.len() + 256);
    let mut done = 0;
    for splice in splices {
        let Some(kept) = text.get(done..splice.range.start) else { continue };
        after.push_str(kept);
        after.push_str(&splice.text.replace("\r\n", "\n").replace('\n', ending));
        done = splice.range.end;
    }
    after.push_str(text.get(done..).unwrap_or_default());
    after
}

/// Splits the byte order mark off, if there is one.
pub(crate) fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 })
}

/// The ending of the first line, or `\n`.
pub(crate) fn line_ending(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line that holds the byte `at` starts.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Where the line that holds the byte `at` ends, ahead of its line ending.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let line = rest.find('\n').map_or(rest, |newline| &rest[..newline]);
    at + line.strip_suffix('\r').unwrap_or(line).len()
}

/// Number of the line that holds the byte `at`, counted from 1.
pub(crate) fn line_number(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The white space the line of the byte `at` starts with.
pub(crate) fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Whether only white space stands before `at` on its line.
pub(crate) fn first_on_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

/// The rest of the line behind `at`, without its line ending.
pub(crate) fn rest_of_line(text: &str, at: usize) -> &str {
    &text[at..line_end(text, at)]
}

/// Columns a piece of a line takes, a tab counting as four.
pub(crate) fn width(piece: &str) -> usize {
    piece.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// Text to put at the end of a file so that `block` stands there on lines of its own, after
/// an empty line if asked for. A missing final newline stays missing.
pub(crate) fn at_end(text: &str, block: &str, empty_line: bool) -> Splice {
    let block = block.trim_end_matches(['\r', '\n']);
    let unix = text.replace("\r\n", "\n");
    let finished = unix.is_empty() || unix.ends_with('\n');
    let mut before = String::new();
    if !finished {
        before.push('\n');
    }
    if empty_line && !unix.trim().is_empty() && !unix.ends_with("\n\n") {
        before.push('\n');
    }
    let after = if finished { "\n" } else { "" };
    Splice::insert(text.len(), format!("{before}{block}{after}"))
}
