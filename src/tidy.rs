//! The little of rustfmt that names change: sort orders and the width of headers.
//!
//! Templates are written formatted. What a longer name or another edition moves is the order of `mod` and `use`
//! lines, the length of `use` lists and of function headers; this pass sets those right without running a
//! program. `tests/layout.rs` holds it against the real rustfmt.

use std::{borrow::Cow, cmp::Ordering};

/// Columns a line may have (rustfmt's `max_width`).
const WIDTH: usize = 100;

/// The two sort orders of rustfmt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StyleEdition {
    /// Editions 2015 to 2021: `snake_case`, then `CamelCase`, then `UPPER_CASE`.
    E2015,
    /// Edition 2024: version sort, upper case before lower.
    E2024,
}

impl StyleEdition {
    /// The style edition `cargo fmt` uses for an edition.
    pub fn of(edition: &str) -> StyleEdition {
        if edition < "2024" { StyleEdition::E2015 } else { StyleEdition::E2024 }
    }
}

/// `text`, a rendered Rust file with `\n` line ends, with its `mod` and `use` groups sorted and its function
/// headers laid out.
pub fn tidy(text: &str, style: StyleEdition) -> String {
    let mut tidied = String::with_capacity(text.len() + 256);
    // Where the lines begin that stay as they are, and where the next line does.
    let (mut kept, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let lines = if may_change(line) { paragraph(rest) } else { Vec::new() };
        let Some(kind) = kind_at(&lines) else {
            at += line.len() + 1;
            continue;
        };
        tidied.push_str(&text[kept..at]);
        let used = match kind {
            Kind::Function => function(&lines, &mut tidied),
            kind => group(&lines, kind, style, &mut tidied),
        };
        at += lines[..used].iter().map(|line| line.len() + 1).sum::<usize>();
        kept = at;
    }
    tidied.push_str(text.get(kept..).unwrap_or_default());
    tidied
}

/// Rules nearly all lines out by their first letters, and headers that fit as they are.
fn may_change(line: &str) -> bool {
    let bare = line.as_bytes().trim_ascii_start();
    let word: &[u8] = match bare.first() {
        // Only at the left edge does one belong to what is sorted.
        Some(b'#') => return line.starts_with("#["),
        Some(b'a') => b"async ",
        Some(b'f') => b"fn ",
        Some(b'm') => b"mod ",
        Some(b'p') => b"pub",
        Some(b'u') => b"use ",
        _ => return false,
    };
    let fits = || line.len() <= WIDTH && line.ends_with(['{', ';', '}']) && line.contains("fn ");
    bare.starts_with(word) && !fits()
}

/// The lines up to an empty one: neither groups nor headers go on behind it.
fn paragraph(text: &str) -> Vec<&str> {
    text.lines().take_while(|line| !line.is_empty()).collect()
}

fn push(tidied: &mut String, line: &str) {
    tidied.push_str(line);
    tidied.push('\n');
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    Use,
    Function,
}

/// What starts here, an attribute above it included.
fn kind_at(lines: &[&str]) -> Option<Kind> {
    let first = lines.first()?;
    let line = lines.iter().find(|line| !line.starts_with("#["))?;
    let bare = without_visibility(line.trim_start());
    if bare.starts_with("mod ") && bare.ends_with(';') {
        Some(Kind::Module)
    } else if bare.starts_with("use ") {
        Some(Kind::Use)
    } else if !first.starts_with("#[") && (bare.starts_with("fn ") || bare.starts_with("async fn ")) {
        Some(Kind::Function)
    } else {
        None
    }
}

fn without_visibility(line: &str) -> &str {
    match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with(' ') => &rest[1..],
        Some(rest) if rest.starts_with('(') => rest.split_once(") ").map_or(line, |(_, rest)| rest),
        _ => line,
    }
}

/// Sorts the items of one kind that follow each other without a blank line; returns how many lines they are.
fn group(lines: &[&str], kind: Kind, style: StyleEdition, tidied: &mut String) -> usize {
    let mut items: Vec<Item> = Vec::new();
    let mut used = 0;
    while used < lines.len() && kind_at(&lines[used..]) == Some(kind) {
        let length = item_length(&lines[used..]);
        items.push(Item::new(&lines[used..used + length], kind, style));
        used += length;
    }
    items.sort_by(|a, b| match kind {
        // Modules are sorted alike in every edition.
        Kind::Module => a.path.cmp(&b.path),
        _ => compare_paths(&a.path, &b.path, style),
    });
    items.iter().for_each(|item| tidied.push_str(&item.text));
    used
}

/// Lines up to the one that ends with `;`.
fn item_length(lines: &[&str]) -> usize {
    lines.iter().position(|line| line.ends_with(';')).map_or(lines.len(), |last| last + 1)
}

/// A `mod` or `use` item: what it is sorted by, and its text in order.
struct Item {
    path: String,
    text: String,
}

impl Item {
    fn new(lines: &[&str], kind: Kind, style: StyleEdition) -> Item {
        let attributes = lines.iter().take_while(|line| line.starts_with("#[")).count();
        let (attributes, body) = lines.split_at(attributes);
        let mut text = String::new();
        attributes.iter().for_each(|line| push(&mut text, line));
        let joined = match body {
            [line] => Cow::Borrowed(line.trim()),
            _ => Cow::Owned(body.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")),
        };
        let bare = without_visibility(&joined).trim_end_matches(';');
        let (_, path) = bare.split_once(' ').unwrap_or_default();
        match kind {
            Kind::Module => push(&mut text, body[0]),
            _ => push_use(&joined, indent(body[0]), style, &mut text),
        }
        Item { path: path.to_owned(), text }
    }
}

/// The spaces a line starts with.
fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// A `use` item with the names in its braces sorted, on one line or filling several.
fn push_use(joined: &str, space: &str, style: StyleEdition, text: &mut String) {
    let parts = joined.split_once('{').and_then(|(head, rest)| Some((head, rest.rsplit_once('}')?.0)));
    let Some((head, list)) = parts.filter(|(_, list)| !list.contains('{')) else {
        return text.extend([space, joined, "\n"]);
    };
    let mut names: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    names.sort_by(|a, b| compare_paths(a, b, style));
    let one_line = [space, head, "{", &names.join(", "), "};"];
    // rustfmt keeps two columns free for the `};` there might have been.
    if one_line.iter().map(|piece| piece.len()).sum::<usize>() + 2 <= WIDTH {
        text.extend(one_line);
        return text.push('\n');
    }
    push(text, &format!("{space}{head}{{"));
    let mut line = format!("{space}   ");
    let (mut first_line, last) = (true, names.len().saturating_sub(1));
    for (index, name) in names.into_iter().enumerate() {
        // On the first line the comma behind the last name may use the last column.
        let comma = usize::from(!(first_line && index == last));
        if line.len() + 1 + name.len() + comma >= WIDTH {
            push(text, &std::mem::replace(&mut line, format!("{space}   ")));
            first_line = false;
        }
        line = format!("{line} {name},");
    }
    push(text, &line);
    push(text, &format!("{space}}};"));
}

fn compare_paths(a: &str, b: &str, style: StyleEdition) -> Ordering {
    let (mut a, mut b) = (a.split("::"), b.split("::"));
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => match compare_segments(a, b, style) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

/// `self`, `super`, `crate`, then names, then `*`, then `{}` lists.
fn compare_segments(a: &str, b: &str, style: StyleEdition) -> Ordering {
    let rank = |segment: &str| match segment {
        "self" => 0,
        "super" => 1,
        "crate" => 2,
        "*" => 4,
        _ if segment.starts_with('{') => 5,
        _ => 3,
    };
    let by_case = |segment: &str| match segment.chars().next() {
        Some(first) if first.is_lowercase() || first == '_' => 0,
        _ if segment.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_') => 2,
        _ => 1,
    };
    rank(a).cmp(&rank(b)).then_with(|| match style {
        StyleEdition::E2015 => by_case(a).cmp(&by_case(b)).then_with(|| a.cmp(b)),
        StyleEdition::E2024 => compare_versions(a, b),
    })
}

/// Version sort: digits as numbers, `_` before every other character.
fn compare_versions(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (digits_a, digits_b) = (digits(a), digits(b));
        if digits_a > 0 && digits_b > 0 {
            let number = |text: &str, length: usize| text[..length].parse::<u64>().unwrap_or(u64::MAX);
            match number(a, digits_a).cmp(&number(b, digits_b)) {
                Ordering::Equal => (a, b) = (&a[digits_a..], &b[digits_b..]),
                unequal => return unequal,
            }
            continue;
        }
        let key = |text: &str| text.chars().next().map(|c| if c == '_' { ' ' } else { c });
        match (key(a), key(b)) {
            (None, None) => return Ordering::Equal,
            (x, y) if x == y => {
                let step = a.chars().next().map_or(0, char::len_utf8);
                (a, b) = (&a[step..], &b[step..]);
            }
            (x, y) => return x.cmp(&y),
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Lays one function header out; returns how many lines it was.
fn function(lines: &[&str], tidied: &mut String) -> usize {
    let ends = |line: &&str| line.ends_with(['{', ';', '}']) || line.trim() == "where";
    let last = lines.iter().position(ends).unwrap_or(lines.len() - 1);
    let end = last + usize::from(lines[last].trim() != "where");
    let header = &lines[..end];
    let fits = header.len() == 1 && header[0].len() <= WIDTH;
    if fits || header.iter().any(|line| line.contains("//")) {
        push(tidied, lines[0]);
        return 1;
    }
    header_lines(&joined(header), indent(header[0])).iter().for_each(|line| push(tidied, line));
    end
}

/// A header over several lines as one.
fn joined(header: &[&str]) -> String {
    let mut text = String::new();
    for line in header.iter().map(|line| line.trim()) {
        let tight = text.is_empty() || text.ends_with('(') || line.starts_with(')');
        if line.starts_with(')') && text.ends_with(',') {
            text.pop();
        }
        text.push_str(if tight { "" } else { " " });
        text.push_str(line);
    }
    text
}

fn header_lines(header: &str, indent: &str) -> Vec<String> {
    let one_line = format!("{indent}{header}");
    if one_line.chars().count() <= WIDTH {
        return vec![one_line];
    }
    let Some((open, close)) = parameters(header) else { return vec![one_line] };
    let mut lines = vec![format!("{indent}{}", &header[..=open])];
    lines.extend(
        split_at_commas(&header[open + 1..close]).into_iter().map(|each| format!("{indent}    {each},")),
    );
    lines.push(format!("{indent}{}", &header[close..]));
    lines
}

/// Where the parentheses of the parameters open and close.
fn parameters(header: &str) -> Option<(usize, usize)> {
    let name = header.find("fn ")? + 3;
    let mut angle = 0;
    let open = header[name..].char_indices().find(|(_, c)| {
        match c {
            '<' => angle += 1,
            '>' => angle -= 1,
            _ => {}
        }
        *c == '(' && angle == 0
    })?;
    let open = name + open.0;
    let mut depth = 0;
    let close = header[open..].char_indices().find(|(_, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    (close.0 > 1).then_some((open, open + close.0))
}

fn split_at_commas(parameters: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut start = 0;
    let mut parts = Vec::new();
    let mut previous = ' ';
    for (at, c) in parameters.char_indices() {
        match c {
            '(' | '[' | '<' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if previous != '-' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(parameters[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        previous = c;
    }
    parts.push(parameters[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str, old: &str, new: &str) {
        assert_eq!(tidy(text, StyleEdition::E2015), old);
        assert_eq!(tidy(text, StyleEdition::E2024), new);
    }

    #[test]
    fn sorts_use_lists_by_the_edition() {
        both(
            "use server::{Router, routing::get, http::StatusCode, http::header, self};\n",
            "use server::{self, http::header, http::StatusCode, routing::get, Router};\n",
            "use server::{self, Router, http::StatusCode, http::header, routing::get};\n",
        );
    }

    #[test]
    fn the_comma_behind_the_last_name_may_be_the_last_column() {
        let list = "a::{\n    ir_la6kytf2hsjec_h5534lw_ese_, pq_talgdgnewrql, qoq_ee2x70fct, x9hw_i9crf4c, y2yjfgb_abcd, zgx0,\n};\n";
        let text = format!("pub use {list}");
        both(&text, &text, &text);
    }

    #[test]
    fn sorts_groups_and_leaves_blank_lines_between_them() {
        let text =
            "mod web;\n#[cfg(test)]\nmod accounts;\n\nuse b::C;\nuse a::{D, C};\n\nuse A;\n\nfn a() {}\n";
        let sorted =
            "#[cfg(test)]\nmod accounts;\nmod web;\n\nuse a::{C, D};\nuse b::C;\n\nuse A;\n\nfn a() {}\n";
        both(text, sorted, sorted);
    }

    #[test]
    fn wraps_and_unwraps_headers() {
        let long = "    pub async fn deliver(db: &Db, mailer: &Mailer, link: impl Fn(&str) -> String, rest: Vec<(A, B)>) -> Result<(), Error> {\n    }\n";
        let wrapped = "    pub async fn deliver(\n        db: &Db,\n        mailer: &Mailer,\n        link: impl Fn(&str) -> String,\n        rest: Vec<(A, B)>,\n    ) -> Result<(), Error> {\n    }\n";
        both(long, wrapped, wrapped);
        let short = "fn a(\n    b: B,\n    c: C,\n) -> D {\n}\n";
        both(short, "fn a(b: B, c: C) -> D {\n}\n", "fn a(b: B, c: C) -> D {\n}\n");
    }
}
