//! Writes a plan to the user's disk. Nothing else in the program does.
//!
//! In: the files to write, each with the text it was planned from. Out: a [`Receipt`], or a
//! [`WriteError`] that says what went wrong and what, if anything, could not be put back.
//!
//! 1. *Verify*: every file is still as it was read, every link stays inside the project.
//! 2. *Stage*: every new text goes into a temporary file beside its target. A folder that cannot
//!    be written to, or a full disk, shows here, while no file of the user's has been touched.
//! 3. *Swap*: the temporary files are renamed onto their targets, in the order given.
//! 4. An error or an interrupt undoes all of it, backwards. The old texts need no backup on disk:
//!    the plan holds them.
//!
//! A file is thus old or new, never half. What a killed run leaves (some files new, some
//! temporary files, empty new folders) the next run of the same writes completes and tidies.

mod disk;
mod error;
mod target;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;

pub use disk::{Disk, RealDisk};
pub use error::{Reason, WriteError};

use error::{failed, interrupt, refused};
use target::{State, Target};

/// One file to write.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// Relative to the root, with `/` between the parts.
    pub path: &'a str,
    /// The text the plan was drawn from; `None` for a new file.
    pub before: Option<&'a str>,
    /// The text to write, byte for byte.
    pub after: &'a str,
}

/// What a run has done: the paths of the writes, in their order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Files that were not there.
    pub created: Vec<String>,
    /// Files that have a new text.
    pub edited: Vec<String>,
    /// Files that had the new text already.
    pub unchanged: Vec<String>,
}

/// Writes all files or, after an error or an interrupt, none.
///
/// The files are swapped in the order given: sort new files first and what makes them part of
/// the build last. Hand over files that need no change, too: their folders are searched for
/// temporary files of a killed run.
pub fn write(
    writes: &[Write<'_>],
    root: &Path,
    disk: &mut dyn Disk,
    interrupted: &dyn Fn() -> bool,
) -> Result<Receipt, WriteError> {
    let mut run = Run { disk, interrupted, targets: Vec::new(), folders: Vec::new() };
    match run.all(writes, root) {
        Ok(()) => Ok(run.receipt()),
        Err(error) => Err(WriteError { not_put_back: run.put_back(), ..error }),
    }
}

/// From now on Ctrl-C (or a polite request to terminate) does not end the program: the function returned says
/// whether it has come. Call it just before [`write()`]; a second call listens to the same.
pub fn on_interrupt() -> anyhow::Result<impl Fn() -> bool> {
    static RAISED: AtomicBool = AtomicBool::new(false);
    match ctrlc::set_handler(|| RAISED.store(true, Ordering::SeqCst)) {
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(|| RAISED.load(Ordering::SeqCst)),
        Err(error) => Err(error).context("cannot listen for Ctrl-C"),
    }
}

struct Run<'a> {
    disk: &'a mut dyn Disk,
    interrupted: &'a dyn Fn() -> bool,
    targets: Vec<Target<'a>>,
    /// Created in this run, outer ones first.
    folders: Vec<PathBuf>,
}

impl<'a> Run<'a> {
    fn all(&mut self, writes: &'a [Write<'a>], root: &Path) -> Result<(), WriteError> {
        let shown = root.display().to_string();
        let root = match self.disk.real_path(root) {
            Ok(Some(root)) => root,
            Ok(None) => return Err(refused(&shown, "is not there")),
            Err(error) => return Err(failed(&shown, "find the place of", error)),
        };
        self.verify(writes, &root)?;
        self.sweep(&root)?;
        self.stage()?;
        self.swap()
    }

    fn verify(&mut self, writes: &'a [Write<'a>], root: &Path) -> Result<(), WriteError> {
        for write in writes {
            go_on(write.path, self.interrupted)?;
            let mut target = Target::locate(write, root, self.disk)?;
            if let Some(other) = self.targets.iter().find(|t| t.real == target.real) {
                let why = format!("is the same file as `{}`", other.write.path);
                return Err(refused(write.path, why));
            }
            target.state = target.compare(self.disk)?;
            if target.state == State::Planned && write.before.is_some() {
                target.refuse_read_only(self.disk)?;
            }
            self.targets.push(target);
        }
        Ok(())
    }

    /// Removes what a killed run has left beside the targets and in the folders above them.
    fn sweep(&mut self, root: &Path) -> Result<(), WriteError> {
        let mut seen = BTreeSet::new();
        for target in &self.targets {
            let path = target.write.path;
            let above = target.real.ancestors().skip(1);
            for folder in above.take_while(|folder| folder.starts_with(root)) {
                if target.new_folders.iter().any(|new| new == folder) || !seen.insert(folder) {
                    continue;
                }
                go_on(path, self.interrupted)?;
                remove_temporary_files(folder, self.disk)
                    .map_err(|error| failed(path, "tidy the folders of", error))?;
            }
        }
        Ok(())
    }

    fn stage(&mut self) -> Result<(), WriteError> {
        for target in &mut self.targets {
            if target.state != State::Planned {
                continue;
            }
            let path = target.write.path;
            for folder in &target.new_folders {
                if self.folders.contains(folder) {
                    continue;
                }
                go_on(path, self.interrupted)?;
                self.disk.create_dir(folder).map_err(|error| failed(path, "create the folder of", error))?;
                self.folders.push(folder.clone());
            }
            go_on(path, self.interrupted)?;
            target.stage(self.disk)?;
        }
        Ok(())
    }

    fn swap(&mut self) -> Result<(), WriteError> {
        for target in &mut self.targets {
            if target.state != State::Staged {
                continue;
            }
            // Once more, at the last moment: an editor may have saved the file just now.
            target.compare(self.disk)?;
            go_on(target.write.path, self.interrupted)?;
            target.swap(self.disk)?;
        }
        Ok(())
    }

    /// Undoes everything, backwards, and says what it could not undo.
    fn put_back(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        for target in self.targets.iter().rev() {
            target.put_back(self.disk, &mut left);
        }
        for folder in self.folders.iter().rev() {
            if let Err(error) = self.disk.remove_dir(folder) {
                let folder = folder.display();
                left.push(format!("the new folder `{folder}` is still there: {error}"));
            }
        }
        left
    }

    fn receipt(&self) -> Receipt {
        let mut receipt = Receipt::default();
        for Target { write, state, .. } in &self.targets {
            let list = match (state, write.before) {
                (State::Same, _) => &mut receipt.unchanged,
                (_, None) => &mut receipt.created,
                (_, Some(_)) => &mut receipt.edited,
            };
            list.push(write.path.to_owned());
        }
        receipt
    }
}

fn remove_temporary_files(folder: &Path, disk: &mut dyn Disk) -> io::Result<()> {
    for name in disk.list(folder)? {
        if target::is_temporary(&name.to_string_lossy()) {
            disk.remove_file(&folder.join(&name))?;
        }
    }
    Ok(())
}

fn go_on(path: &str, interrupted: &dyn Fn() -> bool) -> Result<(), WriteError> {
    if interrupted() {
        return Err(interrupt(path));
    }
    Ok(())
}
