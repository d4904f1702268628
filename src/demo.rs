//! `cargo gen-auth demo`: a fresh project, accounts added, built and started.

use std::{
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{self, Command, ExitStatus},
};

use anyhow::{Context as _, Result};

use crate::{
    World,
    args::{Demo, Generate},
    catalog::Catalog,
    commit, generate,
    project::CARGO_NEW_MAIN,
    report::{Stop, stopped, usage},
    templates::Templates,
};

/// What `cargo new hello` writes.
const MANIFEST: &str =
    "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n";

/// Makes the project, runs the generator on it as anybody would, builds it and runs it until it is stopped.
///
/// Errors: the port is taken or the folder exists ([`Stop::Usage`]), cargo is missing or the build fails.
pub fn run(demo: &Demo, templates: &Templates, catalog: &Catalog, world: &mut World<'_>) -> Result<u8> {
    if TcpListener::bind(("127.0.0.1", demo.port)).is_err() {
        return usage(format!("port {} is taken: choose another one with --port", demo.port));
    }
    let folder = match &demo.keep {
        Some(folder) => world.folder.join(folder),
        None => std::env::temp_dir().join(format!("gen-auth-demo-{}", process::id())),
    };
    make_project(&folder)?;
    let done = in_project(&folder, demo.port, templates, catalog, world);
    if demo.keep.is_none() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} could not be removed", folder.display()))?;
    }
    done
}

fn make_project(folder: &Path) -> Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return usage(format!(
                "{} is there already: choose another folder with --keep",
                folder.display()
            ));
        }
        Err(error) => return Err(error).with_context(|| format!("{} cannot be made", folder.display())),
    }
    let writes = [("Cargo.toml", MANIFEST), ("src/main.rs", CARGO_NEW_MAIN)]
        .map(|(path, text)| commit::Write { path, before: None, after: text });
    commit::write(&writes, folder, &mut commit::RealDisk, &|| false)
        .map_err(|error| stopped(Stop::Write, error.to_string()))?;
    Ok(())
}

fn in_project(
    folder: &Path,
    port: u16,
    templates: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<u8> {
    let args = Generate {
        context: Some("Accounts".to_owned()),
        schema: Some("User".to_owned()),
        plural: Some("users".to_owned()),
        yes: true,
        port: Some(port),
        ..Generate::default()
    };
    writeln!(world.err, "{:>12} {}", "Project", folder.display())?;
    writeln!(world.err, "{:>12} cargo gen-auth Accounts User users\n", "Running")?;
    world.folder = folder.to_path_buf();
    let code = generate(&args, templates, catalog, world)?;

    writeln!(world.err, "\n{:>12} cargo build", "Running")?;
    if !cargo(&world.cargo, folder, &["build"])?.success() {
        return Err(stopped(Stop::Project, "the demo project did not build"));
    }
    writeln!(world.err, "\n{:>12} http://localhost:{port}/users/register", "Open")?;
    writeln!(world.err, "{:>12} http://localhost:{port}/dev/mailbox", "Mails")?;
    writeln!(world.err, "{:>12} Ctrl-C", "Stop with")?;
    world.err.flush()?;
    cargo(&world.cargo, folder, &["run", "--quiet"])?;
    Ok(code)
}

fn cargo(program: &PathBuf, folder: &Path, args: &[&str]) -> Result<ExitStatus> {
    let status = Command::new(program).args(args).current_dir(folder).status();
    status.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => stopped(
            Stop::Usage,
            format!("{} is not on this machine: install Rust from rustup.rs", program.display()),
        ),
        _ => stopped(Stop::Usage, format!("{} could not be started: {error}", program.display())),
    })
}
