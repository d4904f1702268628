//! Where things go: placeholders filled in, paths that stay inside, and the place of one that does not.

use anyhow::{Context as _, Error, Result, bail};

use super::{super::numbers::numbered, Drawing};
use crate::{
    catalog::Layer,
    nearest::{hint, place_of},
    project::Side,
};

impl Drawing<'_> {
    /// An error about a `layer.toml`, with the place of the placeholder or path it names.
    pub(super) fn placed(&self, layer: &Layer, error: Error) -> Error {
        let path = format!("{}/layer.toml", layer.id);
        let house = self.templates.house_of(&path).and_then(|house| house.files.get(&path));
        let source = house.map(String::as_str).or_else(|| self.templates.source(&path)).unwrap_or_default();
        let message = error.root_cause().to_string();
        let placeholder =
            message.split_inclusive('}').next().and_then(|head| head.find('{').map(|at| &head[at..]));
        let word = placeholder.or_else(|| message.split('`').nth(1)).unwrap_or_default();
        let at = if word.is_empty() { String::new() } else { place_of(word, source) };
        error.context(format!("{}{at}", self.templates.place(&path)))
    }

    /// A destination with its placeholders filled in: of the side's package, or of the whole project after a `/`.
    pub(super) fn destination(&self, text: &str, side: Side) -> Result<String> {
        let path = match text.strip_prefix('/') {
            Some(of_project) => self.fill(of_project, side)?,
            None => self.package(side).project.in_package(&self.beside_theirs(self.fill(text, side)?)),
        };
        // Migrations may be kept beside the package.
        let path = without_parents(&path).unwrap_or(path);
        let inside = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        let odd = |c: char| matches!(c, '\\' | ':') || c.is_control();
        // git runs what lies in its own folder.
        let of_git = |part: &str| part.eq_ignore_ascii_case(".git");
        if !inside || path.contains(odd) || path.split('/').any(of_git) {
            bail!("`{path}` is not a path inside the project");
        }
        Ok(path)
    }

    /// A file of a module that has another name than usual.
    fn beside_theirs(&self, path: String) -> String {
        let Some(inside) = path.strip_prefix("src/") else { return path };
        let module = inside.split(['/', '.']).next().unwrap_or(inside);
        match self.modules.get(module) {
            Some(other) => format!("src/{other}{}", &inside[module.len()..]),
            None => path,
        }
    }

    /// A file with a time stamp in its name, as the project numbers such files; None if it has no such kind.
    pub(super) fn numbered(&self, path: String, destination: &str) -> Option<String> {
        let Some((folder, name)) = path.rsplit_once('/').filter(|_| destination.contains("{stamp}")) else {
            return Some(path);
        };
        let stamp = &self.web.placeholders["stamp"];
        let name = name.strip_prefix(stamp.as_str())?;
        Some(format!("{folder}/{}", numbered(name, stamp, &self.project.names_in(folder))?))
    }

    /// `text` with each `{placeholder}` replaced, as the side's package has it. Errors: one we do not know.
    pub(super) fn fill(&self, text: &str, side: Side) -> Result<String> {
        let placeholders = &self.package(side).placeholders;
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let is_word =
                |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            match after.split_once('}').filter(|(word, _)| is_word(word)) {
                Some((word, tail)) => {
                    let value = placeholders.get(word);
                    filled.push_str(value.with_context(|| {
                        let hint = hint(word, placeholders.keys().copied());
                        format!("unknown placeholder {{{word}}} in `{text}`{hint}")
                    })?);
                    rest = tail;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// A path with each `name/..` left out; none where it leads out of the project.
pub(super) fn without_parents(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
