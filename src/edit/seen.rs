//! What is looked for in the files that the search for the router reads, and in those their routes lead to.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Expr, Item, LitStr};

use super::arena::Arena;
use super::package::{Package, Root};
use super::routes::{Route, routes};
use super::source::Source;
use super::text::line_number;
use super::words::Words;

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct Seek {
    /// Whether addresses are wanted, which takes reading the modules that give them.
    pub routes: bool,
    /// Texts that somewhere in the code stand in quotes.
    pub texts: Vec<String>,
    /// Names of types.
    pub types: Vec<String>,
}

/// What was found, outside of our module and of tests as far as the routes go.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub routes: Vec<Route>,
    /// Each with its file and line.
    pub texts: Vec<(String, String, usize)>,
    pub types: Vec<(String, String, usize)>,
}

impl Seek {
    pub(super) fn look<'s>(&self, package: &Package<'s>, words: &'s Words, made: &'s Arena<Expr>) -> Seen {
        let routes = if self.routes { routes(package, words, made) } else { vec![] };
        let mut seen = Seen { routes, ..Seen::default() };
        if self.texts.is_empty() && self.types.is_empty() {
            return seen;
        }
        let folder = |root: &Root| match root.file.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{}/", words.module),
            None => format!("{}/", words.module),
        };
        let ours: Vec<String> = package.roots().iter().map(folder).collect();
        let is_ours = |file: &str| ours.iter().any(|folder| file.starts_with(folder));
        for (file, source) in package.read().into_iter().filter(|(file, _)| !is_ours(file)) {
            for text in self.texts.iter().filter(|text| source.text.contains(text.as_str())) {
                if let Some(line) = in_quotes(source, text) {
                    seen.texts.push((text.clone(), file.clone(), line));
                }
            }
            for name in &self.types {
                if let Some(line) = type_called(source, name) {
                    seen.types.push((name.clone(), file.clone(), line));
                }
            }
        }
        seen
    }
}

/// The line where a text is a literal, not only a part of one or of a comment.
fn in_quotes(source: &Source, text: &str) -> Option<usize> {
    fn find(tokens: TokenStream, text: &str) -> Option<usize> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Group(group) => find(group.stream(), text),
            TokenTree::Literal(literal) => {
                let line = literal.span().start().line;
                let literal = syn::parse2::<LitStr>(TokenTree::from(literal).into()).ok()?;
                (literal.value() == text).then_some(line)
            }
            _ => None,
        })
    }
    find(source.text.parse().ok()?, text)
}

fn type_called(source: &Source, name: &str) -> Option<usize> {
    let ident = source.file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(&item.ident),
        Item::Enum(item) if item.ident == name => Some(&item.ident),
        Item::Type(item) if item.ident == name => Some(&item.ident),
        _ => None,
    })?;
    Some(line_number(source.text, source.range(ident).start))
}
