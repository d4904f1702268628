//! A PostgreSQL server of a test's own, by `tests/postgres/cluster`.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// Runs until it is dropped.
pub struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    pub fn start() -> Cluster {
        let folder = tempfile::Builder::new().prefix("gen-auth-postgres-").tempdir().expect("a folder");
        // The server's user is not ours where we are root.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("our folder");
        let mut cluster = Cluster { folder, url: String::new() };
        cluster.url = cluster.script(&["start"]);
        cluster
    }

    pub fn url(&self, database: &str) -> String {
        format!("{}/{database}", self.url)
    }

    /// The URL for somebody else than the superuser.
    pub fn url_of(&self, role: &str, database: &str) -> String {
        self.url(database).replace("postgres@", &format!("{role}@"))
    }

    /// As if it had crashed.
    pub fn crash(&self) {
        self.script(&["stop", "immediate"]);
    }

    pub fn start_again(&self) {
        assert_eq!(self.script(&["start"]), self.url);
    }

    /// Runs `statement` as superuser; the rows, one in a line.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        self.script(&["sql", database, statement])
    }

    fn script(&self, args: &[&str]) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres/cluster");
        let mut command = Command::new(script);
        command.arg(args[0]).arg(self.folder.path()).args(&args[1..]).stdin(Stdio::null());
        let output = command.output().expect("bash is there");
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres/cluster");
        // It may be stopped already.
        let _ = Command::new(script).arg("stop").arg(self.folder.path()).arg("immediate").output();
    }
}
