//! The target project as a value: its manifest read once, its other files read when somebody asks.
//!
//! In: the path of a `Cargo.toml`, or files in memory. Out: [`Project`]. All paths inside are relative to
//! the root (the workspace's, or the package's where there is none) and `/`-separated.

mod below;
mod library;
mod metadata;
mod packages;
mod rust;
mod source;
mod targets;
mod version;
mod workspace;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use anyhow::{Context as _, Result};
use semver::Version;
use toml_edit::{DocumentMut, Item, TableLike};

use crate::{
    nearest::hint,
    report::{Stop, stopped, usage},
};
pub use library::{Library, path_between};
pub use metadata::is_in_a_package;
pub use packages::{Packages, Side};
pub use rust::Rust;
use source::Source;
use targets::{crate_root, named_targets};
pub(crate) use version::lowest;
use workspace::{members, packages, workspace_root};

/// What `cargo new` writes into `src/main.rs`.
pub const CARGO_NEW_MAIN: &str = "fn main() {\n    println!(\"Hello, world!\");\n}\n";

/// A Rust package somebody wants accounts in.
#[derive(Debug)]
pub struct Project {
    /// The folder all paths are relative to.
    pub root: PathBuf,
    /// The package's folder below the root: empty, or with a trailing `/`.
    pub package_dir: String,
    /// The package's `Cargo.toml`.
    pub manifest: String,
    /// The `Cargo.toml` of the workspace, where it is another file.
    pub workspace_manifest: Option<String>,
    pub name: String,
    /// `2021`, `2024` ...
    pub edition: String,
    /// What the manifest says; [`Project::rust`] is what counts.
    rust_version: Option<Version>,
    rust: OnceLock<Option<Rust>>,
    /// Dependencies of all kinds by crate name.
    pub dependencies: BTreeMap<String, Dependency>,
    /// The build script, where `package.build` names another than `build.rs`.
    pub build_script: String,
    crate_root: Option<String>,
    /// The programs that name their file.
    programs: Vec<String>,
    /// The name of the library in code, and its file.
    library: (String, String),
    /// What `[workspace.dependencies]` names, with the versions and features it has there.
    pub workspace_dependencies: BTreeMap<String, Dependency>,
    /// `(manifest, folder)`: the templates that manifests name, the package's first.
    pub templates: Vec<(String, String)>,
    source: Arc<Source>,
}

/// A dependency as the manifest has it.
#[derive(Debug, Default, Clone)]
pub struct Dependency {
    /// The lowest version asked for, where the requirement tells.
    pub version: Option<Version>,
    /// The requirement itself.
    pub requirement: Option<String>,
    pub features: Vec<String>,
    /// What `[dependencies]` call it; none, where it is only needed for tests or on some systems.
    pub key: Option<String>,
    /// Whether it is as the workspace says, in `[dependencies]` if it is there.
    pub inherits: bool,
    /// Whether `default-features = false` stands beside it.
    pub is_bare: bool,
}

/// What a package has of a dependency that its workspace lists.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'p> {
    pub features: &'p [String],
    /// Whether the workspace turns the default features off.
    pub is_bare: bool,
}

impl Project {
    /// Reads the project whose manifest is `manifest_path` or, without one, the nearest `Cargo.toml` at or
    /// above `start`; `package` picks a member of a workspace.
    ///
    /// Errors: no manifest, a manifest that does not parse, a workspace where no member was picked, no such
    /// member, no crate root.
    pub fn read(manifest_path: Option<&Path>, package: Option<&str>, start: &Path) -> Result<Project> {
        let manifest = match manifest_path {
            Some(path) => existing_manifest(&start.join(path))?,
            None => nearest_manifest(start)?,
        };
        let folder = manifest.parent().unwrap_or(start).to_path_buf();
        let own = read_manifest(&Source::disk(&folder), "")?;
        let above = if own.contains_key("workspace") { None } else { workspace_root(&folder)? };
        let root = above.unwrap_or_else(|| folder.clone());
        let package_dir = relative(&root, &folder);
        Project::open(Arc::new(Source::disk(&root)), root, package_dir, package)
    }

    /// A project in memory, for tests and for callers that have their own files: `(path, text)` pairs with
    /// paths relative to the workspace's or package's root.
    pub fn from_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        package: Option<&str>,
    ) -> Result<Project> {
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        Project::open(Arc::new(Source::Memory(files)), PathBuf::new(), String::new(), package)
    }

    fn open(
        source: Arc<Source>,
        root: PathBuf,
        package_dir: String,
        package: Option<&str>,
    ) -> Result<Project> {
        let mut package_dir = package_dir;
        let mut document = read_manifest(&source, &package_dir)?;
        let root_document =
            if package_dir.is_empty() { document.clone() } else { read_manifest(&source, "")? };
        let members = members(&source, &root_document);
        if let Some(wanted) = package.filter(|wanted| package_name(&document) != Some(wanted)) {
            let mut packages = packages(&source, &members);
            let Some(found) =
                packages.iter().position(|(_, document)| package_name(document) == Some(wanted))
            else {
                let hint = hint(wanted, packages.iter().filter_map(|(_, document)| package_name(document)));
                return usage(format!(
                    "no package `{wanted}` in this workspace{hint}; its packages are {}",
                    names(&packages)
                ));
            };
            (package_dir, document) = packages.swap_remove(found);
        }
        let manifest = format!("{package_dir}Cargo.toml");
        let Some(package) = document.get("package") else {
            return usage(format!(
                "{manifest} is a workspace without a package of its own: choose one with -p; it has {}",
                names(&packages(&source, &members))
            ));
        };
        let workspace = root_document.get("workspace");
        let inherited = |key: &str| {
            let own = package.get(key)?;
            let inherits = own.get("workspace").and_then(Item::as_bool) == Some(true);
            let item = if inherits { workspace?.get("package")?.get(key)? } else { own };
            Some(item.as_str()?.to_owned())
        };
        let name = inherited("name").with_context(|| format!("{manifest} has no package name"))?;
        let edition = inherited("edition").unwrap_or_else(|| "2015".to_owned());
        let rust_version = inherited("rust-version").and_then(|text| lowest(&text));
        let shared = workspace.and_then(|workspace| workspace.get("dependencies")?.as_table_like());
        let workspace_dependencies = shared.into_iter().flat_map(|table| table.iter());
        let workspace_dependencies = workspace_dependencies
            .map(|(key, item)| {
                let version = requirement(item).and_then(lowest);
                let is_bare = item.get("default-features").and_then(Item::as_bool) == Some(false);
                let features = features(item).collect();
                (key.to_owned(), Dependency { version, features, is_bare, ..Dependency::default() })
            })
            .collect();
        let dependencies = dependencies(&document, shared);
        let build_script = package.get("build").and_then(Item::as_str).unwrap_or("build.rs").to_owned();
        let crate_root = crate_root(&document, &source, &package_dir);
        let templates = metadata::templates(&document, &manifest, &root_document);
        let (programs, library) = named_targets(&document, &name);
        let workspace_manifest = (!package_dir.is_empty()).then(|| "Cargo.toml".to_owned());
        Ok(Project {
            root,
            package_dir,
            manifest,
            workspace_manifest,
            name,
            edition,
            rust_version,
            rust: OnceLock::new(),
            dependencies,
            workspace_dependencies,
            templates,
            build_script,
            crate_root,
            programs,
            library,
            source,
        })
    }

    /// Whether there is a folder behind it, and not only texts in memory.
    pub fn is_on_disk(&self) -> bool {
        matches!(*self.source, Source::Disk(_))
    }

    /// The text of a file, `None` when there is none. Errors: unreadable, or not UTF-8.
    pub fn text(&self, path: &str) -> Result<Option<String>> {
        self.source.text(path)
    }

    /// The names in a folder, sorted.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        self.source.names_in(folder.trim_end_matches('/'))
    }

    /// A path of the package as a path of the project.
    pub fn in_package(&self, path: &str) -> String {
        format!("{}{path}", self.package_dir)
    }

    /// How the workspace lists a dependency, unless the package has it in a way of its own.
    pub fn inherited(&self, name: &str) -> Option<Shared<'_>> {
        let Dependency { features, is_bare, .. } = self.workspace_dependencies.get(name)?;
        let inherits = self.dependencies.get(name).is_none_or(|own| own.inherits);
        inherits.then_some(Shared { features, is_bare: *is_bare })
    }

    /// The file of the crate that is served: the binary's, else the library's.
    pub fn crate_root(&self) -> Result<String> {
        let message =
            || format!("no src/main.rs or src/lib.rs beside {}: nothing to add accounts to", self.manifest);
        self.crate_root.clone().ok_or_else(|| stopped(Stop::Project, message()))
    }

    /// Whether the crate root is still exactly what `cargo new` wrote.
    pub fn is_fresh(&self) -> Result<bool> {
        Ok(self.text(&self.in_package("src/main.rs"))?.is_some_and(|text| is_cargo_new_main(&text)))
    }
}

/// Whether `text` is the `main.rs` of `cargo new`, whatever its line endings.
pub fn is_cargo_new_main(text: &str) -> bool {
    text.replace("\r\n", "\n") == CARGO_NEW_MAIN
}

fn dependencies(document: &DocumentMut, shared: Option<&dyn TableLike>) -> BTreeMap<String, Dependency> {
    let mut found: BTreeMap<String, Dependency> = BTreeMap::new();
    let targets = document.get("target").and_then(Item::as_table_like).map(|table| table.iter().collect());
    let targets: Vec<(&str, &Item)> = targets.unwrap_or_default();
    let own = document.get("dependencies").map(|table| (true, table));
    let others = document.get("dev-dependencies").into_iter();
    let others = others.chain(targets.iter().filter_map(|(_, target)| target.get("dependencies")));
    for (is_own, section) in own.into_iter().chain(others.map(|table| (false, table))) {
        let Some(table) = section.as_table_like() else { continue };
        for (key, item) in table.iter() {
            let source = inherited(key, item, shared).unwrap_or(item);
            let name = source.get("package").and_then(Item::as_str).unwrap_or(key);
            let entry = found.entry(name.to_owned()).or_default();
            let requirement = requirement(source);
            entry.requirement = entry.requirement.take().or_else(|| requirement.map(str::to_owned));
            entry.version = entry.version.take().or_else(|| requirement.and_then(lowest));
            entry.features.extend([item, source].into_iter().flat_map(features));
            // Features that only tests inherit are not there without them.
            entry.inherits |= inherited(key, item, shared).is_some() && (is_own || entry.key.is_none());
            if is_own {
                entry.key = Some(key.to_owned());
            }
        }
    }
    found
}

/// What the workspace says about a dependency that is as it says.
fn inherited<'a>(key: &str, item: &Item, shared: Option<&'a dyn TableLike>) -> Option<&'a Item> {
    let inherits = item.get("workspace").and_then(Item::as_bool) == Some(true);
    shared.filter(|_| inherits)?.get(key)
}

fn features(item: &Item) -> impl Iterator<Item = String> {
    let list = item.get("features").and_then(Item::as_array);
    list.into_iter().flatten().filter_map(|feature| Some(feature.as_str()?.to_owned()))
}

/// What a dependency asks for: `"1"`, `{ version = "1" }`.
fn requirement(item: &Item) -> Option<&str> {
    item.as_str().or_else(|| item.get("version")?.as_str())
}

fn package_name(document: &DocumentMut) -> Option<&str> {
    document.get("package")?.get("name")?.as_str()
}

fn read_manifest(source: &Source, folder: &str) -> Result<DocumentMut> {
    let path = format!("{folder}Cargo.toml");
    let text = source.text(&path)?.with_context(|| format!("there is no {path}"))?;
    let text = text.trim_start_matches('\u{feff}');
    text.parse().map_err(|error| stopped(Stop::Project, format!("{path} does not parse\n{error}")))
}

fn existing_manifest(path: &Path) -> Result<PathBuf> {
    if path.is_file() && path.file_name().is_some_and(|name| name == "Cargo.toml") {
        return Ok(path.to_path_buf());
    }
    usage(format!("--manifest-path {} is not the path of a Cargo.toml", path.display()))
}

fn nearest_manifest(start: &Path) -> Result<PathBuf> {
    let found = start.ancestors().map(|folder| folder.join("Cargo.toml")).find(|path| path.is_file());
    found.ok_or_else(|| {
        let message = format!(
            "no Cargo.toml in {} or above it: run this inside a project{}, or make one with `cargo new`",
            start.display(),
            workspace::projects_in(start)
        );
        stopped(Stop::Project, message)
    })
}

/// What `-p` can be.
fn names(packages: &[(String, DocumentMut)]) -> String {
    let names = packages.iter().filter_map(|(_, document)| Some(package_name(document)?.to_owned()));
    list(&names.collect::<Vec<String>>())
}

fn list(members: &[String]) -> String {
    if members.is_empty() { "none".to_owned() } else { members.join(", ") }
}

/// `folder` relative to `root`: empty, or `/`-separated with a trailing `/`.
fn relative(root: &Path, folder: &Path) -> String {
    let inside = folder.strip_prefix(root).unwrap_or(Path::new(""));
    inside.iter().map(|part| format!("{}/", part.to_string_lossy())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str =
        "[package]\nname = \"hello\"\nedition = \"2024\"\n\n[dependencies]\nserver = \"0.8\"\n";

    #[test]
    fn reads_a_plain_package() {
        let project =
            Project::from_files([("Cargo.toml", HELLO), ("src/main.rs", CARGO_NEW_MAIN)], None).unwrap();
        assert_eq!((project.name.as_str(), project.edition.as_str()), ("hello", "2024"));
        assert_eq!(project.version_of("server"), Some(Version::new(0, 8, 0)));
        assert!(project.is_fresh().unwrap());
    }

    #[test]
    fn a_member_inherits_from_its_workspace() {
        let root = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nedition = \"2021\"\n\
                    [workspace.dependencies]\nserver = { version = \"0.8.4\" }\n";
        let member =
            "[package]\nname = \"web\"\nedition.workspace = true\n[dependencies]\nserver.workspace = true\n";
        let files = [("Cargo.toml", root), ("crates/web/Cargo.toml", member), ("crates/web/src/main.rs", "")];
        let project = Project::from_files(files, Some("web")).unwrap();
        assert_eq!(project.manifest, "crates/web/Cargo.toml");
        assert_eq!(project.edition, "2021");
        assert_eq!(project.version_of("server"), Some(Version::new(0, 8, 4)));
        assert_eq!(project.crate_root().unwrap(), "crates/web/src/main.rs");

        let more = "[dev-dependencies]\nother.workspace = true\n";
        for (own, inherits) in [("other = \"1\"\n", false), ("", true)] {
            let root = format!("{root}other = {{ version = \"1\", features = [\"full\"] }}\n");
            let member = format!("{member}{own}{more}");
            let files = [("Cargo.toml", root.as_str()), ("crates/web/Cargo.toml", &member)];
            let project = Project::from_files(files, Some("web")).unwrap();
            let shared = project.inherited("other").is_some_and(|shared| shared.features == ["full"]);
            assert_eq!(shared, inherits, "{member}");
        }

        let error = Project::from_files(files, None).err().unwrap().to_string();
        assert!(error.contains("-p; it has web"), "{error}");
        assert!(
            Project::from_files(files, Some("api")).err().unwrap().to_string().contains("no package `api`")
        );
    }

    #[test]
    fn an_open_requirement_is_looked_up_in_the_lock_file() {
        let manifest = HELLO.replace("\"0.8\"", "\"*\"");
        let lock = "[[package]]\nname = \"server\"\nversion = \"0.8.9\"\n";
        let project =
            Project::from_files([("Cargo.toml", manifest.as_str()), ("Cargo.lock", lock)], None).unwrap();
        assert_eq!(project.version_of("server"), Some(Version::new(0, 8, 9)));
    }

    #[test]
    fn a_broken_manifest_says_where() {
        let error = Project::from_files([("Cargo.toml", "[package\n")], None).err().unwrap().to_string();
        assert!(error.contains("Cargo.toml does not parse") && error.contains("line 1"), "{error}");
    }
}
