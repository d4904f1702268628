//! `cargo gen-auth demo`: a fresh project, accounts added, built and started.

use std::{
    fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{self, Command, ExitStatus},
    thread,
    time::Duration,
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
    "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\n[workspace]\n";

/// Makes the project, runs the generator on it as anybody would, builds it and runs it until it is stopped.
///
/// Errors: the port is taken or the folder exists ([`Stop::Usage`]), cargo is missing or the build fails.
pub fn run(demo: &Demo, templates: &Templates, catalog: &Catalog, world: &mut World<'_>) -> Result<u8> {
    if let Err(error) = TcpListener::bind(("0.0.0.0", demo.port)) {
        return usage(format!("port {} cannot be used ({error}): choose another one with --port", demo.port));
    }
    let folder = match &demo.keep {
        Some(folder) => world.folder.join(folder),
        None => std::env::temp_dir().join(format!("gen-auth-demo-{}", process::id())),
    };
    make_project(&folder)?;
    let done = in_project(&folder, demo, templates, catalog, world);
    if demo.keep.is_none() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} could not be removed", folder.display()))?;
    }
    done
}

pub(crate) fn make_project(folder: &Path) -> Result<()> {
    if folder.exists() {
        return usage(format!("{} is there already: choose another folder with --keep", folder.display()));
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let writes = [("Cargo.toml", MANIFEST), ("src/main.rs", CARGO_NEW_MAIN)]
        .map(|(path, text)| commit::Write { path, before: None, after: text });
    commit::write(&writes, folder, &mut commit::RealDisk, &|| false)
        .map_err(|error| stopped(Stop::Write, error.to_string()))?;
    Ok(())
}

fn in_project(
    folder: &Path,
    demo: &Demo,
    templates: &Templates,
    catalog: &Catalog,
    world: &mut World<'_>,
) -> Result<u8> {
    let port = demo.port;
    let args = Generate {
        context: Some("Accounts".to_owned()),
        schema: Some("User".to_owned()),
        plural: Some("users".to_owned()),
        yes: true,
        port: Some(port),
        framework: demo.framework.clone(),
        ..Generate::default()
    };
    writeln!(world.err, "{:>12} {}", "Project", folder.display())?;
    let framework = demo.framework.as_ref().map(|name| format!(" --framework {name}"));
    let framework = framework.unwrap_or_default();
    writeln!(world.err, "{:>12} cargo gen-auth Accounts User users{framework}\n", "Running")?;
    world.folder = folder.to_path_buf();
    let code = generate(&args, templates, catalog, world)?;

    writeln!(world.err, "\n{:>12} cargo build", "Running")?;
    match cargo(&world.cargo, folder, &["build"])? {
        Some(status) if status.success() => {}
        Some(_) => return Err(stopped(Stop::Project, "the demo project did not build")),
        None => return Ok(code),
    }
    writeln!(world.err, "\n{:>12} http://localhost:{port}/users/register", "Open")?;
    writeln!(world.err, "{:>12} http://localhost:{port}/dev/mailbox", "Mails")?;
    writeln!(world.err, "{:>12} Ctrl-C", "Stop with")?;
    world.err.flush()?;
    match cargo(&world.cargo, folder, &["run", "--quiet"])? {
        Some(status) if status.code().is_some_and(|code| code != 0) => {
            Err(stopped(Stop::Project, format!("the demo server ended with {status}")))
        }
        _ => Ok(code),
    }
}

/// Runs cargo until it ends, or until we are asked to stop, which ends it too (`None`). What is set for other
/// servers must not reach this one: it would migrate their database and send real mail.
pub(crate) fn cargo(program: &PathBuf, folder: &Path, args: &[&str]) -> Result<Option<ExitStatus>> {
    let interrupted = commit::on_interrupt()?;
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    for name in ["DATABASE_URL", "BASE_URL", "SMTP_URL", "MAIL_FROM"] {
        command.env_remove(name);
    }
    let mut child = command.spawn().map_err(|error| {
        let program = program.display();
        stopped(
            Stop::Usage,
            match error.kind() {
                io::ErrorKind::NotFound => {
                    format!("{program} is not on this machine: install Rust from rustup.rs")
                }
                _ => format!("{program} could not be started: {error}"),
            },
        )
    })?;
    loop {
        if interrupted() {
            // At a terminal Ctrl-C has reached it as well.
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(50));
    }
}
