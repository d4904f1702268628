//! What leads around something that is in the way: a flag, another name, or moving what is there.

use super::Drawing;

/// For tables of ours under a name that is taken.
pub(super) const TABLE: &str = "--table NAME gives ours other names";
/// For pages and addresses of ours that are taken.
pub(super) const WEB: &str = "--web NS, or another PLURAL, puts ours at other addresses";

/// For a context beside pages that have theirs elsewhere.
pub(super) const PACKAGE: &str =
    "say --context-package NAME as that run did, or leave it out where that run had none";

/// For an address that ours have whatever the names are.
pub(super) const ADDRESS: &str = "this one is the same in every run: give yours another address";

const CONTEXT: &str = "another CONTEXT puts ours elsewhere";
const OURS: &str = "every run needs a module of that name: rename yours, the file and its `mod` line";
const MOVE: &str = "every run needs this file: move yours";

impl Drawing<'_> {
    /// For a file that stands where ours has to go.
    pub(super) fn around_file(&self, path: &str) -> String {
        let of = |name: &str| self.web.placeholders[name].as_str();
        let folder = &self.package_at(path).project.package_dir;
        let inside = path.strip_prefix(folder.as_str()).unwrap_or(path);
        let stem = inside.strip_suffix(".rs").unwrap_or(inside);
        let module = stem.strip_suffix("/mod").unwrap_or(stem);
        let in_context = |path: &str| {
            let rest = path.strip_prefix("src/").and_then(|rest| rest.strip_prefix(of("context")));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let in_web = |path: &str| path.rsplit('/').skip(1).any(|folder| folder == of("web"));
        let way = if in_context(module) {
            CONTEXT
        } else if in_web(inside) || module == format!("src/{}/{}", of("web_root"), of("web")) {
            WEB
        } else if inside.contains(&format!("_{}_", of("table"))) && inside.ends_with(".sql") {
            TABLE
        } else if inside.ends_with(".rs") {
            OURS
        } else {
            MOVE
        };
        way.to_owned()
    }

    /// For a name of ours that something of the owner's has.
    pub(super) fn around_name(&self, name: &str) -> String {
        let is_context = self.web.placeholders["context"].split('/').any(|segment| segment == name);
        let is_pages = self.web.placeholders["web"] == name;
        let way = match (is_context, is_pages) {
            (true, _) => CONTEXT,
            (_, true) => WEB,
            _ => "every run needs a module of that name: rename yours",
        };
        way.to_owned()
    }
}
