//! Whether a variable may be gone further down in its function.

use std::ops::Range;

use syn::Expr;
use syn::visit::{self, Visit};

use super::source::Source;
use super::walk::Frame;

/// Whether what stands in `range` may take a variable away: every use but `&name` and `name.method(..)`.
pub(crate) fn may_be_moved(frame: &Frame, name: &str, range: Range<usize>) -> bool {
    struct Uses<'n, 's> {
        name: &'n str,
        range: Range<usize>,
        source: &'s Source<'s>,
        closures: usize,
        moved: bool,
    }
    impl Uses<'_, '_> {
        fn is_name(&self, expr: &Expr) -> bool {
            match expr {
                Expr::Path(path) => path.path.is_ident(self.name),
                Expr::Field(field) => self.is_name(&field.base),
                _ => false,
            }
        }
    }
    impl<'s> Visit<'s> for Uses<'_, 's> {
        fn visit_expr(&mut self, expr: &'s Expr) {
            match expr {
                Expr::Reference(inner) if self.is_name(&inner.expr) && self.closures == 0 => {}
                Expr::MethodCall(call) if self.is_name(&call.receiver) && self.closures == 0 => {
                    self.moved |= call.method.to_string().starts_with("into")
                        && self.range.contains(&self.source.range(call).start);
                    call.args.iter().for_each(|argument| self.visit_expr(argument));
                }
                Expr::Closure(_) | Expr::Async(_) => {
                    self.closures += 1;
                    visit::visit_expr(self, expr);
                    self.closures -= 1;
                }
                expr if self.is_name(expr) => {
                    self.moved |= self.range.contains(&self.source.range(expr).start);
                }
                _ => visit::visit_expr(self, expr),
            }
        }
        fn visit_macro(&mut self, invoked: &'s syn::Macro) {
            let start = self.source.range(invoked).start;
            let words = format!(" {}", self.source.words(invoked));
            let named = words.contains(&format!(" {} ", self.name));
            let borrowed = words.matches(&format!(" {} ", self.name)).count()
                == words.matches(&format!(" & {} ", self.name)).count();
            self.moved |= named && !borrowed && self.range.contains(&start);
        }
    }
    let source = frame.source();
    let mut uses = Uses { name, range, source, closures: 0, moved: false };
    uses.visit_block(frame.function.block);
    uses.moved
}
