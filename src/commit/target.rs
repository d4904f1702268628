//! One file on its way to the disk: where it really is, how far it has come, how it goes back.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::error::{failed, refused};
use super::{Disk, Write, WriteError};

/// A temporary file is called `.<name of its target>` and this.
const SUFFIX: &str = ".gen-auth-new";

pub(super) struct Target<'a> {
    pub(super) write: &'a Write<'a>,
    /// Where the file is once all links are followed.
    pub(super) real: PathBuf,
    /// Folders that have to be created for it, outer ones first.
    pub(super) new_folders: Vec<PathBuf>,
    pub(super) state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Has the new text already.
    Same,
    Planned,
    Staged,
    Swapped,
}

/// Whether a file of this name is one of ours, left by a killed run.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(SUFFIX)
}

impl<'a> Target<'a> {
    /// Follows the links on the way to a file, one part of its path after the other, and never
    /// out of the root.
    pub(super) fn locate(write: &'a Write<'a>, root: &Path, disk: &mut dyn Disk) -> Result<Self, WriteError> {
        let mut target =
            Target { write, real: root.to_owned(), new_folders: Vec::new(), state: State::Planned };
        let mut missing = false;
        for part in write.path.split('/') {
            if !is_plain_name(part) {
                return Err(refused(write.path, "is not a path inside the project"));
            }
            if missing {
                target.new_folders.push(target.real.clone());
            }
            target.real.push(part);
            if missing {
                continue;
            }
            match follow(write.path, &target.real, root, disk)? {
                Some(real) => target.real = real,
                None => missing = true,
            }
        }
        Ok(target)
    }
}

impl Target<'_> {
    /// Whether there is something to do, provided that the file is still as the plan expects it.
    pub(super) fn compare(&self, disk: &mut dyn Disk) -> Result<State, WriteError> {
        let Write { path, before, after } = *self.write;
        let found = disk.read(&self.real).map_err(|error| failed(path, "read", error))?;
        if found.as_deref() == Some(after.as_bytes()) {
            return Ok(State::Same);
        }
        if found.as_deref() == before.map(str::as_bytes) {
            return Ok(State::Planned);
        }
        let why = match (before, found) {
            (None, _) => "is in the way: it exists with another text",
            (_, None) => "was removed after it was read: run the command again",
            (_, Some(_)) => "was changed after it was read: run the command again",
        };
        Err(refused(path, why))
    }

    pub(super) fn refuse_read_only(&self, disk: &mut dyn Disk) -> Result<(), WriteError> {
        match disk.is_read_only(&self.real) {
            Ok(false) => Ok(()),
            Ok(true) => Err(refused(self.write.path, "is read-only")),
            Err(error) => Err(failed(self.write.path, "look at", error)),
        }
    }

    pub(super) fn stage(&mut self, disk: &mut dyn Disk) -> Result<(), WriteError> {
        // Said before it is true: a step that fails may have written half the text.
        self.state = State::Staged;
        let like = self.write.before.map(|_| self.real.as_path());
        disk.stage(&self.temporary(), self.write.after.as_bytes(), like)
            .map_err(|error| failed(self.write.path, "write", error))
    }

    pub(super) fn swap(&mut self, disk: &mut dyn Disk) -> Result<(), WriteError> {
        disk.rename(&self.temporary(), &self.real)
            .map_err(|error| failed(self.write.path, "replace", error))?;
        self.state = State::Swapped;
        Ok(())
    }

    /// Undoes what was done, and adds what it could not undo to `left`.
    pub(super) fn put_back(&self, disk: &mut dyn Disk, left: &mut Vec<String>) {
        match (self.state, self.write.before) {
            (State::Same | State::Planned, _) => {}
            (State::Staged, _) => self.remove_temporary(disk, left),
            (State::Swapped, _) if !self.is_ours(disk, left) => {}
            (State::Swapped, None) => self.remove(disk, left),
            (State::Swapped, Some(old)) => self.restore(old, disk, left),
        }
    }

    /// Whether the file still is what we made it: what someone has written since is theirs.
    fn is_ours(&self, disk: &mut dyn Disk, left: &mut Vec<String>) -> bool {
        let path = self.write.path;
        match disk.read(&self.real) {
            Ok(Some(found)) if found == self.write.after.as_bytes() => return true,
            Ok(_) => left.push(format!("`{path}` was changed by someone else meanwhile")),
            Err(error) => left.push(format!("`{path}` has its new text: {error}")),
        }
        false
    }

    fn remove(&self, disk: &mut dyn Disk, left: &mut Vec<String>) {
        if let Err(error) = disk.remove_file(&self.real) {
            let path = self.write.path;
            left.push(format!("the new file `{path}` is still there: {error}"));
        }
    }

    fn restore(&self, old: &str, disk: &mut dyn Disk, left: &mut Vec<String>) {
        let temporary = self.temporary();
        let restored = disk
            .stage(&temporary, old.as_bytes(), Some(&self.real))
            .and_then(|()| disk.rename(&temporary, &self.real));
        if let Err(error) = restored {
            let path = self.write.path;
            left.push(format!("`{path}` has its new text: {error}"));
            self.remove_temporary(disk, left);
        }
    }

    fn remove_temporary(&self, disk: &mut dyn Disk, left: &mut Vec<String>) {
        let temporary = self.temporary();
        match disk.remove_file(&temporary) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let shown = temporary.display();
                left.push(format!("the temporary file `{shown}` is still there: {error}"));
            }
            _ => {}
        }
    }

    fn temporary(&self) -> PathBuf {
        let mut name = OsString::from(".");
        name.extend(self.real.file_name());
        name.push(SUFFIX);
        self.real.with_file_name(name)
    }
}

/// The real path of something on the way to `path`; `None` when nothing is there yet.
fn follow(path: &str, place: &Path, root: &Path, disk: &mut dyn Disk) -> Result<Option<PathBuf>, WriteError> {
    match disk.real_path(place) {
        Ok(Some(real)) if !real.starts_with(root) => Err(refused(path, "leads out of the project by a link")),
        Ok(found) => Ok(found),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(refused(path, "leads nowhere: a link on its way is broken"))
        }
        Err(error) => Err(failed(path, "find the place of", error)),
    }
}

/// Neither `..` nor a drive letter nor anything else that is more than a name.
fn is_plain_name(part: &str) -> bool {
    let mut components = Path::new(part).components();
    matches!(components.next(), Some(Component::Normal(name)) if name == part) && components.next().is_none()
}
