//! Edits of Rust items: a module declaration, a first statement.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{Attribute, Block, Ident, Item, ItemMod, Stmt, UseTree};

use super::CannotEdit;
use super::source::{self, Source, is_fixed, is_test};
use super::text::{Splice, at_end, first_on_line, indent, line_end, line_number, line_start, rest_of_line};

/// `mod NAME;` sorted into a group of file modules, or above the first item.
pub(crate) fn declare_module(
    source: &Source,
    module: &str,
    public: bool,
    cfg_test: bool,
) -> Result<Vec<Splice>, CannotEdit> {
    let items = &source.file.items;
    for item in items {
        match item {
            Item::Mod(there)
                if there.ident == module && there.semi.is_some() && (cfg_test || !is_test(&there.attrs)) =>
            {
                return Ok(Vec::new());
            }
            // A module with a body has no file of its own.
            _ if names_type(item, module) => {
                let line = line_number(source.text, source.range(item).start);
                return Err(CannotEdit::Taken { name: module.to_owned(), line });
            }
            _ => {}
        }
    }
    let declaration = declaration(module, public, cfg_test);
    let splice = match best_group(source, public) {
        Some(group) => into_group(source, &group, module, &declaration),
        None => above_items(source, &declaration),
    };
    Ok(vec![splice])
}

/// Whether [`declare_module`] finds other modules to stand beside.
pub(crate) fn has_group(source: &Source, public: bool) -> bool {
    best_group(source, public).is_some()
}

/// What to tell a person instead of [`declare_module`].
pub(crate) fn declare_module_by_hand(module: &str, public: bool, cfg_test: bool, path: &str) -> String {
    format!("in `{path}`, next to the other modules, add:\n{}", declaration(module, public, cfg_test))
}

fn declaration(module: &str, public: bool, cfg_test: bool) -> String {
    let test = if cfg_test { "#[cfg(test)]\n" } else { "" };
    let public = if public { "pub " } else { "" };
    format!("{test}{public}mod {module};")
}

/// Whether an item puts `name` where a module of that name would stand.
fn names_type(item: &Item, name: &str) -> bool {
    let ident = match item {
        Item::Enum(item) => &item.ident,
        Item::Mod(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::ExternCrate(item) => item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename),
        Item::Use(item) => return imports(&item.tree, None, name),
        _ => return false,
    };
    ident == name
}

fn imports(tree: &UseTree, parent: Option<&Ident>, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => imports(&path.tree, Some(&path.ident), name),
        UseTree::Name(leaf) if leaf.ident == "self" => parent.is_some_and(|parent| parent == name),
        UseTree::Name(leaf) => leaf.ident == name,
        UseTree::Rename(leaf) => leaf.rename == name,
        UseTree::Group(group) => group.items.iter().any(|tree| imports(tree, parent, name)),
        UseTree::Glob(_) => false,
    }
}

/// The group of neighbouring `mod x;` lines to sort into: one of the same visibility if
/// there is one, then the longest, then the first. Modules with attributes lie in a group
/// (rustfmt sorts them with it) but do not make one.
fn best_group<'s>(source: &'s Source, public: bool) -> Option<Vec<&'s ItemMod>> {
    let plain = |group: &[&ItemMod]| group.iter().filter(|item| item.attrs.is_empty()).count();
    let alike = |group: &[&ItemMod]| {
        group
            .iter()
            .any(|item| item.attrs.is_empty() && matches!(item.vis, syn::Visibility::Public(_)) == public)
    };
    let groups = module_groups(source).into_iter().filter(|group| plain(group) > 0);
    groups.rev().max_by_key(|group| (alike(group), plain(group)))
}

fn module_groups<'s>(source: &'s Source) -> Vec<Vec<&'s ItemMod>> {
    let mut groups: Vec<Vec<&ItemMod>> = Vec::new();
    let mut end_of_last = None;
    for item in &source.file.items {
        let Item::Mod(module) = item else {
            end_of_last = None;
            continue;
        };
        if module.semi.is_none() || is_fixed(&module.attrs) {
            end_of_last = None;
            continue;
        }
        let range = source.range(module);
        let adjacent =
            end_of_last.is_some_and(|end: usize| source.text[end..range.start].matches('\n').count() < 2);
        match groups.last_mut() {
            Some(group) if adjacent => group.push(module),
            _ => groups.push(vec![module]),
        }
        end_of_last = Some(range.end);
    }
    groups
}

fn into_group(source: &Source, group: &[&ItemMod], module: &str, declaration: &str) -> Splice {
    let text = source.text;
    let name = |item: &ItemMod| item.ident.to_string().trim_start_matches("r#").to_owned();
    let sorted = group.is_sorted_by_key(|item| name(item));
    let greater = group.iter().find(|item| name(item).as_str() > module);
    if let Some(next) = greater.filter(|_| sorted) {
        let at = source.range(*next).start;
        return on_own_line(text, at, declaration);
    }
    let last = match sorted {
        true => group.last(),
        false => group.iter().rev().find(|item| item.attrs.is_empty()),
    };
    let range = last.map_or(0..0, |last| source.range(*last));
    let indent = indent(text, range.start);
    let lines = declaration.replace('\n', &format!("\n{indent}"));
    match rest_of_line(text, range.end).trim_start() {
        rest if rest.is_empty() || rest.starts_with("//") => {
            Splice::insert(line_end(text, range.end), format!("\n{indent}{lines}"))
        }
        _ => Splice::insert(range.end, format!("\n{indent}{lines}\n{indent}")),
    }
}

/// Puts lines directly above the item at `at`, with its indent.
fn on_own_line(text: &str, at: usize, lines: &str) -> Splice {
    let indent = indent(text, at);
    let lines = lines.replace('\n', &format!("\n{indent}"));
    if first_on_line(text, at) {
        return Splice::insert(line_start(text, at), format!("{indent}{lines}\n"));
    }
    Splice::insert(at, format!("{lines}\n{indent}"))
}

fn above_items(source: &Source, declaration: &str) -> Splice {
    let text = source.text;
    let Some(first) = source.file.items.first() else {
        return at_end(text, declaration, true);
    };
    let at = source.range(first).start;
    let floor = source.file.attrs.last().map_or(0, |last| source.range(last).end);
    let top = above_comment(text, floor, at);
    // A comment that opens the file is about the file, not about its first item.
    let at = if text[..top].trim().is_empty() { at } else { top };
    on_own_line(text, at, &format!("{declaration}\n"))
}

/// Start of the `//` lines that stand directly above `at`, or `at` itself. Nothing but white
/// space and comments lies between `floor` and `at`.
pub(crate) fn above_comment(text: &str, floor: usize, at: usize) -> usize {
    let gap = &text[floor..at];
    if gap.contains("/*") || !first_on_line(text, at) {
        return at;
    }
    let mut top = at;
    loop {
        let start = line_start(text, top);
        if start <= floor {
            return top;
        }
        let above = line_start(text, start - 1).max(floor);
        let line = &text[above..start];
        let is_whole = text[..above].ends_with('\n') || above == 0;
        if !is_whole || !line.trim_start().starts_with("//") {
            return top;
        }
        top = above + (line.len() - line.trim_start().len());
    }
}

/// A statement at the beginning of a function.
pub(crate) fn insert_statement(
    source: &Source,
    function: &str,
    statement: &str,
) -> Result<Vec<Splice>, CannotEdit> {
    let mut finder = Functions { name: function, found: Vec::new() };
    finder.visit_file(&source.file);
    let wanted = format!("`fn {function}`");
    let (attributes, block) = match finder.found.as_slice() {
        [] => return Err(CannotEdit::NotFound { wanted }),
        [one] => *one,
        several => {
            let line = |block: &Block| line_number(source.text, source.range(block).start);
            let lines = several.iter().map(|(_, block)| line(block)).collect();
            return Err(CannotEdit::Ambiguous { wanted, lines });
        }
    };
    Ok(match missing_statements(source, block, statement).join("\n") {
        none if none.is_empty() => Vec::new(),
        missing => at_start_of(source, attributes, block, &missing),
    })
}

/// What to tell a person instead of [`insert_statement`].
pub(crate) fn insert_statement_by_hand(function: &str, statement: &str, path: &str) -> String {
    format!("in `{path}`, at the beginning of `fn {function}`, add:\n{statement}")
}

struct Functions<'n, 's> {
    name: &'n str,
    found: Vec<(&'s [Attribute], &'s Block)>,
}

impl<'s> Visit<'s> for Functions<'_, 's> {
    fn visit_item_mod(&mut self, item: &'s ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'s syn::ItemFn) {
        if item.sig.ident == self.name && !is_test(&item.attrs) {
            self.found.push((&item.attrs, &item.block));
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'s syn::ImplItemFn) {
        if item.sig.ident == self.name && !is_test(&item.attrs) {
            self.found.push((&item.attrs, &item.block));
        }
    }
}

/// The statements of `text`, each with the comments above it, that neither a block nor a
/// block in it has, compared token by token. Text that is not statements stays in one piece.
pub(crate) fn missing_statements(source: &Source, block: &Block, text: &str) -> Vec<String> {
    struct Words<'s> {
        source: &'s Source<'s>,
        there: HashSet<String>,
    }
    impl<'s> Visit<'s> for Words<'_> {
        fn visit_stmt(&mut self, statement: &'s Stmt) {
            self.there.insert(self.source.words(statement));
            visit::visit_stmt(self, statement);
        }
    }
    let mut words = Words { source, there: HashSet::new() };
    words.visit_block(block);
    let mut statements = split_statements(text);
    statements
        .retain(|statement| !source::words(statement).is_some_and(|wanted| words.there.contains(&wanted)));
    statements
}

fn split_statements(text: &str) -> Vec<String> {
    let whole = format!("fn f() {{\n{text}\n}}");
    let Ok(source) = Source::parse(&whole) else { return vec![text.to_owned()] };
    let [Item::Fn(function)] = source.file.items.as_slice() else { return vec![text.to_owned()] };
    let mut start = source.range(&*function.block).start + 2;
    let mut statements = Vec::new();
    for statement in &function.block.stmts {
        let end = source.range(statement).end;
        statements.push(whole[start..end].trim_matches('\n').to_owned());
        start = end;
    }
    statements
}

fn at_start_of(source: &Source, attributes: &[Attribute], block: &Block, statement: &str) -> Vec<Splice> {
    let text = source.text;
    let body = source.range(block);
    let inner = attributes.iter().map(|attribute| source.range(attribute).end).max().unwrap_or(0);
    let at = inner.max(body.start + 1);
    let outer = indent(text, body.start).to_owned();
    let first = block.stmts.first().map(|first| source.range(first).start);
    let own = match first.filter(|first| first_on_line(text, *first)) {
        Some(first) => indent(text, first).to_owned(),
        None => format!("{outer}{}", source.step()),
    };
    let lines = statement.trim_end().replace('\n', &format!("\n{own}"));
    let rest = rest_of_line(text, at).trim_start();
    if rest.is_empty() || rest.starts_with("//") {
        return vec![Splice::insert(line_end(text, at), format!("\n{own}{lines}"))];
    }
    let gap = at + (text[at..].len() - text[at..].trim_start().len());
    let before = Splice { range: at..gap, text: format!("\n{own}{lines}\n{own}") };
    if first.is_none() && gap + 1 == body.end {
        return vec![Splice { range: at..gap, text: format!("\n{own}{lines}\n{outer}") }];
    }
    vec![before]
}
