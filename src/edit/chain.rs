//! Chooses the builder chain that gets more calls, and the place in it.

use syn::{Block, Expr, ExprClosure, ExprMethodCall, Item};

use super::CannotEdit;
use super::find::{Chain, Statement, Survey, unroll};
use super::layout;
use super::rust::{above_comment, missing_statements};
use super::served::{chains_of, result};
use super::source::{Source, words};
use super::text::{Splice, first_on_line, indent, line_number, line_start};

/// What is wanted of [`append_call`]; the fields are those of [`super::Edit::AppendCall`].
pub(crate) struct Wanted<'e> {
    pub(crate) roots: &'e [String],
    pub(crate) calls: &'e [String],
    pub(crate) after: &'e [String],
    pub(crate) prelude: &'e [String],
    pub(crate) within: &'e Option<String>,
    pub(crate) served: &'e [String],
}

/// Appends the calls that are not in the file yet to the one chain that fits.
pub(crate) fn append_call(source: &Source, wanted: &Wanted) -> Result<Vec<Splice>, CannotEdit> {
    let survey = Survey::of(source, wanted.roots, wanted.served);
    let missing = missing_calls(source, &survey, wanted.calls)?;
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let chain = choose(source, &survey, wanted)?;
    let after = chain
        .links
        .iter()
        .rposition(|link| link.call.is_some_and(|call| wanted.after.iter().any(|name| call.method == name)));
    let mut splices = prelude(source, &survey, chain, wanted.prelude)?;
    if !wanted.prelude.is_empty() {
        splices.extend(owned(source, &survey, chain)?);
    }
    splices.extend(layout::insert_calls(source, chain, after, &missing));
    Ok(splices)
}

/// What to tell a person instead of [`append_call`].
pub(crate) fn append_call_by_hand(wanted: &Wanted, path: &str) -> String {
    let root = wanted.roots.first().map_or("", String::as_str);
    let within = match wanted.within {
        Some(function) => format!(" in `fn {function}`"),
        None => String::new(),
    };
    let names: Vec<_> = wanted.after.iter().take(3).map(|name| format!("`.{name}`")).collect();
    let behind = match names.as_slice() {
        [] => format!("directly behind `{root}()`"),
        [one] => format!("behind its last {one}"),
        [several @ .., last] => format!("behind its last {} or {last}", several.join(", ")),
    };
    let calls: Vec<_> = wanted.calls.iter().map(|call| format!(".{call}")).collect();
    let calls = calls.join("\n");
    if wanted.prelude.is_empty() {
        return format!("in `{path}`, on the `{root}` chain{within}, {behind}, add:\n{calls}");
    }
    let prelude = wanted.prelude.join("\n");
    format!(
        "in `{path}`, above the statement with the `{root}` chain{within}, add:\n{prelude}\n\
         and on that chain, {behind}, add:\n{calls}"
    )
}

/// The wanted calls that no chain of the file has.
fn missing_calls<'e>(
    source: &Source,
    survey: &Survey,
    calls: &'e [String],
) -> Result<Vec<&'e str>, CannotEdit> {
    let mut missing = Vec::new();
    for call in calls {
        let Some(wanted) = first_call(call) else {
            let message = format!("`{call}` is not a call");
            return Err(CannotEdit::Unparsable { line: 1, column: 1, message });
        };
        let there = |there: &&ExprMethodCall| {
            call.trim_start().starts_with(&there.method.to_string()) && call_words(source, there) == wanted
        };
        if !survey.calls.iter().any(there) {
            missing.push(call.trim());
        }
    }
    Ok(missing)
}

/// The words of the first call in a text such as `name(..)` or `name(..)?`.
fn first_call(call: &str) -> Option<String> {
    let whole = format!("const X: X = x.{};", call.trim());
    let source = Source::parse(&whole).ok()?;
    let [Item::Const(item)] = source.file.items.as_slice() else { return None };
    match unroll(&item.expr).1.first()? {
        Expr::MethodCall(first) => Some(call_words(&source, first)),
        _ => None,
    }
}

pub(crate) fn call_words(source: &Source, call: &ExprMethodCall) -> String {
    let start = source.range(&call.method).start;
    let end = source.bytes(call.paren_token.span.close()).end;
    source.text.get(start..end).and_then(words).unwrap_or_default()
}

/// The one chain that fits.
fn choose<'c, 's>(
    source: &Source,
    survey: &'c Survey<'s>,
    wanted: &Wanted,
) -> Result<&'c Chain<'s>, CannotEdit> {
    let fits = |chain: &Chain| {
        let function = chain.function.map(|function| survey.functions[function].name.as_str());
        let inside = wanted.within.as_deref().is_none_or(|within| function == Some(within));
        let room = chain.function.is_some() && chain.statement.is_some();
        inside && (wanted.prelude.is_empty() || room)
    };
    let candidates: Vec<usize> =
        (0..survey.chains.len()).filter(|chain| fits(&survey.chains[*chain])).collect();
    let candidates = match candidates.as_slice() {
        [] | [_] => candidates,
        _ => narrow(source, survey, candidates),
    };
    let root = wanted.roots.first().map_or("", String::as_str);
    let wanted = match wanted.within {
        Some(within) => format!("`{root}` chain in `fn {within}`"),
        None if wanted.prelude.is_empty() => format!("`{root}` chain"),
        None => format!("`{root}` chain in a function"),
    };
    match candidates.as_slice() {
        [] => Err(CannotEdit::NotFound { wanted }),
        [one] => Ok(&survey.chains[*one]),
        several => {
            let line = |chain: &usize| line_number(source.text, survey.chains[*chain].root.start);
            Err(CannotEdit::Ambiguous { wanted, lines: several.iter().map(line).collect() })
        }
    }
}

/// Of several chains those that are served, or else those the function around them returns.
fn narrow(source: &Source, survey: &Survey, candidates: Vec<usize>) -> Vec<usize> {
    let served = chains_of(source, survey, survey.served.iter().copied());
    let served: Vec<usize> = candidates.iter().copied().filter(|chain| served.contains(chain)).collect();
    if !served.is_empty() {
        return served;
    }
    let mut functions: Vec<_> = candidates.iter().map(|chain| survey.chains[*chain].function).collect();
    functions.dedup();
    let [Some(function)] = functions.as_slice() else { return candidates };
    let returned = chains_of(source, survey, result(survey.functions[*function].block));
    let returned: Vec<usize> = candidates.iter().copied().filter(|chain| returned.contains(chain)).collect();
    if returned.is_empty() { candidates } else { returned }
}

/// The statements that are not in the function yet, above the statement with the chain and
/// the comment that belongs to it.
fn prelude(
    source: &Source,
    survey: &Survey,
    chain: &Chain,
    lines: &[String],
) -> Result<Vec<Splice>, CannotEdit> {
    let (Some(statement), Some(function)) = (&chain.statement, chain.function) else {
        return Ok(Vec::new());
    };
    let block = survey.functions[function].block;
    let missing = missing_statements(source, block, &lines.join("\n"));
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    fits_here(source, statement, block, &missing)?;
    Ok(above(source, statement, &missing))
}

/// Statements above one of the owner's, unless the function has them already or they do not fit in.
pub(crate) fn place_statements(
    source: &Source,
    statement: &Statement,
    block: &Block,
    lines: &[String],
) -> Result<Vec<Splice>, CannotEdit> {
    let missing = missing_statements(source, block, &lines.join("\n"));
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    must_await(statement, &missing, source)?;
    Ok(above(source, statement, &missing))
}

fn above(source: &Source, statement: &Statement, missing: &[String]) -> Vec<Splice> {
    let text = source.text;
    let at = above_comment(text, statement.floor, statement.start);
    let step = source.step();
    let on_own_line = first_on_line(text, at);
    let indent = match on_own_line {
        true => indent(text, at).to_owned(),
        false => format!("{}{step}", indent(text, at)),
    };
    let lines: Vec<_> =
        missing.iter().map(|lines| layout::lay_out_statement(lines, &indent, &step)).collect();
    let lines = lines.join(&format!("\n{indent}"));
    if on_own_line {
        return vec![Splice::insert(line_start(text, at), format!("{indent}{lines}\n"))];
    }
    let gap = text[..at].trim_end_matches([' ', '\t']).len();
    vec![Splice { range: gap..at, text: format!("\n{indent}{lines}\n{indent}") }]
}

fn must_await(statement: &Statement, new: &[String], source: &Source) -> Result<(), CannotEdit> {
    let awaits = new.iter().filter_map(|text| words(text)).any(|text| text.contains(". await "));
    if awaits && !statement.is_async {
        let line = line_number(source.text, statement.start);
        return Err(CannotEdit::Unfit { line, why: "the function around it is not async".to_owned() });
    }
    Ok(())
}

/// `move` for a closure around the chain: what the prelude makes is used in there, and nobody knows how long
/// the closure lives. One that is served has to outlive the function, so that it cannot borrow anything now
/// and a `move` changes nothing else; of any other we do not know.
fn owned(source: &Source, survey: &Survey, chain: &Chain) -> Result<Option<Splice>, CannotEdit> {
    let line = line_number(source.text, chain.root.start);
    let closure = match chain.closures.as_slice() {
        [] => return Ok(None),
        [one] => one,
        _ => {
            let why = "it is made in a closure inside of another one".to_owned();
            return Err(CannotEdit::Unfit { line, why });
        }
    };
    if closure.capture.is_some() {
        return Ok(None);
    }
    if !is_served(source, survey, closure) {
        let why = "the closure around it is not `move`".to_owned();
        return Err(CannotEdit::Unfit { line, why });
    }
    Ok(Some(Splice::insert(source.bytes(closure.inputs_begin.spans[0]).start, "move ")))
}

/// Whether a closure is what is served, in place or as the variable that it is bound to.
fn is_served(source: &Source, survey: &Survey, closure: &ExprClosure) -> bool {
    let start = source.range(closure).start;
    let is_it = |expr: &Expr| matches!(expr, Expr::Closure(_)) && source.range(expr).start == start;
    let names: Vec<&str> = survey
        .bindings
        .iter()
        .filter(|binding| is_it(binding.value))
        .map(|binding| binding.name.as_str())
        .collect();
    survey.served.iter().any(|expr| match expr {
        Expr::Path(path) => names.iter().any(|name| path.path.is_ident(name)),
        expr => is_it(expr),
    })
}

/// Whether new statements can stand where a statement of the owner's does: `.await` only in async code, and no
/// variable that the function uses for something else.
fn fits_here(
    source: &Source,
    statement: &Statement,
    block: &Block,
    new: &[String],
) -> Result<(), CannotEdit> {
    must_await(statement, new, source)?;
    let new: Vec<String> = new.iter().filter_map(|text| words(text)).collect();
    let line = line_number(source.text, statement.start);
    let used = source.words(block);
    let bound = new.iter().filter_map(|text| text.strip_prefix("let ")?.split(' ').next());
    match bound.into_iter().find(|name| used.split(' ').any(|word| word == *name)) {
        Some(name) => {
            Err(CannotEdit::Unfit { line, why: format!("this function has a `{name}` of its own") })
        }
        None => Ok(()),
    }
}
