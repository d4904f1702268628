//! A Rust text with its syntax tree and the way from the tree back to byte positions.

use std::ops::Range;

use proc_macro2::{Delimiter, LexError, Span, TokenStream, TokenTree, token_stream};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block};

use super::CannotEdit;
use super::text::{first_on_line, indent};

/// Tokens inside each other beyond this are refused; enough for a chain of a thousand calls.
const DEEPEST: usize = 4000;
/// For how many tokens a bracket counts.
const BRACKET: usize = 10;

/// A parsed Rust file.
pub(crate) struct Source<'t> {
    pub(crate) text: &'t str,
    pub(crate) file: syn::File,
    tokens: TokenStream,
    /// Length of a `#!` line, which the parser does not see.
    skipped: usize,
}

impl<'t> Source<'t> {
    /// Parses a text without byte order mark.
    pub(crate) fn parse(text: &'t str) -> Result<Self, CannotEdit> {
        if text.starts_with('\u{feff}') {
            return Err(unparsable(Span::call_site(), "a byte order mark"));
        }
        let skipped = shebang(text);
        let tokens: TokenStream = text[skipped..]
            .parse()
            .map_err(|error: LexError| unparsable(error.span(), "an unbalanced bracket or quote"))?;
        refuse_deep(&tokens)?;
        let file = syn::parse2(tokens.clone()).map_err(|error: syn::Error| {
            match error.span().byte_range().is_empty() {
                true => at_the_end(text, &error.to_string()),
                false => unparsable(error.span(), &error.to_string()),
            }
        })?;
        Ok(Self { text, file, tokens, skipped })
    }

    /// Bytes of a span.
    pub(crate) fn bytes(&self, span: Span) -> Range<usize> {
        let range = span.byte_range();
        range.start + self.skipped..range.end + self.skipped
    }

    /// Bytes of a piece of the syntax tree, with its attributes.
    pub(crate) fn range(&self, piece: &impl Spanned) -> Range<usize> {
        self.bytes(piece.span())
    }

    /// The tokens of a piece of the syntax tree, see [`words`].
    pub(crate) fn words(&self, piece: &impl Spanned) -> String {
        self.text.get(self.range(piece)).and_then(words).unwrap_or_default()
    }

    /// One step of indentation as the file has it: how much deeper than its brace the first
    /// block is that stands on lines of its own.
    pub(crate) fn step(&self) -> String {
        struct Steps<'s> {
            source: &'s Source<'s>,
            found: Option<String>,
        }
        impl<'s> Visit<'s> for Steps<'_> {
            fn visit_block(&mut self, block: &'s Block) {
                let text = self.source.text;
                let brace = self.source.bytes(block.brace_token.span.open()).start;
                let first = block.stmts.first().map(|first| self.source.range(first).start);
                let step = first
                    .filter(|first| self.found.is_none() && first_on_line(text, *first))
                    .and_then(|first| indent(text, first).strip_prefix(indent(text, brace)))
                    .filter(|step| !step.is_empty());
                self.found = self.found.take().or(step.map(str::to_owned));
                visit::visit_block(self, block);
            }
        }
        let mut steps = Steps { source: self, found: None };
        steps.visit_file(&self.file);
        steps.found.unwrap_or_else(|| "    ".to_owned())
    }

    /// Starts of the lines that begin inside a literal and must therefore not be indented.
    pub(crate) fn lines_in_literals(&self) -> Vec<usize> {
        let mut starts = Vec::new();
        let mut open = vec![self.tokens.clone().into_iter()];
        while let Some(tokens) = open.last_mut() {
            match tokens.next() {
                None => drop(open.pop()),
                Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
                Some(TokenTree::Literal(literal)) => {
                    let range = self.bytes(literal.span());
                    let piece = self.text.get(range.clone()).unwrap_or_default();
                    starts.extend(piece.match_indices('\n').map(|(at, _)| range.start + at + 1));
                }
                Some(_) => {}
            }
        }
        starts
    }
}

/// The tokens of a piece of Rust in one line, for comparing: white space, comments and a
/// comma before a closing bracket do not matter. `None` if they are not Rust.
pub(crate) fn words(piece: &str) -> Option<String> {
    let mut words = String::new();
    push_words(piece.parse().ok()?, &mut words);
    Some(words)
}

fn push_words(tokens: TokenStream, words: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("( ", ") "),
                    Delimiter::Brace => ("{ ", "} "),
                    Delimiter::Bracket => ("[ ", "] "),
                    Delimiter::None => ("", ""),
                };
                words.push_str(open);
                push_words(group.stream(), words);
                if let Some(short) = words.strip_suffix(", ") {
                    words.truncate(short.len());
                }
                words.push_str(close);
            }
            other => {
                words.push_str(&other.to_string());
                words.push(' ');
            }
        }
    }
}

/// Whether the attributes say that an item exists only in tests.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.is_ident("cfg") {
            return attribute.meta.require_list().is_ok_and(|list| asks_for_test(list.tokens.clone()));
        }
        path.segments.last().is_some_and(|last| last.ident == "test")
    })
}

/// Whether rustfmt leaves an item where it is.
pub(crate) fn is_fixed(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|last| last.ident == "macro_use" || last.ident == "skip")
    })
}

/// Whether `test` stands in a `cfg(..)`, except inside `not(..)`.
fn asks_for_test(tokens: TokenStream) -> bool {
    let mut negated = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => {
            negated = name == "not";
            name == "test"
        }
        TokenTree::Group(group) => !negated && asks_for_test(group.stream()),
        _ => false,
    })
}

/// Length of a `#!` line, without its line ending.
fn shebang(text: &str) -> usize {
    match text.strip_prefix("#!") {
        Some(rest) if !rest.trim_start().starts_with('[') => text.find('\n').unwrap_or(text.len()),
        _ => 0,
    }
}

fn unparsable(span: Span, message: &str) -> CannotEdit {
    let start = span.start();
    CannotEdit::Unparsable { line: start.line.max(1), column: start.column + 1, message: message.to_owned() }
}

fn at_the_end(text: &str, message: &str) -> CannotEdit {
    CannotEdit::Unparsable { line: text.lines().count().max(1), column: 1, message: message.to_owned() }
}

/// Refuses text on which the parser, which calls itself for whatever nests, could run out of
/// stack: counts the tokens that may lie inside each other, with and without brackets.
fn refuse_deep(tokens: &TokenStream) -> Result<(), CannotEdit> {
    let mut open = vec![Level::new(tokens)];
    let mut outside = 0;
    while let Some(level) = open.last_mut() {
        let Some(token) = level.tokens.next() else {
            open.pop();
            outside -= open.last().map_or(0, |level| level.inside + BRACKET);
            continue;
        };
        level.count(&token);
        if outside + level.inside > DEEPEST {
            return Err(unparsable(token.span(), "nested too deeply"));
        }
        if let TokenTree::Group(group) = &token {
            outside += level.inside + BRACKET;
            open.push(Level::new(&group.stream()));
        }
    }
    Ok(())
}

/// The tokens between two brackets, and how many of those read so far may lie inside each
/// other: those of the statement or list element we are in.
struct Level {
    tokens: token_stream::IntoIter,
    inside: usize,
    /// Angle brackets and closures of the statement: a comma may stand inside them.
    angles: usize,
    after_braces: bool,
}

impl Level {
    fn new(tokens: &TokenStream) -> Self {
        Self { tokens: tokens.clone().into_iter(), inside: 0, angles: 0, after_braces: false }
    }

    fn count(&mut self, token: &TokenTree) {
        let goes_on = match token {
            TokenTree::Punct(punct) => punct.as_char() != '#',
            TokenTree::Ident(word) => word == "else" || word == "as",
            _ => false,
        };
        if self.after_braces && !goes_on {
            (self.inside, self.angles) = (0, 0);
        }
        self.after_braces = false;
        self.inside += 1;
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' => (self.inside, self.angles) = (0, 0),
                ',' => self.inside = self.angles,
                '<' | '|' => self.angles += 1,
                _ => {}
            },
            TokenTree::Group(group) => self.after_braces = group.delimiter() == Delimiter::Brace,
            _ => {}
        }
    }
}
