//! The mutations: each takes one guarding line out of the default app, or of one made with flags.

use toml_edit::DocumentMut;

pub struct Mutation {
    pub name: String,
    /// What the app it is for is made with, besides its names.
    pub flags: &'static [&'static str],
    /// What the app promises as long as the line is there.
    pub claim: String,
    pub file: String,
    pub before: String,
    pub after: String,
}

impl Mutation {
    /// `text` with the change; what is replaced must stand in it once.
    pub fn apply(&self, text: &str) -> String {
        assert_eq!(
            text.matches(&self.before).count(),
            1,
            "{}: {:?} in {}",
            self.name,
            self.before,
            self.file
        );
        text.replace(&self.before, &self.after)
    }
}

pub fn all() -> Vec<Mutation> {
    let lists: [(&[_], _); 5] = [
        (&[], include_str!("accounts.toml")),
        (&[], include_str!("session.toml")),
        (&[], include_str!("pages.toml")),
        (&["--login", "password"], include_str!("password.toml")),
        (&["--no-enumeration"], include_str!("enumeration.toml")),
    ];
    lists.into_iter().flat_map(|(flags, list)| parse(flags, list)).collect()
}

fn parse(flags: &'static [&'static str], list: &str) -> Vec<Mutation> {
    let list: DocumentMut = list.parse().expect("a list of mutations");
    list.iter()
        .map(|(name, item)| {
            let text = |key: &str| item[key].as_str().unwrap_or_else(|| panic!("{name}: {key}")).to_owned();
            Mutation {
                name: name.to_owned(),
                flags,
                claim: text("claim"),
                file: text("file"),
                before: text("before"),
                after: text("after"),
            }
        })
        .collect()
}
