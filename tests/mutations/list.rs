//! The mutations: each takes one guarding line out of the default app.

use toml_edit::DocumentMut;

pub struct Mutation {
    pub name: String,
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
    let lists = [include_str!("accounts.toml"), include_str!("session.toml"), include_str!("pages.toml")];
    lists.into_iter().flat_map(parse).collect()
}

fn parse(list: &str) -> Vec<Mutation> {
    let list: DocumentMut = list.parse().expect("a list of mutations");
    list.iter()
        .map(|(name, item)| {
            let text = |key: &str| item[key].as_str().unwrap_or_else(|| panic!("{name}: {key}")).to_owned();
            Mutation {
                name: name.to_owned(),
                claim: text("claim"),
                file: text("file"),
                before: text("before"),
                after: text("after"),
            }
        })
        .collect()
}
