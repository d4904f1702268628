//! The tags of a template language, as far as a layout needs them: blocks, what is extended and included, values.

use serde::Deserialize;

/// How a template language writes its tags.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Tags {
    /// How a statement begins and ends, a value, and a comment.
    statement: [String; 2],
    value: [String; 2],
    comment: [String; 2],
    /// Characters inside of those that trim white space around them.
    trim: String,
    /// The words that open and close a block.
    block: [String; 2],
    /// Those between which nothing is a tag.
    raw: [String; 2],
    extends: String,
    include: String,
    /// What a value may be passed through everywhere.
    filters: Vec<String>,
    /// What the path of something starts with that every template sees.
    path: String,
    /// How parts of a page that hold no tags of HTML begin and end.
    pub(super) ignore: Vec<[String; 2]>,
}

/// A tag and its place in the text.
pub(super) struct Piece<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) tag: Tag<'t>,
}

pub(super) enum Tag<'t> {
    Block(&'t str),
    End,
    Extends(&'t str),
    Include(&'t str),
    Value(&'t str),
    Other,
}

/// A block from its opening tag (`start` to `opened`) to the end of its closing one.
pub(super) struct Block<'t> {
    pub(super) name: &'t str,
    pub(super) start: usize,
    pub(super) opened: usize,
    pub(super) end: usize,
    /// How many blocks it stands in.
    pub(super) depth: usize,
}

impl Tags {
    /// The tags in order, without comments and what is raw.
    pub(super) fn pieces<'t>(&self, text: &'t str) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let (mut at, mut is_raw) = (0, false);
        let kinds = [&self.statement, &self.value, &self.comment];
        while let Some((start, [open, close])) = kinds
            .iter()
            .filter_map(|kind| Some((at + text[at..].find(kind[0].as_str())?, *kind)))
            .min_by_key(|(start, _)| *start)
        {
            let inner = start + open.len();
            let Some(length) = text[inner..].find(close.as_str()) else { break };
            let end = inner + length + close.len();
            let trimmed = |c: char| c.is_whitespace() || self.trim.contains(c);
            let inside = text[inner..inner + length].trim_matches(trimmed);
            let word = inside.split_whitespace().next().unwrap_or_default();
            let is_statement = *open == self.statement[0];
            at = end;
            if is_raw {
                is_raw = !(is_statement && word == self.raw[1]);
            } else if is_statement && word == self.raw[0] {
                is_raw = true;
            } else if is_statement {
                pieces.push(Piece { start, end, tag: self.statement(word, inside) });
            } else if *open == self.value[0] {
                pieces.push(Piece { start, end, tag: Tag::Value(inside) });
            }
        }
        pieces
    }

    fn statement<'t>(&self, word: &str, inside: &'t str) -> Tag<'t> {
        let rest = inside[word.len()..].trim();
        let quoted = || rest.strip_prefix('"')?.strip_suffix('"').filter(|name| !name.contains('"'));
        if word == self.block[0] {
            Tag::Block(rest)
        } else if word == self.block[1] {
            Tag::End
        } else if word == self.extends {
            quoted().map_or(Tag::Other, Tag::Extends)
        } else if word == self.include {
            quoted().map_or(Tag::Other, Tag::Include)
        } else {
            Tag::Other
        }
    }

    /// The template that `text` extends.
    pub(super) fn extended<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.pieces(text).into_iter().find_map(|piece| match piece.tag {
            Tag::Extends(name) => Some(name),
            _ => None,
        })
    }

    /// The blocks in the order of their starts. One that is not closed is none.
    pub(super) fn blocks<'t>(&self, text: &'t str) -> Vec<Block<'t>> {
        let mut blocks: Vec<Block<'t>> = Vec::new();
        let mut open = Vec::new();
        for piece in self.pieces(text) {
            match piece.tag {
                Tag::Block(name) => {
                    let depth = open.len();
                    open.push(blocks.len());
                    blocks.push(Block { name, start: piece.start, opened: piece.end, end: 0, depth });
                }
                Tag::End => {
                    if let Some(number) = open.pop() {
                        blocks[number].end = piece.end;
                    }
                }
                _ => {}
            }
        }
        blocks.retain(|block| block.end > 0);
        blocks
    }

    /// Whether an expression is the same in every template: literals, and paths that all of them see.
    pub(super) fn is_constant(&self, expression: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let plain = without_literals(expression);
        let mut rest = plain.as_str();
        while let Some(start) = rest.find(is_word) {
            let lead = rest[..start].trim();
            let end = rest[start..].find(|c| !is_word(c)).map_or(rest.len(), |end| start + end);
            let word = &rest[start..end];
            let of_path = lead.ends_with("::") || lead.ends_with('.') || word == self.path;
            let is_filter = lead.ends_with('|') && self.filters.iter().any(|filter| filter == word);
            let is_literal =
                word.starts_with(|c: char| c.is_ascii_digit()) || matches!(word, "true" | "false");
            if !(of_path || is_filter || is_literal) {
                return false;
            }
            rest = &rest[end..];
        }
        true
    }
}

/// `expression` without what stands in quotes.
fn without_literals(expression: &str) -> String {
    let mut plain = String::new();
    let mut chars = expression.chars();
    while let Some(c) = chars.next() {
        if c != '"' {
            plain.push(c);
            continue;
        }
        while let Some(inner) = chars.next() {
            match inner {
                '\\' => drop(chars.next()),
                '"' => break,
                _ => {}
            }
        }
    }
    plain
}
