//! Texts in quotes that a Rust file has outside of tests and comments.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, LitStr, Macro};

use super::room::with_room;
use super::source::{Source, is_test};
use super::text::{line_number, split_mark};

/// A text in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    pub text: String,
    /// Where it begins, counted from 1.
    pub line: usize,
    /// Whether its lines are those of the file, one by one.
    pub is_plain: bool,
    /// Whether it names a file whose text stands for it.
    pub is_file: bool,
}

/// The texts of a file, in their order; none of one that does not parse.
pub fn literals(text: &str) -> Vec<Literal> {
    let (_, body) = split_mark(text);
    with_room(|| {
        let Ok(source) = Source::parse(body) else { return vec![] };
        let mut reader = Reader { source: &source, found: Vec::new() };
        if !is_test(&source.file.attrs) {
            reader.visit_file(&source.file);
        }
        reader.found
    })
}

struct Reader<'r, 't> {
    source: &'r Source<'t>,
    found: Vec<Literal>,
}

impl Reader<'_, '_> {
    fn add(&mut self, text: String, span: Span, is_file: bool) {
        let range = self.source.bytes(span);
        let line = line_number(self.source.text, range.start);
        let is_plain = self.source.text[range].contains(text.as_str());
        self.found.push(Literal { text, line, is_plain, is_file });
    }

    fn tokens(&mut self, tokens: TokenStream, is_file: bool) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream(), is_file),
                TokenTree::Literal(literal) => {
                    let span = literal.span();
                    if let Ok(text) = syn::parse2::<LitStr>(TokenTree::from(literal).into()) {
                        self.add(text.value(), span, is_file);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Reader<'_, '_> {
    fn visit_lit_str(&mut self, text: &'a LitStr) {
        self.add(text.value(), text.span(), false);
    }

    fn visit_macro(&mut self, invoked: &'a Macro) {
        let is_file = invoked.path.segments.last().is_some_and(|last| last.ident == "include_str");
        self.tokens(invoked.tokens.clone(), is_file);
    }

    fn visit_item(&mut self, item: &'a Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'a ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    // Comments are attributes too.
    fn visit_attribute(&mut self, _: &'a Attribute) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, usize)> {
        literals(text).into_iter().map(|found| (found.text, found.line)).collect()
    }

    #[test]
    fn texts_of_the_program_are_found_and_those_of_tests_are_not() {
        let text = "/// \"a\"\n#[doc = \"b\"]\nfn one() {\n    query(r#\"c\"#);\n    let d = \"d\\n\";\n}\n\n\
                    const E: &str = \"e\";\n\n#[cfg(test)]\nmod tests {\n    fn f() {\n        query(\"f\");\n    }\n}\n\n\
                    fn g() {\n    db::query!(\"g\", include_str!(\"h.sql\"));\n}\n\
                    #[test]\nfn i() {\n    query(\"i\");\n}\n";
        let expected = [("c", 4), ("d\n", 5), ("e", 8), ("g", 18), ("h.sql", 18)]
            .map(|(text, line)| (text.to_owned(), line));
        assert_eq!(texts(text), expected);
        assert!(texts("fn broken( {\n").is_empty());
        assert!(texts("#![cfg(test)]\nconst A: &str = \"a\";\n").is_empty());
    }

    #[test]
    fn what_names_a_file_is_told_from_text() {
        let found = literals("const A: &str = include_str!(\"a.sql\");\nconst B: &str = \"b\\\n    c\";\n");
        let found: Vec<_> = found.iter().map(|found| (found.is_file, found.is_plain)).collect();
        assert_eq!(found, [(true, true), (false, false)]);
    }
}
