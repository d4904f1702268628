//! A run killed at any step of the file system, then run again, ends in the tree of an undisturbed run.

mod support;

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use cargo_gen_auth::{
    World,
    catalog::Catalog,
    commit::{Disk, RealDisk},
    generate,
    templates::Templates,
};

use support::{Sandbox, generate_args};

/// Dies at a step that changes something: from then on nothing happens any more, not even putting back.
struct DyingDisk {
    steps_left: usize,
    dead: bool,
}

impl DyingDisk {
    fn step(&mut self) -> io::Result<()> {
        self.dead = self.dead || self.steps_left == 0;
        self.steps_left = self.steps_left.saturating_sub(1);
        if self.dead { Err(io::Error::other("killed")) } else { Ok(()) }
    }

    fn look(&self) -> io::Result<()> {
        if self.dead { Err(io::Error::other("killed")) } else { Ok(()) }
    }
}

impl Disk for DyingDisk {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        self.look().and_then(|()| RealDisk.read(path))
    }
    fn real_path(&mut self, path: &Path) -> io::Result<Option<PathBuf>> {
        self.look().and_then(|()| RealDisk.real_path(path))
    }
    fn is_read_only(&mut self, path: &Path) -> io::Result<bool> {
        self.look().and_then(|()| RealDisk.is_read_only(path))
    }
    fn list(&mut self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.look().and_then(|()| RealDisk.list(folder))
    }
    fn create_dir(&mut self, folder: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.create_dir(folder))
    }
    fn stage(&mut self, temp: &Path, text: &[u8], like: Option<&Path>) -> io::Result<()> {
        let killed = self.step();
        if killed.is_err() && self.steps_left == 0 {
            // A kill in the middle of a write leaves half of it.
            let _ = RealDisk.stage(temp, &text[..text.len() / 2], like);
        }
        killed.and_then(|()| RealDisk.stage(temp, text, like))
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.rename(from, to))
    }
    fn remove_file(&mut self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.remove_file(path))
    }
    fn remove_dir(&mut self, folder: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.remove_dir(folder))
    }
}

fn run(sandbox: &Sandbox, disk: &mut dyn Disk, seconds: u64) -> anyhow::Result<u8> {
    let templates = Templates::built_in()?;
    let catalog = Catalog::load(&templates)?;
    let args = generate_args(&catalog, &["Accounts", "User", "users", "--yes", "--quiet"])?;
    let mut world = World {
        now: UNIX_EPOCH + Duration::from_secs(seconds),
        folder: sandbox.path(),
        out: &mut io::sink(),
        err: &mut io::sink(),
        input: &mut io::empty(),
        disk,
        interactive: false,
        color: false,
        cargo: PathBuf::from("cargo"),
        uncommitted: &|_| None,
    };
    // The second run has another time stamp, as it has in life.
    let args = cargo_gen_auth::args::Generate { timestamp: None, ..args };
    generate(&args, &templates, &catalog, &mut world)
}

fn killed_at_every_step(project: impl Fn() -> Sandbox) {
    let undisturbed = project();
    assert_eq!(run(&undisturbed, &mut RealDisk, 1_000_000_000).unwrap(), 0);
    let wanted = without_stamps(undisturbed.tree());

    for steps_left in 0.. {
        let sandbox = project();
        let mut disk = DyingDisk { steps_left, dead: false };
        let finished = run(&sandbox, &mut disk, 1_000_000_000).is_ok();
        if finished {
            assert!(steps_left > 60, "a run has many steps, this one {steps_left}");
            break;
        }
        assert_eq!(run(&sandbox, &mut RealDisk, 2_000_000_000).unwrap(), 0, "killed at step {steps_left}");
        assert_eq!(without_stamps(sandbox.tree()), wanted, "killed at step {steps_left}");
    }
}

/// The stamp is the moment of the run that got as far as the migration.
fn without_stamps(tree: std::collections::BTreeMap<String, String>) -> Vec<(String, String)> {
    let stamps = ["20010909014640", "20330518033320"];
    let path = |path: String| stamps.iter().fold(path, |path, stamp| path.replace(stamp, "STAMP"));
    tree.into_iter().map(|(name, text)| (path(name), text)).collect()
}

#[test]
fn a_project_with_a_router() {
    killed_at_every_step(|| Sandbox::of_fixture("axum-hello"));
}

#[test]
fn a_project_fresh_from_cargo_new() {
    killed_at_every_step(|| Sandbox::of_cargo_new("hello", "2024"));
}
