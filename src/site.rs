//! The layout of the owner's own pages: which file it is, and whether the pages of accounts can stand in it.
//!
//! In: the project and what a view engine's layer says about its templates ([`Pages`]). Out: a [`Site`]. No engine
//! is named here.

mod tags;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use toml_edit::{DocumentMut, Item};

use crate::{
    edit::{markup, text::line_number},
    project::Project,
    report::{Stop, stopped},
};
use tags::{Tag, Tags};

/// How deep folders of templates are looked into.
const DEPTH: usize = 4;

/// What an engine's templates look like: `[pages]` of its layer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pages {
    /// The folder of templates, unless the engine's own configuration says otherwise.
    pub folder: String,
    /// That configuration: a TOML file, and the dotted key of a list of folders in it.
    pub config: String,
    pub config_key: String,
    /// By dotted key of it, the values under which our templates mean what they say; none is one of them.
    #[serde(default)]
    pub usual: BTreeMap<String, Vec<String>>,
    /// The template through which ours reach a layout. Where it is there, an earlier run has decided.
    pub adapter: String,
    /// What layouts are called, without their endings, likeliest first.
    pub layouts: Vec<String>,
    /// What the block around a page's content is called, likeliest first; the first one is what ours call it.
    pub content: Vec<String>,
    /// What our templates call the block in `<title>`.
    pub title: String,
    tags: Tags,
    /// Where ours go beside pages of another engine.
    beside: Option<Beside>,
}

/// Another engine may read all of the usual folder when the program starts, and stop at what is not its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    /// The crate of this engine: who has that keeps both apart already.
    own: String,
    /// The crates of the others.
    crates: Vec<String>,
    /// Folders for ours, of which the first is taken that is not there.
    folders: Vec<String>,
    /// The configuration that says so, with `$folder`.
    text: String,
}

/// Where the pages for accounts go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Site {
    /// The layout of the owner's they extend, as templates call it; empty where they bring their own.
    pub layout: String,
    /// The block that holds the content of a page.
    pub content: String,
    /// The block that holds its title.
    pub title: String,
    /// The folder of templates.
    #[serde(skip)]
    pub folder: String,
    /// Where files of the layers say they go, if that is another one.
    #[serde(skip)]
    usual_folder: String,
    /// The file of the owner's layout, also of one that does not fit; empty where there is none.
    #[serde(skip)]
    pub file: String,
    /// The tag that opens the content, as it stands in the layout.
    #[serde(skip)]
    pub anchor: String,
    /// Why the layout there is does not do.
    #[serde(skip)]
    pub unfit: Option<String>,
    /// The engine's configuration that ours need, where there is none: its file, its text, and why.
    #[serde(skip)]
    pub config: Option<Config>,
}

/// A file of an engine's configuration that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub path: String,
    pub text: String,
    pub why: String,
}

/// One template of the owner's.
struct File {
    folder: String,
    /// As templates call it: below the folder.
    name: String,
    text: String,
}

impl File {
    fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }
}

impl Site {
    /// Whether the pages extend a layout of the owner's.
    pub fn is_own(&self) -> bool {
        !self.layout.is_empty()
    }

    /// Where a template of ours goes.
    pub fn place(&self, destination: &str) -> String {
        match destination.strip_prefix(&self.usual_folder).and_then(|rest| rest.strip_prefix('/')) {
            Some(rest) if !self.folder.is_empty() => format!("{}/{rest}", self.folder),
            _ => destination.to_owned(),
        }
    }

    /// Looks for a layout in the project.
    ///
    /// Errors: the engine looks for templates outside of the package only.
    pub fn find(project: &Project, pages: &Pages) -> Result<Site> {
        let mut folders = folders(project, pages)?;
        let apart = apart(project, pages)?;
        let config = apart.map(|(folder, config)| {
            folders = vec![folder];
            config
        });
        let files = files(project, &folders);
        let mut site = Site {
            config,
            content: pages.content.first().cloned().unwrap_or_default(),
            title: pages.title.clone(),
            folder: folders.first().cloned().unwrap_or_default(),
            usual_folder: pages.folder.clone(),
            ..Site::default()
        };
        let earlier = files.iter().find(|file| file.name == pages.adapter && file.folder == site.folder);
        let extended = earlier.and_then(|file| pages.tags.extended(&file.text));
        let layout = match extended {
            Some(name) => Ok(resolve(&files, name, None)),
            None => choose(&files, pages),
        };
        match layout {
            Ok(None) => {}
            Ok(Some(file)) => {
                site.file = file.path();
                match content(file, pages, &files, extended.is_some()) {
                    Ok(found) if extended.is_some() || earlier.is_none() => site.enter(file, found),
                    // Our own was there first.
                    Ok(_) => {}
                    Err(why) => site.unfit = Some(why),
                }
            }
            Err(several) => {
                site.file = several[0].path();
                let names: Vec<String> = several.iter().map(|file| file.path()).collect();
                site.unfit = Some(format!("which of {} is the layout cannot be told", names.join(", ")));
            }
        }
        Ok(site)
    }

    fn enter(&mut self, file: &File, found: Content) {
        self.layout.clone_from(&file.name);
        self.content = found.name;
        self.anchor = found.tag;
        if let Some(title) = found.title {
            self.title = title;
        }
    }
}

/// The folders of templates in the package, in the order in which the engine looks into them.
fn folders(project: &Project, pages: &Pages) -> Result<Vec<String>> {
    let usual = || Ok(vec![pages.folder.clone()]);
    let Some(text) = project.text(&project.in_package(&pages.config))? else { return usual() };
    let Ok(document) = text.trim_start_matches('\u{feff}').parse::<DocumentMut>() else { return usual() };
    check_settings(&document, pages, &project.in_package(&pages.config))?;
    let Some(list) = setting(&document, &pages.config_key).and_then(Item::as_array) else { return usual() };
    let named: Vec<&str> = list.iter().filter_map(|folder| folder.as_str()).collect();
    let tidied = named.iter().map(|folder| folder.trim_start_matches("./").trim_end_matches('/'));
    let plain = |folder: &str| {
        !folder.contains(['\\', ':', '*', '?', '[', '{'])
            && folder.split('/').all(|part| !matches!(part, "" | "." | ".."))
    };
    let inside: Vec<String> = tidied.filter(|folder| plain(folder)).map(str::to_owned).collect();
    if inside.is_empty() {
        let message = format!(
            "{}: {} names no folder of the package ({}): add one, into which pages can be written, and run this \
             again; nothing was written",
            project.in_package(&pages.config),
            pages.config_key,
            named.join(", ")
        );
        return Err(stopped(Stop::Project, message));
    }
    Ok(inside)
}

/// Beside another engine, and unless that was settled before: a folder for ours, and the configuration that names it.
fn apart(project: &Project, pages: &Pages) -> Result<Option<(String, Config)>> {
    let Some(beside) = &pages.beside else { return Ok(None) };
    let config = project.in_package(&pages.config);
    let has = |name: &String| project.dependencies.contains_key(name);
    let Some(other) = beside.crates.iter().find(|name| has(name)) else { return Ok(None) };
    let adapter = project.in_package(&format!("{}/{}", pages.folder, pages.adapter));
    if has(&beside.own) || project.text(&config)?.is_some() || project.text(&adapter)?.is_some() {
        return Ok(None);
    }
    let is_free = |folder: &&String| project.names_in(&project.in_package(folder)).is_empty();
    let Some(folder) = beside.folders.iter().find(is_free) else { return Ok(None) };
    let why = format!("{other} may read all of {}, so the pages of accounts go into {folder}", pages.folder);
    let text = beside.text.replace("$folder", folder);
    Ok(Some((folder.clone(), Config { path: config, text, why })))
}

fn setting<'d>(document: &'d DocumentMut, key: &str) -> Option<&'d Item> {
    key.split('.').try_fold(document.as_item(), |item, key| item.get(key))
}

/// Under another syntax our pages would be shown with their tags, and nobody would notice before a person does.
fn check_settings(document: &DocumentMut, pages: &Pages, path: &str) -> Result<()> {
    for (key, usual) in &pages.usual {
        let Some(value) = setting(document, key).and_then(Item::as_str) else { continue };
        if !usual.iter().any(|usual| usual == value) {
            let message = format!(
                "{path}: {key} is `{value}`, but the pages are written for {}: set that, or bring pages of your own \
                 (`cargo gen-auth templates --help`); nothing was written",
                usual.join(" or ")
            );
            return Err(stopped(Stop::Project, message));
        }
    }
    Ok(())
}

fn files(project: &Project, folders: &[String]) -> Vec<File> {
    let mut files = Vec::new();
    for folder in folders {
        read(project, folder, "", DEPTH, &mut files);
    }
    files
}

/// The text files below a folder; what cannot be read is no template.
fn read(project: &Project, folder: &str, inside: &str, depth: usize, files: &mut Vec<File>) {
    for entry in project.names_in(&project.in_package(&format!("{folder}/{inside}"))) {
        let name = format!("{inside}{entry}");
        let path = project.in_package(&format!("{folder}/{name}"));
        // The name goes into a template of ours.
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
        if entry.starts_with('.') || !entry.chars().all(plain) {
            continue;
        }
        if !project.names_in(&path).is_empty() {
            if depth > 0 {
                read(project, folder, &format!("{name}/"), depth - 1, files);
            }
        } else if let Ok(Some(text)) = project.text(&path) {
            files.push(File { folder: folder.to_owned(), name, text });
        }
    }
}

/// The file that `name` means in `from`: beside it, else in the first folder that has it.
fn resolve<'f>(files: &'f [File], name: &str, from: Option<&File>) -> Option<&'f File> {
    let beside = from.and_then(|from| {
        let name =
            from.name.rsplit_once('/').map_or(name.to_owned(), |(folder, _)| format!("{folder}/{name}"));
        files.iter().find(|file| file.folder == from.folder && file.name == name)
    });
    beside.or_else(|| files.iter().find(|file| file.name == name))
}

/// The layout: a page with a body that others extend, or that is called like one. Error: several that are as likely.
fn choose<'f>(files: &'f [File], pages: &Pages) -> Result<Option<&'f File>, Vec<&'f File>> {
    let extended: BTreeSet<String> = files
        .iter()
        .filter_map(|file| Some(resolve(files, pages.tags.extended(&file.text)?, Some(file))?.path()))
        .collect();
    let mut likely = BTreeMap::<(bool, usize), Vec<&File>>::new();
    for file in files {
        let is_base = pages.tags.extended(&file.text).is_none() && body(file, pages).is_some();
        // Without a block it is a page of its own, whatever it is called.
        let named = rank(file, pages).filter(|_| !pages.tags.blocks(&file.text).is_empty());
        let is_extended = extended.contains(&file.path());
        if file.name != pages.adapter && is_base && (is_extended || named.is_some()) {
            likely.entry((!is_extended, named.unwrap_or(usize::MAX))).or_default().push(file);
        }
    }
    match likely.into_values().next() {
        None => Ok(None),
        Some(files) if files.len() == 1 => Ok(files.into_iter().next()),
        Some(files) => Err(files),
    }
}

fn rank(file: &File, pages: &Pages) -> Option<usize> {
    let (folder, entry) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
    let stem = entry.split('.').next().unwrap_or_default();
    let is_known = |name: &str| pages.layouts.iter().position(|known| known == name);
    is_known(stem).or_else(|| is_known(folder).map(|rank| rank + pages.layouts.len()))
}

/// Where the content of `<body>` is.
fn body(file: &File, pages: &Pages) -> Option<(usize, usize)> {
    let seen = markup::blanked(&file.text, &pages.tags.ignore);
    let start = markup::find(&seen, "<body")?;
    let end = markup::find(&seen[start..], "</body>").map_or(seen.len(), |end| start + end);
    Some((start, end))
}

/// What ours fill in a layout.
struct Content {
    name: String,
    tag: String,
    title: Option<String>,
}

/// The block of `layout` that holds a page. Error: why there is none that ours can fill; `known` if they do already.
fn content(layout: &File, pages: &Pages, files: &[File], known: bool) -> Result<Content, String> {
    let text = &layout.text;
    let blocks = pages.tags.blocks(text);
    let seen = markup::blanked(text, &pages.tags.ignore);
    let (start, end) = body(layout, pages).unwrap_or((0, text.len()));
    let inside = |block: &&tags::Block<'_>| {
        (start..end).contains(&block.start) && !seen[block.start..block.opened].trim().is_empty()
    };
    let named = |name: &String| blocks.iter().filter(inside).find(|block| block.name == name);
    let mut outer = blocks.iter().filter(inside).filter(|block| block.depth == 0);
    let only = match (outer.next(), outer.next()) {
        (only, None) => only,
        _ => None,
    };
    let Some(page) = pages.content.iter().find_map(named).or(only) else {
        return Err("which block holds the content of a page cannot be told".to_owned());
    };
    let head = markup::find(&seen, "<title").zip(markup::find(&seen, "</title>"));
    let title = head.and_then(|(from, to)| blocks.iter().find(|block| (from..to).contains(&block.start)));
    // Where it is another thing than the title, ours must not fill it.
    let clash = |block: &&tags::Block<'_>| {
        block.name == pages.title && title.is_none_or(|title| title.name != block.name)
    };
    if let Some(block) = blocks.iter().find(clash) {
        let (name, line) = (block.name, line_number(text, block.start));
        return Err(format!("line {line}: the block `{name}` is not in `<title>`, where ours has the title"));
    }
    if !known {
        let filled = [Some(page), title];
        let is_filled =
            |at: usize| filled.iter().flatten().any(|block| (block.start..block.end).contains(&at));
        stands_alone(layout, pages, files, &is_filled, DEPTH)?;
    }
    let tag = text[page.start..page.opened].to_owned();
    Ok(Content { name: page.name.to_owned(), tag, title: title.map(|block| block.name.to_owned()) })
}

/// Whether what is left of a template when some blocks are filled needs nothing of the page's own data, which
/// ours do not have. Error: what it needs.
fn stands_alone(
    file: &File,
    pages: &Pages,
    files: &[File],
    is_filled: &dyn Fn(usize) -> bool,
    depth: usize,
) -> Result<(), String> {
    for piece in pages.tags.pieces(&file.text).iter().filter(|piece| !is_filled(piece.start)) {
        let source = file.text[piece.start..piece.end].split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line_number(&file.text, piece.start);
        let unknown = || {
            format!(
                "{} line {line}: `{source}` may need what the pages for accounts do not have",
                file.path()
            )
        };
        match piece.tag {
            Tag::Block(_) | Tag::End => {}
            Tag::Value(expression) if pages.tags.is_constant(expression) => {}
            Tag::Include(name) if depth > 0 => {
                let included = resolve(files, name, Some(file)).ok_or_else(unknown)?;
                stands_alone(included, pages, files, &|_| false, depth - 1)?;
            }
            _ => return Err(unknown()),
        }
    }
    Ok(())
}
