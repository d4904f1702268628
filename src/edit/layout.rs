//! How new calls are written into a chain: like the calls around them, and where those give
//! no example, as rustfmt writes them.

use std::ops::Range;

use syn::{Expr, ExprCall, Item, Stmt};

use super::find::{Around, Chain, Link, unroll};
use super::source::Source;
use super::text::{LINE, Splice, cut, first_on_line, indent, line_end, line_start, rest_of_line, width};

/// Columns of a chain on one line and of arguments on one line: rustfmt's defaults.
const CHAIN: usize = 60;
const ARGUMENTS: usize = 60;

/// Puts `.call` for each of `calls` behind the link `after`, or behind the root.
pub(crate) fn insert_calls(
    source: &Source,
    chain: &Chain,
    after: Option<usize>,
    calls: &[&str],
) -> Vec<Splice> {
    let text = source.text;
    if let Some(indent) = dot_indent(text, chain, after) {
        return own_lines(source, chain, after, calls, indent);
    }
    let column = width(&text[line_start(text, chain.root.start)..chain.root.start]);
    let fits = fits_one_line(text, chain, after, calls, column);
    let down = one_line_down(source, chain, after, calls).filter(|_| !fits);
    if fits || down.is_some() {
        let calls: String = calls.iter().map(|call| format!(".{call}")).collect();
        return down.into_iter().chain([Splice::insert(end_of(chain, after), calls)]).collect();
    }
    overflow_last(source, chain, after, calls).unwrap_or_else(|| break_up(source, chain, after, calls))
}

/// [`insert_calls`] behind the first `after` links, but those that add routes behind the first `first` ones, where the
/// chain has a line for each call.
pub(crate) fn insert_routes(
    source: &Source,
    chain: &Chain,
    first: Option<usize>,
    after: usize,
    calls: &[String],
    adds_routes: &dyn Fn(&str) -> bool,
) -> Vec<Splice> {
    let behind = |links: usize| links.checked_sub(1);
    let first = first.filter(|first| dot_indent(source.text, chain, behind(*first)).is_some());
    let is_ahead = |call: &&str| first.is_some() && adds_routes(call);
    let (ahead, others): (Vec<&str>, Vec<&str>) = calls.iter().map(String::as_str).partition(is_ahead);
    let groups = [(first.unwrap_or(after), ahead), (after, others)].into_iter();
    let groups = groups.filter(|(_, calls)| !calls.is_empty());
    groups.flat_map(|(links, calls)| insert_calls(source, chain, behind(links), &calls)).collect()
}

/// A short chain whose last call would take four lines on a line of its own keeps it on its only line, as rustfmt
/// has it, with the one argument below.
fn overflow_last(
    source: &Source,
    chain: &Chain,
    after: Option<usize>,
    calls: &[&str],
) -> Option<Vec<Splice>> {
    let text = source.text;
    let whole = &text[chain.root.start..chain_end(chain)];
    let is_last = after.map_or(0, |after| after + 1) == chain.links.len();
    let (last, others) = calls.split_last()?;
    if !is_last || whole.contains('\n') || calls.iter().any(|call| call.contains('\n')) {
        return None;
    }
    let step = source.step();
    let (mut splices, base) = make_room(source, chain, &step);
    let vertical = lay_out(last, &format!("{base}{step}"), &step);
    let (name, argument) = last.strip_suffix(')')?.split_once('(')?;
    let before: usize = others.iter().map(|call| 1 + width(call)).sum::<usize>() + width(whole);
    let below = format!("{base}{step}{argument},");
    if vertical.lines().count() < 4 || before + width(name) + 2 > CHAIN || width(&below) > LINE {
        return None;
    }
    let others: String = others.iter().map(|call| format!(".{call}")).collect();
    let text = format!("{others}.{name}(\n{below}\n{base})");
    // Ahead of the comma that the arguments around it may get at the same place.
    splices.insert(0, Splice::insert(end_of(chain, after), text));
    Some(splices)
}

fn end_of(chain: &Chain, link: Option<usize>) -> usize {
    link.map_or(chain.root.end, |link| chain.links[link].end)
}

fn chain_end(chain: &Chain) -> usize {
    chain.links.last().map_or(chain.root.end, |last| last.end)
}

/// The white space before the dots of a chain with a line for each call: that of the
/// neighbour, else of the next one, else of one before.
fn dot_indent<'t>(text: &'t str, chain: &Chain, after: Option<usize>) -> Option<&'t str> {
    let own_line = |link: &&Link| first_on_line(text, link.dot);
    let (before, behind) = chain.links.split_at(after.unwrap_or(0));
    let neighbour = behind.iter().find(own_line).or_else(|| before.iter().rfind(own_line))?;
    Some(indent(text, neighbour.dot))
}

/// Each call on a line of its own.
fn own_lines(
    source: &Source,
    chain: &Chain,
    after: Option<usize>,
    calls: &[&str],
    indent: &str,
) -> Vec<Splice> {
    let text = source.text;
    let step = source.step();
    let inline = after.is_none() && keeps_first(text, chain, &step);
    let mut lines = String::new();
    for (number, call) in calls.iter().enumerate() {
        let before = if inline && number == 0 { String::new() } else { format!("\n{indent}") };
        lines.push_str(&format!("{before}.{}", lay_out(call, indent, &step)));
    }
    let end = end_of(chain, after);
    let rest = rest_of_line(text, end).trim_start();
    if rest.is_empty() || rest.starts_with("//") {
        return vec![Splice::insert(line_end(text, end), lines)];
    }
    let next = chain.links.get(after.map_or(0, |after| after + 1));
    if next.is_some_and(|next| text[end..next.dot].chars().all(|c| c == ' ' || c == '\t')) {
        lines.push_str(&format!("\n{indent}"));
    }
    vec![Splice::insert(end, lines)]
}

/// Whether rustfmt leaves the first call on the line of the root, which is no longer than an indent.
fn keeps_first(text: &str, chain: &Chain, step: &str) -> bool {
    let starts_line = first_on_line(text, chain.root.start) || matches!(chain.around, Around::Argument(..));
    starts_line && width(&text[chain.root.start..chain.root.end]) <= width(step)
}

/// Whether the chain with the new calls may stay on one line, which starts at `column` and
/// ends with `rest`. The last call may go on over several lines if it stays the last.
fn fits_one_line(text: &str, chain: &Chain, after: Option<usize>, calls: &[&str], column: usize) -> bool {
    let whole = &text[chain.root.start..chain_end(chain)];
    let head_end = chain.links.last().map_or(chain.root.end, |last| last.dot);
    let stays_last = !chain.links.is_empty() && after.map_or(0, |after| after + 1) < chain.links.len();
    let line = whole.split('\n').next().unwrap_or(whole);
    let rest = match line.len() == whole.len() {
        true => rest_of_line(text, chain_end(chain)).split("//").next().unwrap_or_default().trim_end(),
        false => "",
    };
    let added: usize = calls.iter().map(|call| 1 + width(call)).sum();
    let links = chain.links.len() + calls.len();
    (line.len() == whole.len() || (stays_last && !text[chain.root.start..head_end].contains('\n')))
        && !calls.iter().any(|call| call.contains('\n') || arguments_width(call) > ARGUMENTS)
        && (links == 1 || width(line) + added <= CHAIN)
        && column + width(line) + added + width(rest) <= LINE
}

/// A chain behind `=` that fits on one line only if that is the next one.
fn one_line_down(source: &Source, chain: &Chain, after: Option<usize>, calls: &[&str]) -> Option<Splice> {
    let (text, start) = (source.text, chain.root.start);
    let before = text[..start].strip_suffix(' ').filter(|before| before.ends_with(" ="))?;
    let deeper = format!("{}{}", indent(text, start), source.step());
    let whole = &text[start..chain_end(chain)];
    let fits = !whole.contains('\n') && fits_one_line(text, chain, after, calls, width(&deeper));
    fits.then(|| Splice { range: before.len()..start, text: format!("\n{deeper}") })
}

/// Turns a chain on one line into one with a line for each call.
fn break_up(source: &Source, chain: &Chain, after: Option<usize>, calls: &[&str]) -> Vec<Splice> {
    let text = source.text;
    let step = source.step();
    let (mut splices, base) = make_room(source, chain, &step);
    // Behind a root of several lines the dots are no deeper than its closing bracket.
    let root = &text[chain.root.start..chain.root.end];
    let dots = if root.contains('\n') { base } else { format!("{base}{step}") };
    let inline = keeps_first(text, chain, &step);
    let mut end = chain.root.end;
    for (number, link) in chain.links.iter().enumerate() {
        let gap = if text[end..link.dot].trim().is_empty() { end } else { link.dot };
        if !(inline && number == 0 && after.is_some()) {
            splices.push(Splice { range: gap..link.dot, text: format!("\n{dots}") });
        }
        end = link.end;
    }
    let line_indent = indent(text, chain.root.start);
    splices.extend(indent_inner_lines(source, chain, dots.strip_prefix(line_indent).unwrap_or_default()));
    let mut lines = String::new();
    for (number, call) in calls.iter().enumerate() {
        let before =
            if inline && number == 0 && after.is_none() { String::new() } else { format!("\n{dots}") };
        lines.push_str(&format!("{before}.{}", lay_out(call, &dots, &step)));
    }
    // Ahead of the line break that the next link gets at the same place.
    splices.insert(0, Splice::insert(end_of(chain, after), lines));
    splices
}

/// Changes what is around the chain as rustfmt does when the chain becomes several lines.
/// Returns the indent of the line the chain then starts on.
fn make_room(source: &Source, chain: &Chain, step: &str) -> (Vec<Splice>, String) {
    let text = source.text;
    let start = chain.root.start;
    let base = indent(text, start);
    match chain.around {
        Around::Closure(outer) => {
            let inner = format!("{base}{step}");
            let open = Splice::insert(start, format!("{{\n{inner}"));
            let close = Splice::insert(chain_end(chain), format!("\n{base}}}"));
            let mut splices = vec![open, close];
            splices.extend(outer.map_or(Vec::new(), |outer| links_to_margin(source, outer, base, step)));
            (splices, inner)
        }
        Around::Argument(call, whole) => match spread_arguments(source, call, whole, base, step) {
            Some(splices) => (splices, format!("{base}{step}")),
            None => (Vec::new(), base.to_owned()),
        },
        Around::Other => {
            let before = text[..start].trim_end();
            let moved_down = first_on_line(text, start) && before.ends_with('=');
            if !moved_down {
                return (Vec::new(), base.to_owned());
            }
            let up = Splice { range: before.len()..start, text: " ".to_owned() };
            (vec![up], indent(text, before.len()).to_owned())
        }
    }
}

/// Gives each argument of a call on one line its own line, and the dots behind the call too.
fn spread_arguments(
    source: &Source,
    call: &ExprCall,
    whole: &Expr,
    base: &str,
    step: &str,
) -> Option<Vec<Splice>> {
    let text = source.text;
    let line = text.get(source.range(call))?;
    if line.contains('\n') || line.contains("/*") {
        return None;
    }
    let mut splices = Vec::new();
    let mut end = source.bytes(call.paren_token.span.open()).end;
    for pair in call.args.pairs() {
        let argument = source.range(*pair.value());
        splices.push(Splice { range: end..argument.start, text: format!("\n{base}{step}") });
        end = argument.end;
        if let Some(comma) = pair.punct() {
            end = source.bytes(comma.spans[0]).end;
        }
    }
    let close = source.bytes(call.paren_token.span.close()).start;
    let comma = if call.args.trailing_punct() { "" } else { "," };
    splices.push(Splice { range: end..close, text: format!("{comma}\n{base}") });
    splices.extend(links_to_margin(source, whole, base, step));
    Some(splices)
}

/// The links of a chain that begins with a call of several lines: each on its own line, no
/// deeper than that call.
fn links_to_margin(source: &Source, whole: &Expr, base: &str, step: &str) -> Vec<Splice> {
    let text = source.text;
    let (first, links) = unroll(whole);
    let mut splices = Vec::new();
    for link in links {
        let dot = match link {
            Expr::MethodCall(link) => &link.dot_token,
            Expr::Field(link) => &link.dot_token,
            Expr::Await(link) => &link.dot_token,
            _ => continue,
        };
        let dot = source.bytes(dot.spans[0]).start;
        if !first_on_line(text, dot) {
            splices.push(Splice::insert(dot, format!("\n{base}")));
        }
    }
    let behind = source.range(first).end..source.range(whole).end;
    let deeper = format!("{base}{step}");
    let fixed = source.lines_in_literals();
    for start in line_starts(text, behind) {
        if !fixed.contains(&start) && text[start..].starts_with(&deeper) {
            splices.push(Splice { range: start + base.len()..start + deeper.len(), text: String::new() });
        }
    }
    splices
}

fn line_starts(text: &str, range: Range<usize>) -> impl Iterator<Item = usize> {
    text[range.clone()].match_indices('\n').map(move |(at, _)| range.start + at + 1)
}

/// Moves the lines inside the arguments of the chain to the right, except in literals.
fn indent_inner_lines(source: &Source, chain: &Chain, by: &str) -> Vec<Splice> {
    let inner = chain.root.end..chain_end(chain);
    if by.is_empty() || !source.text[inner.clone()].contains('\n') {
        return Vec::new();
    }
    let fixed = source.lines_in_literals();
    line_starts(source.text, inner)
        .filter(|start| !fixed.contains(start) && !rest_of_line(source.text, *start).is_empty())
        .map(|start| Splice::insert(start, by))
        .collect()
}

fn arguments_width(call: &str) -> usize {
    let open = call.find('(').map_or(0, |open| open + 1);
    let close = call.rfind(')').unwrap_or(call.len());
    width(call.get(open..close).unwrap_or_default())
}

/// A new statement on a line with this indent: on one line if rustfmt would leave it there,
/// else with a line for each call of its chain. Text of several lines is kept.
pub(crate) fn lay_out_statement(statement: &str, indent: &str, step: &str) -> String {
    let kept = || statement.replace('\n', &format!("\n{indent}"));
    if statement.contains('\n') {
        return kept();
    }
    let whole = format!("fn f() {{\n{statement}\n}}");
    let Ok(source) = Source::parse(&whole) else { return kept() };
    let Some(Item::Fn(function)) = source.file.items.first() else { return kept() };
    let chain = match function.block.stmts.as_slice() {
        [Stmt::Local(local)] => local.init.as_ref().map(|init| &*init.expr),
        [Stmt::Expr(expr, _)] => Some(expr),
        _ => None,
    };
    let Some((base, links)) = chain.map(unroll) else { return kept() };
    let mut ends: Vec<usize> = Vec::new();
    let mut end = source.range(base).end;
    for link in &links {
        if !matches!(link, Expr::Try(_)) {
            ends.push(end);
        }
        end = source.range(*link).end;
    }
    let (root, chain) = (source.range(base), width(&whole[source.range(base).start..end]));
    if width(&whole[root]) <= width(step) {
        // A root as short as an indent keeps its first call.
        ends.drain(..ends.len().min(1));
    }
    let fits = width(indent) + width(statement) <= LINE && (links.len() < 2 || chain <= CHAIN);
    if fits || ends.is_empty() {
        return kept();
    }
    let dots = ends.into_iter().map(|end| Splice::insert(end, format!("\n{indent}{step}")));
    let broken = cut(&whole, dots.collect());
    broken.lines().skip(1).take(broken.lines().count() - 2).collect::<Vec<_>>().join("\n")
}

/// A call (without its dot) on a line with this indent: on one line if rustfmt would leave it
/// there, else with a line for each argument.
fn lay_out(call: &str, indent: &str, step: &str) -> String {
    let fits = width(indent) + 1 + width(call) <= LINE && arguments_width(call) <= ARGUMENTS;
    if call.contains('\n') || fits {
        return call.replace('\n', &format!("\n{indent}"));
    }
    let whole = format!("x.{call}");
    let Ok(Expr::MethodCall(parsed)) = syn::parse_str(&whole) else { return call.to_owned() };
    let at = |expr: &Expr| whole.get(syn::spanned::Spanned::span(expr).byte_range()).unwrap_or_default();
    let open = parsed.paren_token.span.open().byte_range().end;
    let name = &whole[2..open];
    let arguments: Vec<&Expr> = parsed.args.iter().collect();
    match arguments.as_slice() {
        [] => call.to_owned(),
        // The brackets of a single inner call are opened in the same line.
        [Expr::Call(inner)] if !inner.args.is_empty() => {
            let inside: Vec<&str> = inner.args.iter().map(at).collect();
            format!("{name}{}({})", at(&inner.func), spread(&inside, indent, step)) + ")"
        }
        several => {
            let inside: Vec<&str> = several.iter().copied().map(at).collect();
            format!("{name}{})", spread(&inside, indent, step))
        }
    }
}

fn spread(arguments: &[&str], indent: &str, step: &str) -> String {
    let lines: String = arguments.iter().map(|argument| format!("\n{indent}{step}{argument},")).collect();
    format!("{lines}\n{indent}")
}
