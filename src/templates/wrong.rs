//! What was wrong with a template, for the person who wrote it.

use std::error::Error as _;

use anyhow::{Error, anyhow};
use minijinja::{ErrorKind, Value, value::ValueKind};

use crate::nearest::{hint, line_and_column};

/// `PLACE:LINE:COLUMN: what is wrong; did you mean ..?`
pub fn explained(place: &str, source: &str, error: &minijinja::Error, context: &Value) -> Error {
    let at = error.range().map(|range| range.start);
    let at = match at {
        Some(at) => {
            let (line, column) = line_and_column(source, at);
            format!("{place}:{line}:{column}")
        }
        None => format!("{place}:{}", error.line().unwrap_or(1)),
    };
    let text = error.range().and_then(|range| source.get(range)).unwrap_or_default().trim();
    anyhow!("{at}: {}", what(text, error, context))
}

fn what(text: &str, error: &minijinja::Error, context: &Value) -> String {
    if let Some(name) = text.strip_prefix("slots[\"").and_then(|rest| rest.strip_suffix("\"]")) {
        let slots = context.get_attr("slots").ok().and_then(|slots| slots.try_iter().ok());
        let slots: Vec<String> = slots.into_iter().flatten().map(|slot| slot.to_string()).collect();
        return format!("no layer offers a slot `{name}`{}", hint(name, slots.iter().map(String::as_str)));
    }
    match error.kind() {
        ErrorKind::UndefinedError if is_name(text) => {
            let known = variables(context);
            format!("unknown variable `{text}`{}", hint(text, known.iter().map(String::as_str)))
        }
        ErrorKind::OutOfFuel => "it takes too many steps: a loop that does not end?".to_owned(),
        _ => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            format!("{}{cause}", error.detail().map_or_else(|| error.kind().to_string(), str::to_owned))
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// Every variable a template can name: `schema.pascal`, `table` ...
pub fn variables(context: &Value) -> Vec<String> {
    let mut names = Vec::new();
    collect("", context, &mut names);
    names.retain(|name| !name.starts_with("slots"));
    names
}

fn collect(prefix: &str, value: &Value, into: &mut Vec<String>) {
    let keys = value.try_iter().ok().filter(|_| value.kind() == ValueKind::Map);
    let Some(keys) = keys else { return into.push(prefix.to_owned()) };
    for key in keys {
        let name = if prefix.is_empty() { key.to_string() } else { format!("{prefix}.{key}") };
        if let Ok(value) = value.get_item(&key) {
            collect(&name, &value, into);
        }
    }
}
