//! Where a file of a plan goes: a path of a template or a layer with its placeholders filled in.

use anyhow::{Context as _, Result, bail};

use super::{super::numbers::numbered, Drawing};

impl Drawing<'_> {
    /// A destination with its placeholders filled in: of the package, or of the whole project after a `/`.
    pub(super) fn destination(&self, text: &str) -> Result<String> {
        let path = match text.strip_prefix('/') {
            Some(of_project) => self.fill(of_project)?,
            None => self.project.in_package(&self.fill(text)?),
        };
        let inside = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !inside || path.contains(['\\', ':']) {
            bail!("`{path}` is not a path inside the project");
        }
        Ok(path)
    }

    /// A file with a time stamp in its name, as the project numbers such files; None if it has no such kind.
    pub(super) fn numbered(&self, path: String, destination: &str) -> Option<String> {
        let Some((folder, name)) = path.rsplit_once('/').filter(|_| destination.contains("{stamp}")) else {
            return Some(path);
        };
        let stamp = &self.placeholders["stamp"];
        let name = name.strip_prefix(stamp.as_str())?;
        Some(format!("{folder}/{}", numbered(name, stamp, &self.project.names_in(folder))?))
    }

    /// `text` with each `{placeholder}` replaced. Errors: one we do not know.
    pub(super) fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let is_word =
                |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            match after.split_once('}').filter(|(word, _)| is_word(word)) {
                Some((word, tail)) => {
                    let value = self.placeholders.get(word);
                    filled.push_str(
                        value.with_context(|| format!("unknown placeholder {{{word}}} in `{text}`"))?,
                    );
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
