//! The one or two packages that accounts go into: what speaks HTTP, and what does not.

use serde::Deserialize;

use super::Project;

/// Part of what is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Pages, handlers, the router.
    #[default]
    Web,
    /// What the pages call: accounts, mails, the database.
    Context,
}

/// The package of each side, which may be one and the same.
#[derive(Clone, Copy)]
pub struct Packages<'a> {
    pub web: &'a Project,
    /// The library the context goes to, where that is another package.
    pub library: Option<&'a Project>,
    /// What these are built with: other packages of the same folder, nearest first.
    pub below: &'a [Project],
}

impl<'a> Packages<'a> {
    pub fn of(&self, side: Side) -> &'a Project {
        self.library.filter(|_| side == Side::Context).unwrap_or(self.web)
    }

    /// Each package once.
    pub fn all(&self) -> impl Iterator<Item = &'a Project> + use<'a> {
        std::iter::once(self.web).chain(self.library)
    }
}
