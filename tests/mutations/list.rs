//! The mutations: each takes one guarding line out of the default app, or of one with another way to log in.

use toml_edit::DocumentMut;

pub struct Mutation {
    pub name: String,
    /// What the app it is for is made with.
    pub login: &'static str,
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
    let lists = [
        ("both", include_str!("accounts.toml")),
        ("both", include_str!("session.toml")),
        ("both", include_str!("pages.toml")),
        ("password", include_str!("password.toml")),
    ];
    lists.into_iter().flat_map(|(login, list)| parse(login, list)).collect()
}

fn parse(login: &'static str, list: &str) -> Vec<Mutation> {
    let list: DocumentMut = list.parse().expect("a list of mutations");
    list.iter()
        .map(|(name, item)| {
            let text = |key: &str| item[key].as_str().unwrap_or_else(|| panic!("{name}: {key}")).to_owned();
            Mutation {
                name: name.to_owned(),
                login,
                claim: text("claim"),
                file: text("file"),
                before: text("before"),
                after: text("after"),
            }
        })
        .collect()
}
