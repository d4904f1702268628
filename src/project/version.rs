//! Which versions of its dependencies a project has.

use semver::Version;

use super::Project;

impl Project {
    /// The version of a direct dependency, or of one the package would inherit from its workspace, as far as the
    /// manifest or the lock file tells.
    pub fn version_of(&self, name: &str) -> Option<Version> {
        let asked = self.dependencies.get(name).or_else(|| self.workspace_dependencies.get(name))?;
        asked.version.clone().or_else(|| self.locked(name))
    }

    /// The highest version of a crate in `Cargo.lock`.
    pub(crate) fn locked(&self, name: &str) -> Option<Version> {
        let lock = self.text("Cargo.lock").ok()??;
        let entry = format!("name = \"{name}\"");
        let mut lines = lock.lines();
        let mut highest = None;
        while lines.any(|line| line == entry) {
            let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
            highest = highest.max(version.and_then(|text| Version::parse(text).ok()));
        }
        highest
    }
}

/// The lowest version a requirement such as `1.2` or `^0.8.1` allows; `None` for `*`, `0`, `>=1` and the like.
pub(crate) fn lowest(requirement: &str) -> Option<Version> {
    let digits = requirement.trim().trim_start_matches(['^', '~', '=']).trim();
    let mut parts = digits.split('.').map(str::parse::<u64>);
    let major = parts.next()?.ok()?;
    let minor = parts.next().transpose().ok()?;
    let patch = parts.next().and_then(Result::ok);
    if major == 0 && minor.is_none() {
        return None;
    }
    Some(Version::new(major, minor.unwrap_or(0), patch.unwrap_or(0)))
}
