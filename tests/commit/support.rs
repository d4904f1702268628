//! A small project to write into, and a disk that misbehaves on command.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub(crate) use cargo_gen_auth::commit::{self, Disk, RealDisk, Reason, Receipt, Write, WriteError};

/// New files, then edited ones; every kind of trouble that can do without links has one.
pub(crate) const PLAN: &[(&str, &str)] = &[
    ("migrations/1_users.sql", "create table users ();\n"),
    ("src/accounts/mod.rs", "mod tests;\n"),
    ("src/accounts/tests/mod.rs", "// deep\n"),
    ("src/app.rs", "\u{feff}fn app() {}\r\nfn more() {}\r\n"),
    ("src/main.rs", "mod accounts;\nfn main() {}\n"),
    ("Cargo.toml", "[package]\nname = \"hello\"\n[dependencies]\n"),
];

pub(crate) fn project() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "Cargo.toml", "[package]\nname = \"hello\"\n");
    put(dir.path(), "src/app.rs", "\u{feff}fn app() {}\r\n");
    put(dir.path(), "src/main.rs", "fn main() {}\n");
    put(dir.path(), "src/idle.rs", "// nobody writes here\n");
    set_mode(&dir.path().join("src/app.rs"), 0o600);
    set_mode(&dir.path().join("src/main.rs"), 0o755);
    dir
}

pub(crate) fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Writes `plan` as it would be drawn now.
pub(crate) fn run(
    plan: &[(&str, &str)],
    root: &Path,
    disk: &mut dyn Disk,
    interrupted: &dyn Fn() -> bool,
) -> Result<Receipt, WriteError> {
    let befores: Vec<Option<String>> =
        plan.iter().map(|(path, _)| fs::read_to_string(root.join(path)).ok()).collect();
    let writes: Vec<Write<'_>> = plan
        .iter()
        .zip(&befores)
        .map(|(&(path, after), before)| Write { path, before: before.as_deref(), after })
        .collect();
    commit::write(&writes, root, disk, interrupted)
}

pub(crate) fn run_undisturbed(plan: &[(&str, &str)], root: &Path) -> Result<Receipt, WriteError> {
    run(plan, root, &mut RealDisk, &|| false)
}

/// Everything below a folder, with modes and bytes.
pub(crate) fn tree(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let meta = fs::symlink_metadata(&path).unwrap();
            let shown = if meta.is_symlink() {
                format!("link to {}", fs::read_link(&path).unwrap().display())
            } else if meta.is_dir() {
                folders.push(path.clone());
                "folder".to_owned()
            } else {
                let text = fs::read(&path).unwrap().escape_ascii().to_string();
                format!("file {:o}: {text}", mode(&path))
            };
            found.insert(path.strip_prefix(root).unwrap().to_owned(), shown);
        }
    }
    found
}

#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn mode(path: &Path) -> u32 {
    u32::from(fs::metadata(path).unwrap().permissions().readonly())
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &Path, _: u32) {}

/// What is to happen at a step.
pub(crate) enum Then {
    Go,
    Fail,
    /// Fail, but if it is a stage step: with half the text written.
    Half,
}

/// A step: its number from 1, its name and the file it changes or looks at.
pub(crate) struct Step<'a> {
    pub(crate) number: usize,
    pub(crate) name: &'static str,
    pub(crate) path: &'a Path,
}

/// The real disk, with somebody asked before each step.
pub(crate) struct Watched<F> {
    ask: F,
    number: usize,
}

impl<F: FnMut(&Step<'_>) -> Then> Watched<F> {
    pub(crate) fn new(ask: F) -> Self {
        Watched { ask, number: 0 }
    }

    fn ask(&mut self, name: &'static str, path: &Path) -> Then {
        self.number += 1;
        let number = self.number;
        (self.ask)(&Step { number, name, path })
    }

    fn step(&mut self, name: &'static str, path: &Path) -> io::Result<RealDisk> {
        match self.ask(name, path) {
            Then::Go => Ok(RealDisk),
            Then::Fail | Then::Half => Err(fault()),
        }
    }
}

fn fault() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "fault")
}

impl<F: FnMut(&Step<'_>) -> Then> Disk for Watched<F> {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        self.step("read", path)?.read(path)
    }
    fn real_path(&mut self, path: &Path) -> io::Result<Option<PathBuf>> {
        self.step("real_path", path)?.real_path(path)
    }
    fn is_read_only(&mut self, path: &Path) -> io::Result<bool> {
        self.step("is_read_only", path)?.is_read_only(path)
    }
    fn list(&mut self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.step("list", folder)?.list(folder)
    }
    fn create_dir(&mut self, folder: &Path) -> io::Result<()> {
        self.step("create_dir", folder)?.create_dir(folder)
    }
    fn stage(&mut self, temp: &Path, text: &[u8], like: Option<&Path>) -> io::Result<()> {
        match self.ask("stage", temp) {
            Then::Go => RealDisk.stage(temp, text, like),
            Then::Fail => Err(fault()),
            Then::Half => {
                RealDisk.stage(temp, &text[..text.len() / 2], like)?;
                Err(fault())
            }
        }
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", to)?.rename(from, to)
    }
    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        self.step("remove_file", path)?.remove_file(path)
    }
    fn remove_dir(&mut self, folder: &Path) -> io::Result<()> {
        self.step("remove_dir", folder)?.remove_dir(folder)
    }
}
