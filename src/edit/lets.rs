//! The variables a function declares, outside of its closures.

use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{Block, Local, Pat};

use super::find::Statement;
use super::pool::Search;
use super::source::{Source, is_test};

/// A `let` with the block it stands in and where the next statement begins.
pub(super) struct Let<'s> {
    pub(super) local: &'s Local,
    pub(super) end: usize,
    pub(super) block: Range<usize>,
    pub(super) next: Option<Statement>,
}

impl<'s> Search<'_, 's> {
    pub(super) fn lets(&self) -> Vec<Let<'s>> {
        struct Lets<'s> {
            source: &'s Source<'s>,
            blocks: Vec<Range<usize>>,
            is_async: bool,
            found: Vec<Let<'s>>,
        }
        impl<'s> Visit<'s> for Lets<'s> {
            fn visit_block(&mut self, block: &'s Block) {
                self.blocks.push(self.source.range(block));
                for (number, statement) in block.stmts.iter().enumerate() {
                    let end = self.source.range(statement).end;
                    let next = block.stmts.get(number + 1).map(|next| Statement {
                        start: self.source.range(next).start,
                        floor: end,
                        is_async: self.is_async,
                    });
                    if let syn::Stmt::Local(local) = statement
                        && !is_test(&local.attrs)
                        && !local.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"))
                    {
                        let block = self.blocks.last().cloned().unwrap_or_default();
                        self.found.push(Let { local, end, block, next });
                    }
                    visit::visit_stmt(self, statement);
                }
                self.blocks.pop();
            }
            fn visit_expr_async(&mut self, block: &'s syn::ExprAsync) {
                let outside = std::mem::replace(&mut self.is_async, true);
                visit::visit_expr_async(self, block);
                self.is_async = outside;
            }
            // Variables of a closure end with it, and items have variables of their own.
            fn visit_expr_closure(&mut self, _: &'s syn::ExprClosure) {}
            fn visit_item(&mut self, _: &'s syn::Item) {}
        }
        let is_async = self.frame.function.signature.asyncness.is_some();
        let mut lets = Lets { source: self.frame.source(), blocks: vec![], is_async, found: vec![] };
        lets.visit_block(self.frame.function.block);
        lets.found.sort_by_key(|found| found.end);
        lets.found
    }
}

/// Whether a pattern makes a variable of this name.
pub(super) fn binds(pattern: &Pat, name: &str) -> bool {
    struct Names<'n>(&'n str, bool);
    impl<'s> Visit<'s> for Names<'_> {
        fn visit_pat_ident(&mut self, ident: &'s syn::PatIdent) {
            self.1 |= ident.ident == self.0;
        }
    }
    let mut names = Names(name, false);
    names.visit_pat(pattern);
    names.1
}
