//! What a package has already: migrations it runs, and the calls of an earlier run.

use syn::ExprMethodCall;

use super::chain::call_words;
use super::find::Survey;
use super::mount::Mount;
use super::source::Source;
use super::words::Start;

/// What an earlier run, or a person, has done of the edit.
pub(super) enum Done {
    Nothing,
    /// Some of the calls are in this file.
    Part(String),
    /// How the package starts, the file with the calls and the root of its crate.
    All(Start, String, String),
}

impl<'s> Mount<'_, 's> {
    /// The folder of the migrations that the package runs, if not the usual one, and whether it runs any.
    pub(super) fn migrations(&self) -> (Option<String>, bool) {
        struct Runs<'n>(&'n str, Vec<String>);
        impl<'s> syn::visit::Visit<'s> for Runs<'_> {
            fn visit_item_mod(&mut self, item: &'s syn::ItemMod) {
                if !super::source::is_test(&item.attrs) {
                    syn::visit::visit_item_mod(self, item);
                }
            }
            fn visit_item_fn(&mut self, item: &'s syn::ItemFn) {
                if !super::source::is_test(&item.attrs) {
                    syn::visit::visit_item_fn(self, item);
                }
            }
            fn visit_macro(&mut self, invoked: &'s syn::Macro) {
                if invoked.path.segments.last().is_some_and(|last| last.ident == self.0) {
                    let folder = invoked.parse_body::<syn::LitStr>().map(|text| text.value());
                    self.1.push(folder.unwrap_or_default());
                }
            }
        }
        let mut runs = Runs(&self.pools.migrate, Vec::new());
        for (file, source) in self.package.read() {
            // What an earlier run of ours wrote is not the owner's.
            if !self.is_ours(&file, source) {
                syn::visit::Visit::visit_file(&mut runs, &source.file);
            }
        }
        let plain = |folder: &String| folder.trim_start_matches("./").trim_end_matches('/').to_owned();
        let folders: Vec<String> = runs.1.iter().map(plain).collect();
        // Of one for each database, that of ours.
        let of_ours = |folder: &&String| folder.split('/').any(|part| self.pools.is_of(part));
        let folder = folders.iter().find(of_ours).or(folders.first()).cloned();
        (folder.filter(|folder| !folder.is_empty() && folder != "migrations"), !runs.1.is_empty())
    }

    fn is_ours(&self, file: &str, source: &Source) -> bool {
        source.text.starts_with("//! Opens the database and brings its tables")
            || file.contains(&format!("/{}/", self.words.module))
    }

    /// Whether the calls are there already.
    pub(super) fn done(&self) -> Done {
        let mut part = None;
        for (file, source) in self.package.read() {
            let survey = Survey::of(source, &[], &[]);
            let has = |call: &String| {
                let Some((method, marks)) = self.words.marks(call) else { return true };
                survey.calls.iter().any(|there: &&ExprMethodCall| {
                    there.method == method && {
                        let words = format!(" {}", call_words(source, there));
                        marks.iter().all(|mark| words.contains(mark.as_str()))
                    }
                })
            };
            let there = self.words.calls.iter().filter(|call| has(call)).count();
            if there < self.words.calls.len() {
                if there > 0 {
                    part = Some(file);
                }
                continue;
            }
            let words = format!(" {}", source.words(&source.file));
            let start = Start::ALL.into_iter().find(|start| {
                let statement = self.words.starts.get(start).map_or("", String::as_str);
                let awaits = statement.contains(".await");
                self.words.paths(statement).iter().any(|path| {
                    words.match_indices(path.as_str()).any(|(at, _)| {
                        let rest = words[at..].split(';').next().unwrap_or_default();
                        rest.contains(". await ") == awaits
                    })
                })
            });
            let root = self.root_of_file(&file).unwrap_or_default();
            return Done::All(start.unwrap_or(Start::Own), file, root);
        }
        part.map_or(Done::Nothing, Done::Part)
    }

    fn root_of_file(&self, file: &str) -> Option<String> {
        let roots = self.package.roots();
        let own = roots.iter().find(|root| root.file == file);
        let holds = |root: usize| {
            let mut open = self.package.top(root).into_iter().collect::<Vec<_>>();
            let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
            let names = path.rsplit_once("src/").map_or(path, |(_, inside)| inside).split('/');
            for name in names {
                let Some(next) = open.pop().and_then(|module| self.package.child(&module, name)) else {
                    return false;
                };
                open.push(next);
            }
            open.first().is_some_and(|module| module.file == file)
        };
        let found = own.or_else(|| (0..roots.len()).find(|root| holds(*root)).map(|root| &roots[root]));
        found.or(roots.first()).map(|root| root.file.clone())
    }
}
