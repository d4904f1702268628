//! A house: a folder of templates that somebody else than us wrote, laid over the built-in ones.
//!
//! In: a folder. Out: [`House`], its texts read and checked; `Templates::under` lays them over others.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use toml_edit::{DocumentMut, Item, Table, TomlError};
use walkdir::WalkDir;

use super::{Templates, guard};
use crate::{
    catalog::AXES,
    nearest::{self, hint, line_and_column},
    report::{Stop, stopped},
};

/// The version of variables, slots, placeholders and keys: what a house is written against.
pub const API: u32 = 1;

/// What describes a house, at its root.
pub const HOUSE_TOML: &str = "house.toml";
/// What stands on top of every file written, as a comment.
pub const HEADER: &str = "header.jinja";
/// Where `templates eject` keeps what it copied, as it was: what `diff` and `merge` start from.
pub const BASE: &str = ".base";

/// No template comes near; a folder that does is none of templates.
const MOST_BYTES: u64 = 1 << 20;
const MOST_FILES: usize = 2000;

/// One folder of templates.
#[derive(Debug, Default, Clone)]
pub struct House {
    /// What messages call it: its path as it was given.
    pub name: String,
    pub folder: PathBuf,
    pub toml: HouseToml,
    /// The text of `header.jinja`.
    pub header: Option<String>,
    /// Everything else, by path below the folder.
    pub files: BTreeMap<String, String>,
    /// What files were copied from, by the same paths.
    pub bases: BTreeMap<String, String>,
}

/// The keys of a `house.toml`, for people. `templates/README.md` has this table.
pub const HOUSE_KEYS: [(&str, &str); 4] = [
    ("api", "the version of templates the house is written for; another one is an error"),
    (
        "leave-out",
        "files and layers of what lies below that are not used, such as `\"agents-md/yes\"`; a value such as \
         `\"hashing/bcrypt\"` goes with all that layers elsewhere have for it",
    ),
    ("flags", "`[flags]`: what a run chooses where no flag says otherwise, such as `hashing = \"bcrypt\"`"),
    (
        "from",
        "`[from]`: what `templates eject` copied, and from which version; written by it and by `templates merge`",
    ),
];

/// `house.toml`. An unknown key is an error.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HouseToml {
    /// The version of the template API the house is written for.
    pub api: Option<u32>,
    /// Files and folders of the templates below that are not used.
    pub leave_out: Vec<String>,
    /// Choices where no flag says otherwise: the flag without its dashes, and its value.
    pub flags: BTreeMap<String, String>,
    /// What `templates eject` copied, and the version it was copied from.
    pub from: BTreeMap<String, String>,
}

impl House {
    /// Reads a folder.
    ///
    /// Errors: something in it that is not a plain file of UTF-8 text; a `house.toml` that does not parse or is for
    /// another version of templates; a template that says what no template may.
    pub fn read(folder: &Path, name: &str) -> Result<House> {
        let mut texts = BTreeMap::new();
        // A name that starts with a dot is git's, an editor's, or where we keep originals.
        let is_seen = |entry: &walkdir::DirEntry| {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            entry.depth() == 0 || !hidden || (entry.depth() == 1 && entry.file_name() == BASE)
        };
        for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_seen) {
            let entry = entry.with_context(|| format!("{name} cannot be read"))?;
            let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let path = inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            if entry.file_type().is_dir() || entry.depth() == 0 {
                continue;
            }
            // A link could lead to anything on this machine, and from there into the project.
            if !entry.file_type().is_file() {
                return refused(format!(
                    "{name}/{path} is not a plain file: a house holds files and folders, no links"
                ));
            }
            if texts.len() == MOST_FILES || entry.metadata()?.len() > MOST_BYTES {
                return refused(format!("{name}/{path}: too much for a folder of templates"));
            }
            let bytes = fs::read(entry.path()).with_context(|| format!("{name}/{path} cannot be read"))?;
            let Ok(text) = String::from_utf8(bytes) else {
                return refused(format!("{name}/{path} is not UTF-8 text"));
            };
            texts.insert(path, text);
        }
        House::from_files(name, folder, texts)
    }

    /// The text of a folder's `house.toml`, if it has one.
    pub fn toml_text(folder: &Path) -> Result<Option<String>> {
        match fs::read_to_string(folder.join(HOUSE_TOML)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{HOUSE_TOML} cannot be read")),
        }
    }

    /// A house of texts in memory, checked like one on disk.
    pub fn from_files(name: &str, folder: &Path, texts: BTreeMap<String, String>) -> Result<House> {
        let mut house = House { name: name.to_owned(), folder: folder.to_path_buf(), ..House::default() };
        for (path, text) in texts {
            // A checkout on Windows may have changed the line endings; the project's own are put in at the end.
            let text = text.replace("\r\n", "\n");
            if path.ends_with(".jinja") {
                guard::check(&text).or_else(|(at, why)| {
                    let (line, column) = line_and_column(&text, at);
                    refused(format!("{name}/{path}:{line}:{column}: {why}"))
                })?;
            }
            match path.as_str() {
                HOUSE_TOML => house.toml = parse(&text, &format!("{name}/{path}"))?,
                HEADER => house.header = Some(text),
                "README.md" => {}
                _ => match path.strip_prefix(BASE).and_then(|rest| rest.strip_prefix('/')) {
                    Some(path) => drop(house.bases.insert(path.to_owned(), text)),
                    None => drop(house.files.insert(path, text)),
                },
            }
        }
        Ok(house)
    }

    /// Whether the file is one to merge with what it lies over, rather than to replace it.
    pub(super) fn is_merged(path: &str) -> bool {
        path.ends_with("/layer.toml")
    }
}

fn parse(text: &str, place: &str) -> Result<HouseToml> {
    let toml: HouseToml = toml_edit::de::from_str(text).or_else(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = line_and_column(text, at);
        refused(format!("{place}:{line}:{column}: {}", nearest::with_hint(error.message())))
    })?;
    check_api(toml.api, &format!("{place}{}", nearest::place_of("api", text)))?;
    Ok(toml)
}

/// A house for another version may use names that are not there any more, or not yet.
pub(crate) fn check_api(api: Option<u32>, place: &str) -> Result<()> {
    match api {
        Some(api) if api != API => refused(format!(
            "{place}: written for version {api} of templates, but this program has version {API}: \
             templates/README.md says what has changed"
        )),
        _ => Ok(()),
    }
}

fn refused<T>(message: String) -> Result<T> {
    Err(stopped(Stop::Usage, message))
}

impl Templates {
    /// These templates with `houses` laid over them, the nearest one first: of two files with one path the nearer
    /// one is used, but two `layer.toml` are merged key by key.
    ///
    /// Errors: something to leave out that is not there; a `layer.toml` that does not parse.
    pub fn under(&self, houses: Vec<House>) -> Result<Templates> {
        let built_in = self.files().map(|(path, text)| (path.to_owned(), text.to_owned()));
        let mut files: BTreeMap<String, String> = built_in.collect();
        let mut from = BTreeMap::new();
        for (number, house) in houses.iter().enumerate().rev() {
            for name in &house.toml.leave_out {
                leave_out(name, house, &mut files, &mut from)?;
            }
            for (path, text) in &house.files {
                let below = files.get(path).filter(|_| House::is_merged(path));
                let text = match below {
                    Some(below) => merged(below, text, &format!("{}/{path}", house.name))?,
                    None => text.clone(),
                };
                files.remove(&twin(path));
                files.insert(path.clone(), text);
                from.insert(path.clone(), number);
            }
        }
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Templates::with_limits(files, houses, from)
    }
}

/// The path of the same file as a template that is rendered, or as one that is copied.
fn twin(path: &str) -> String {
    path.strip_suffix(".jinja").map_or_else(|| format!("{path}.jinja"), str::to_owned)
}

fn leave_out(
    name: &str,
    house: &House,
    files: &mut BTreeMap<String, String>,
    from: &mut BTreeMap<String, usize>,
) -> Result<()> {
    let name = name.trim_end_matches('/');
    // A value of an axis goes with all that other layers add to it.
    let is_value =
        name.split_once('/').is_some_and(|(axis, value)| AXES.contains(&axis) && !value.contains('/'));
    let further = format!("/{name}/");
    let is_it = |path: &str| {
        path == name
            || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
            || (is_value && path.contains(&further))
    };
    if !files.keys().any(|path| is_it(path)) {
        let folders = files.keys().filter_map(|path| path.strip_suffix("/layer.toml"));
        let values = folders
            .clone()
            .filter_map(|folder| folder.rmatch_indices('/').nth(1).map(|(at, _)| &folder[at + 1..]));
        let known = files.keys().map(String::as_str).chain(folders).chain(values);
        let place = format!("{}/{HOUSE_TOML}", house.name);
        return refused(format!("{place}: leave-out: there is no `{name}`{}", hint(name, known)));
    }
    files.retain(|path, _| !is_it(path));
    from.retain(|path, _| !is_it(path));
    Ok(())
}

/// A `layer.toml` with the keys of another one over it. Tables are merged key by key, lists of tables and `slots`
/// grow, a dependency that is `false` goes; anything else is replaced.
fn merged(below: &str, over: &str, place: &str) -> Result<String> {
    let mut document: DocumentMut = below.parse()?;
    let over = document_of(over, place)?;
    merge(document.as_table_mut(), over.as_table(), "");
    Ok(document.to_string())
}

/// A text as TOML, or where in `place` it is none.
pub(crate) fn document_of(text: &str, place: &str) -> Result<DocumentMut> {
    text.parse().or_else(|error: TomlError| {
        let (line, column) = line_and_column(text, error.span().map_or(0, |span| span.start));
        refused(format!("{place}:{line}:{column}: {}", error.message()))
    })
}

fn merge(below: &mut Table, over: &Table, inside: &str) {
    for (key, item) in over.iter() {
        match (below.get_mut(key), item) {
            (_, Item::Value(value)) if inside.ends_with("dependencies") && value.as_bool() == Some(false) => {
                below.remove(key);
            }
            (Some(Item::Table(old)), Item::Table(new)) => merge(old, new, key),
            (Some(Item::ArrayOfTables(old)), Item::ArrayOfTables(new)) => {
                new.iter().for_each(|table| old.push(without_position(table)));
            }
            (Some(old), new) if key == "slots" && old.is_array() && new.is_array() => {
                let lists = (old.as_array_mut(), new.as_array());
                if let (Some(old), Some(new)) = lists {
                    old.extend(new.iter().cloned());
                }
            }
            (_, Item::Table(table)) => drop(below.insert(key, Item::Table(without_position(table)))),
            (_, item) => drop(below.insert(key, item.clone())),
        }
    }
}

/// A table prints where it stood in its own file, unless it has forgotten that.
fn without_position(table: &Table) -> Table {
    let mut table = table.clone();
    table.set_position(None);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const BELOW: &str = "title = \"Mail\"\nslots = [\"a\"]\n\n[vars.rules]\nmin = 12\nmax = 72\n\n[dependencies]\n\
                         mail = \"1\"\nrand = \"0.10\"\n\n[[edit]]\nfile = \"a\"\ndo = \"x\"\n";

    #[test]
    fn a_layer_toml_is_merged_key_by_key() {
        let over = "slots = [\"b\"]\n[vars.rules]\nmin = 15\n[dependencies]\nmail = { version = \"1.2\" }\n\
                    rand = false\nfast = \"3\"\n[[edit]]\nfile = \"b\"\ndo = \"y\"\n";
        let text = merged(BELOW, over, "over").unwrap();
        let document: DocumentMut = text.parse().unwrap();
        assert_eq!(document["title"].as_str(), Some("Mail"));
        assert_eq!(document["vars"]["rules"]["min"].as_integer(), Some(15));
        assert_eq!(document["vars"]["rules"]["max"].as_integer(), Some(72));
        assert_eq!(document["slots"].as_array().unwrap().len(), 2);
        assert_eq!(document["dependencies"]["mail"]["version"].as_str(), Some("1.2"));
        assert_eq!(document["dependencies"]["fast"].as_str(), Some("3"));
        assert!(document["dependencies"].get("rand").is_none(), "{text}");
        assert_eq!(document["edit"].as_array_of_tables().unwrap().len(), 2, "{text}");
    }

    fn house(files: &[(&str, &str)]) -> Result<House> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        House::from_files("house", Path::new(""), files)
    }

    #[test]
    fn house_toml_is_checked_with_line_column_and_the_nearest_key() {
        let error = house(&[("house.toml", "api = 1\nleaveout = []\n")]).unwrap_err().to_string();
        assert!(error.starts_with("house/house.toml:2:1: "), "{error}");
        assert!(error.ends_with("did you mean `leave-out`?"), "{error}");
        let error = house(&[("house.toml", "api = 2\n")]).unwrap_err().to_string();
        assert!(error.starts_with("house/house.toml:1:1: written for version 2"), "{error}");
    }

    #[test]
    fn the_nearer_house_wins_file_by_file() {
        let built_in =
            Templates::from_files([("a/layer.toml", ""), ("a/files/x", "0"), ("a/files/y", "0")]).unwrap();
        let near = house(&[("a/files/x", "near")]).unwrap();
        let far = house(&[
            ("a/files/x", "far"),
            ("a/files/z", "far"),
            ("house.toml", "leave-out = [\"a/files/y\"]"),
        ]);
        let templates = built_in.under(vec![near, far.unwrap()]).unwrap();
        let files: Vec<_> = templates.files().collect();
        assert_eq!(files, [("a/files/x", "near"), ("a/files/z", "far"), ("a/layer.toml", "")]);

        let copied = house(&[("a/files/y.jinja", "copied, then rendered")]).unwrap();
        let templates = built_in.under(vec![copied]).unwrap();
        let files: Vec<_> = templates.files().map(|(path, _)| path).collect();
        assert_eq!(files, ["a/files/x", "a/files/y.jinja", "a/layer.toml"]);

        let wrong = house(&[("house.toml", "leave-out = [\"a/files/zy\"]")]).unwrap();
        let error = built_in.under(vec![wrong]).err().unwrap().to_string();
        assert!(error.contains("no `a/files/zy`; did you mean `a/files/y`?"), "{error}");
    }
}
