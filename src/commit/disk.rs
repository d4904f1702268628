//! The file-system steps a run is made of, so that a test can let any of them fail.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// What [`write`](super::write()) asks of the disk. Each method is one step: it happens or it
/// fails, and only [`stage`](Disk::stage) may leave something behind when it fails (half a
/// temporary file).
pub trait Disk {
    /// The bytes of a file; `None` when nothing is there.
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// The absolute path with every link followed; `None` when nothing is there. A link that
    /// leads nowhere is a `NotFound` error.
    fn real_path(&mut self, path: &Path) -> io::Result<Option<PathBuf>>;
    /// Whether a file is marked as not to be written (no write bit, or the Windows attribute).
    fn is_read_only(&mut self, path: &Path) -> io::Result<bool>;
    /// The names of what is in a folder.
    fn list(&mut self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// Creates one folder in an existing one.
    fn create_dir(&mut self, folder: &Path) -> io::Result<()>;
    /// Creates the file `temp`, with the mode of the file `like` if there is one to imitate.
    fn stage(&mut self, temp: &Path, text: &[u8], like: Option<&Path>) -> io::Result<()>;
    /// Moves a file to a place in the same folder, over what is there.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file (of a link: the link).
    fn remove_file(&mut self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_dir(&mut self, folder: &Path) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

#[allow(clippy::disallowed_methods, reason = "the one place that changes the disk")]
impl Disk for RealDisk {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        none_if_missing(fs::read(path))
    }

    fn real_path(&mut self, path: &Path) -> io::Result<Option<PathBuf>> {
        match none_if_missing(fs::symlink_metadata(path))? {
            Some(_) => fs::canonicalize(path).map(Some),
            None => Ok(None),
        }
    }

    fn is_read_only(&mut self, path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.permissions().readonly())
    }

    fn list(&mut self, folder: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    fn create_dir(&mut self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    fn stage(&mut self, temp: &Path, text: &[u8], like: Option<&Path>) -> io::Result<()> {
        // Never through a link, never into a file of someone else's.
        let mut file = OpenOptions::new().write(true).create_new(true).open(temp)?;
        // The mode comes first: a private text must not be public for a moment.
        if let Some(like) = like {
            file.set_permissions(fs::metadata(like)?.permissions())?;
        }
        file.write_all(text)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir(&mut self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
    }
}

fn none_if_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
