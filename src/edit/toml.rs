//! Places in a TOML text. The document is parsed for positions only and never printed.

use toml_edit::{Document, InlineTable, Item, Table, Value as Toml};

use super::text::{Splice, at_end, indent, line_end, line_number, line_start};
use super::{CannotEdit, Value};

/// Parses a TOML text without byte order mark.
pub(crate) fn parse(text: &str) -> Result<Document<&str>, CannotEdit> {
    if text.starts_with('\u{feff}') {
        let message = "a byte order mark".to_owned();
        return Err(CannotEdit::Unparsable { line: 1, column: 1, message });
    }
    Document::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let start = text.get(..at).map_or(0, |_| line_start(text, at));
        let column = text.get(start..at).map_or(0, |line| line.chars().count()) + 1;
        let line = text.get(..at).map_or(1, |_| line_number(text, at));
        CannotEdit::Unparsable { line, column, message: error.message().to_owned() }
    })
}

/// A value as it is written in a file, tables inline.
pub(crate) fn write(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => Toml::from(*value).to_string(),
        Value::String(value) => Toml::from(value).to_string(),
        Value::Array(values) => {
            let values: Vec<_> = values.iter().map(write).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => {
            let pairs = table.iter().map(|(name, value)| format!("{} = {}", key(name), write(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key as it is written in a file, quoted if it has to be.
pub(crate) fn key(name: &str) -> String {
    toml_edit::Key::new(name).display_repr().into_owned()
}

/// A table of the document or what comes nearest to it on the path.
enum Place<'d> {
    Table(&'d Table),
    Inline(&'d InlineTable),
}

/// Walks down a path as far as there are tables. Also says how far that was.
fn walk<'d>(
    text: &str,
    document: &'d Document<&str>,
    path: &[&str],
) -> Result<(Place<'d>, usize), CannotEdit> {
    let mut place = Place::Table(document.as_table());
    for (depth, name) in path.iter().enumerate() {
        let (key, next) = match place {
            Place::Table(table) => match table.get_key_value(name) {
                None | Some((_, Item::None)) => return Ok((place, depth)),
                Some((key, Item::Table(next))) => (key, Some(Place::Table(next))),
                Some((key, Item::Value(Toml::InlineTable(next)))) => (key, Some(Place::Inline(next))),
                Some((key, _)) => (key, None),
            },
            Place::Inline(table) => match table.get_key_value(name) {
                None => return Ok((place, depth)),
                Some((key, Item::Value(Toml::InlineTable(next)))) => (key, Some(Place::Inline(next))),
                Some((key, _)) => (key, None),
            },
        };
        let at = key.span().map_or(0, |span| span.start);
        place = next.ok_or_else(|| taken(text, name, at))?;
    }
    Ok((place, path.len()))
}

/// The refusal for a key that holds something else than expected.
pub(crate) fn taken(text: &str, name: &str, at: usize) -> CannotEdit {
    CannotEdit::Taken { name: name.to_owned(), line: line_number(text, at) }
}

/// What stands at a path, if anything does.
pub(crate) fn get<'d>(document: &'d Document<&str>, path: &[&str]) -> Option<&'d Item> {
    let mut item = document.as_item();
    for name in path {
        item = item.get(name)?;
    }
    (!item.is_none()).then_some(item)
}

/// `name = value` as it is written in a file.
pub(crate) fn pair(name: &str, value: &str) -> String {
    format!("{} = {value}", key(name))
}

/// Adds a `pair` with the key `name` to the table at `path`, which is made if it is not
/// there; `sorted` keeps sorted keys sorted. `name` must not be there yet.
pub(crate) fn add(
    text: &str,
    document: &Document<&str>,
    path: &[&str],
    name: &str,
    pair: &str,
    sorted: bool,
) -> Result<Splice, CannotEdit> {
    let (place, depth) = walk(text, document, path)?;
    let rest: String = path[depth..].iter().map(|part| format!("{}.", key(part))).collect();
    let below = format!("{rest}{pair}");
    match place {
        Place::Inline(table) => into_inline(text, table, &below).ok_or_else(|| not_found(path)),
        Place::Table(table) if table.is_dotted() => {
            into_dotted(text, table, &below).ok_or_else(|| not_found(path))
        }
        Place::Table(table) if rest.is_empty() && !table.is_implicit() => {
            Ok(into_table(text, table, name, pair, sorted))
        }
        Place::Table(_) => {
            let header: Vec<_> = path.iter().map(|part| key(part)).collect();
            Ok(at_end(text, &format!("[{}]\n{pair}", header.join(".")), true))
        }
    }
}

fn not_found(path: &[&str]) -> CannotEdit {
    CannotEdit::NotFound { wanted: format!("table `{}`", path.join(".")) }
}

fn into_inline(text: &str, table: &InlineTable, pair: &str) -> Option<Splice> {
    if let Some(end) = table.iter().filter_map(|(_, value)| value_end(value)).max() {
        return Some(Splice::insert(end, format!(", {pair}")));
    }
    let span = table.span()?;
    let inside = text.get(span.start + 1..span.end - 1)?;
    let close = if inside.starts_with(' ') { "" } else { " " };
    Some(Splice::insert(span.start + 1, format!(" {pair}{close}")))
}

/// Behind `x.a = 1` comes `x.b = 2`, with the same text before the last key.
fn into_dotted(text: &str, table: &Table, pair: &str) -> Option<Splice> {
    let (first, _) = table.iter().next()?;
    let at = table.key(first)?.span()?.start;
    let prefix = text.get(line_start(text, at)..at)?;
    let end = table_end(table)?;
    Some(Splice::insert(line_end(text, end), format!("\n{prefix}{pair}")))
}

fn into_table(text: &str, table: &Table, name: &str, pair: &str, sorted: bool) -> Splice {
    let mut entries: Vec<(usize, &str, usize)> = table
        .iter()
        .filter_map(|(name, item)| Some((table.key(name)?.span()?.start, name, own_end(item)?)))
        .collect();
    entries.sort_unstable();
    let was_sorted = entries.windows(2).all(|pair| pair[0].1 <= pair[1].1);
    let before = match sorted && was_sorted {
        true => entries.iter().rfind(|entry| entry.1 < name),
        false => entries.last(),
    };
    let header = table.span().map_or(0, |span| span.end);
    let end = before.map_or(header, |before| before.2);
    let indent = entries.first().map_or("", |first| indent(text, first.0));
    Splice::insert(line_end(text, end), format!("\n{indent}{pair}"))
}

/// End of an entry, if it stands under the header itself and not under one of its own.
fn own_end(item: &Item) -> Option<usize> {
    match item {
        Item::Value(value) => value_end(value),
        Item::Table(table) if table.is_dotted() => table_end(table),
        _ => None,
    }
}

fn table_end(table: &Table) -> Option<usize> {
    table.iter().filter_map(|(_, item)| own_end(item)).max()
}

fn value_end(value: &Toml) -> Option<usize> {
    match value {
        Toml::InlineTable(table) if table.is_dotted() => {
            table.iter().filter_map(|(_, value)| value_end(value)).max()
        }
        _ => value.span().map(|span| span.end),
    }
}
