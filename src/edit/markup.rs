//! Edits of markup: a piece put in ahead of a tag, or behind one. Tags are known by their text alone, which comes
//! in as data, as do the parts of a text that are not read.

use super::{
    CannotEdit,
    text::{Splice, first_on_line, indent, line_end, line_start, rest_of_line},
};

/// A piece of markup and where it goes.
pub(crate) struct Wanted<'a> {
    pub(crate) text: &'a str,
    pub(crate) there: &'a str,
    pub(crate) before: &'a [String],
    pub(crate) after: &'a [String],
    pub(crate) until: Option<&'a str>,
    pub(crate) ignore: &'a [[String; 2]],
}

/// The piece ahead of the first of `before`, else behind the first of `after`. Nothing where it is there.
pub(crate) fn insert(text: &str, wanted: &Wanted<'_>) -> Result<Vec<Splice>, CannotEdit> {
    let seen = blanked(text, wanted.ignore);
    if find(&seen, wanted.there).is_some() {
        return Ok(Vec::new());
    }
    let not_found = |wanted: String| CannotEdit::NotFound { wanted };
    let until = match wanted.until {
        Some(until) => find(&seen, until).ok_or_else(|| not_found(format!("`{until}`")))?,
        None => seen.len(),
    };
    let seen = &seen[..until];
    if let Some((anchor, at)) = wanted.before.iter().find_map(|anchor| Some((anchor, find(seen, anchor)?))) {
        return Ok(vec![ahead_of(text, at, anchor.starts_with("</"), wanted.text)]);
    }
    if let Some(end) = wanted.after.iter().find_map(|anchor| tag_end(seen, find(seen, anchor)?)) {
        return Ok(vec![behind(text, end, wanted.text)]);
    }
    let anchors: Vec<String> =
        wanted.before.iter().chain(wanted.after).map(|anchor| format!("`{anchor}`")).collect();
    Err(not_found(anchors.join(" or ")))
}

/// What to tell a person instead of [`insert`].
pub(crate) fn insert_by_hand(text: &str, place: &str, path: &str) -> String {
    format!("in `{path}`, add this {place}:\n{text}")
}

/// On a line of its own where the anchor has one. Ahead of the end of an element is inside of it.
fn ahead_of(text: &str, at: usize, is_end: bool, piece: &str) -> Splice {
    if !first_on_line(text, at) {
        return Splice::insert(at, piece);
    }
    let start = line_start(text, at);
    let own = indent(text, at);
    let above = text[..start].lines().rev().find(|line| !line.trim().is_empty()).map_or("", indent_of);
    let indent = match (is_end, above.len() > own.len() && above.starts_with(own)) {
        (false, _) => own.to_owned(),
        (true, true) => above.to_owned(),
        (true, false) => format!("{own}{}", unit(text)),
    };
    Splice::insert(start, format!("{}\n", indented(piece, &indent)))
}

fn behind(text: &str, end: usize, piece: &str) -> Splice {
    if !rest_of_line(text, end).trim().is_empty() {
        return Splice::insert(end, piece);
    }
    let own = indent_of(&text[line_start(text, end)..end]);
    let below = text[end..].lines().skip(1).find(|line| !line.trim().is_empty()).map_or(own, indent_of);
    let indent = if below.starts_with(own) { below } else { own };
    Splice::insert(line_end(text, end), format!("\n{}", indented(piece, indent)))
}

fn indented(piece: &str, indent: &str) -> String {
    piece.trim_end().lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// One step of the file's own indentation.
fn unit(text: &str) -> String {
    let indents = || text.lines().filter(|line| !line.trim().is_empty()).map(indent_of);
    if indents().any(|indent| indent.starts_with('\t')) {
        return "\t".to_owned();
    }
    " ".repeat(indents().map(str::len).filter(|len| *len > 0).min().unwrap_or(2))
}

/// `text` with the ignored parts as spaces: every position stays where it was.
pub(crate) fn blanked(text: &str, ignore: &[[String; 2]]) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, close)) =
        ignore.iter().filter_map(|[open, close]| Some((find(rest, open)?, close))).min_by_key(|(at, _)| *at)
    {
        let end = find(&rest[at..], close).map_or(rest.len(), |found| at + found + close.len());
        seen.push_str(&rest[..at]);
        seen.extend(rest[at..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        rest = &rest[end..];
    }
    seen + rest
}

/// Where `anchor` stands, in upper or lower case; as a whole word where it ends in a letter or a digit. An empty
/// one stands nowhere.
pub(crate) fn find(text: &str, anchor: &str) -> Option<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let (bytes, anchor) = (text.as_bytes(), anchor.as_bytes());
    let last = anchor.last()?;
    let starts = 0..(bytes.len() + 1).saturating_sub(anchor.len());
    starts.into_iter().find(|&at| {
        let end = at + anchor.len();
        bytes[at..end].eq_ignore_ascii_case(anchor) && !(is_word(last) && bytes.get(end).is_some_and(is_word))
    })
}

/// Behind the `>` of the tag that starts at `at`; one in quotes ends nothing.
fn tag_end(text: &str, at: usize) -> Option<usize> {
    let mut quote = None;
    for (offset, c) in text[at..].char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + offset + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}
