//! Where the files of a project come from: the disk, or memory in tests.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result};

use crate::report::{Stop, stopped};

/// Where files come from.
#[derive(Debug)]
pub(super) enum Source {
    Disk(Disk),
    Memory(BTreeMap<String, String>),
}

/// A folder on disk and what has been seen of it. Whoever asks again is told the same, whatever happens to the disk
/// meanwhile: of each folder whether it is there, since most files of a new project would be in folders that are
/// not; of each file its text.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    folders: Mutex<BTreeMap<String, bool>>,
    texts: Mutex<BTreeMap<String, Option<String>>>,
}

impl Disk {
    fn text(&self, path: &str) -> Result<Option<String>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts.get(path) {
            return Ok(known.clone());
        }
        let text = match self.read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Some(text),
                Err(_) => return Err(stopped(Stop::Project, format!("{path} is not UTF-8 text"))),
            },
            Err(error) if absent(&error) => None,
            Err(error) => return Err(error).with_context(|| format!("{path} cannot be read")),
        };
        texts.insert(path.to_owned(), text.clone());
        Ok(text)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        if path.match_indices('/').any(|(at, _)| !self.has_folder(&path[..at])) {
            return Err(io::ErrorKind::NotFound.into());
        }
        fs::read(self.root.join(path))
    }

    fn has_folder(&self, path: &str) -> bool {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(path) {
            return *known;
        }
        let there = !fs::metadata(self.root.join(path)).is_err_and(|error| absent(&error));
        folders.insert(path.to_owned(), there);
        there
    }
}

impl Source {
    pub(super) fn disk(root: &Path) -> Source {
        Source::Disk(Disk { root: root.to_owned(), folders: Mutex::default(), texts: Mutex::default() })
    }

    pub(super) fn text(&self, path: &str) -> Result<Option<String>> {
        match self {
            Source::Memory(files) => Ok(files.get(path).cloned()),
            Source::Disk(disk) => disk.text(path),
        }
    }

    /// The names of the entries of a folder, sorted; none where there is no such folder.
    pub(super) fn names_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Source::Memory(files) => {
                let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
                files
                    .keys()
                    .filter_map(|path| path.strip_prefix(&prefix))
                    .filter_map(|rest| rest.split('/').next())
                    .map(str::to_owned)
                    .collect()
            }
            Source::Disk(disk) => fs::read_dir(disk.root.join(folder))
                .map(|entries| {
                    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
                })
                .unwrap_or_default(),
        };
        names.sort();
        names.dedup();
        names
    }
}

fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
