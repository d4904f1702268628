//! Tables that a program makes itself, by SQL in its code.

use std::collections::BTreeSet;

use super::{Drawing, destination::without_parents};
use crate::{
    edit::{Literal, literals},
    plan::sql::{Table, standing},
    project::Project,
};

/// Files looked into at most.
const FILES: usize = 400;

impl Drawing<'_> {
    /// The tables of these names that the code of our packages makes, each with the file. What is put together as
    /// the program runs is not seen.
    pub(super) fn made_by_code(&self, names: &[&str]) -> Vec<(String, Table)> {
        let mut made: Vec<(String, Table)> = Vec::new();
        for package in self.packages() {
            for (path, text) in sources(package.project) {
                // Reading it in earnest takes a hundred times as long.
                let small = text.to_ascii_lowercase();
                let names_one = names.iter().any(|name| small.contains(name));
                if !(names_one && small.contains("create") || small.contains("include_str!")) {
                    continue;
                }
                for literal in literals(&text) {
                    made.extend(tables(package.project, &path, &literal));
                }
            }
        }
        made.retain(|(_, table)| names.contains(&table.name.as_str()));
        made.sort_by(|one, other| (&one.0, one.1.line).cmp(&(&other.0, other.1.line)));
        made.dedup();
        made
    }
}

/// The tables that the SQL in a literal of a file makes, or in the file it names.
fn tables(project: &Project, path: &str, literal: &Literal) -> Vec<(String, Table)> {
    if !literal.is_file {
        let line = |table: &Table| literal.line + if literal.is_plain { table.line - 1 } else { 0 };
        let made = standing([literal.text.as_str()]).into_iter();
        return made.map(|(_, table)| (path.to_owned(), Table { line: line(&table), ..table })).collect();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named =
        literal.text.ends_with(".sql").then(|| without_parents(&format!("{folder}/{}", literal.text)));
    let Some(file) = named.flatten() else { return vec![] };
    let text = project.text(&file).ok().flatten().unwrap_or_default();
    standing([text.as_str()]).into_iter().map(|(_, table)| (file.clone(), table)).collect()
}

/// The files of a package's crates, as far as `mod` lines lead to them.
fn sources(project: &Project) -> Vec<(String, String)> {
    let mut open: Vec<(String, bool)> = project.roots().into_iter().map(|root| (root.file, true)).collect();
    let mut seen = BTreeSet::new();
    let mut read = Vec::new();
    while let Some((path, is_root)) = open.pop() {
        if read.len() == FILES || !seen.insert(path.clone()) {
            continue;
        }
        // One that cannot be read proves nothing.
        let Ok(Some(text)) = project.text(&path) else { continue };
        let folder = match path.rsplit_once('/') {
            Some((folder, "mod.rs")) => folder,
            Some((folder, _)) if is_root => folder,
            _ => path.trim_end_matches(".rs"),
        };
        for module in modules(&text) {
            open.extend(
                [format!("{folder}/{module}.rs"), format!("{folder}/{module}/mod.rs")]
                    .map(|file| (file, false)),
            );
        }
        read.push((path, text));
    }
    read
}

/// The modules with files of their own that a file declares, but for those of tests.
fn modules(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Most files declare none, and need not be looked through line by line.
    if !text.contains("mod ") {
        return found;
    }
    let mut is_for_tests = false;
    for line in text.lines().map(str::trim) {
        let visible =
            line.split_once("mod ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"));
        if let Some(name) = visible.and_then(|(_, rest)| rest.split_once(';')).map(|(name, _)| name.trim())
            && !is_for_tests
        {
            found.push(name);
        }
        is_for_tests = line.starts_with("#[cfg(test)]");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_followed_from_the_root_but_not_into_tests() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"shop\"\nedition = \"2024\"\n"),
            ("src/main.rs", "mod store;\npub(crate) mod pages;\n#[cfg(test)]\nmod tests;\nfn main() {}\n"),
            ("src/store.rs", "mod tables;\n"),
            ("src/store/tables.rs", "mod store;\n"),
            ("src/pages/mod.rs", "pub mod home;\n"),
            ("src/pages/home.rs", ""),
            ("src/tests.rs", ""),
            ("src/elsewhere.rs", ""),
        ];
        let project = Project::from_files(files, None).unwrap();
        let mut paths: Vec<String> = sources(&project).into_iter().map(|(path, _)| path).collect();
        paths.sort();
        let expected =
            ["src/main.rs", "src/pages/home.rs", "src/pages/mod.rs", "src/store.rs", "src/store/tables.rs"];
        assert_eq!(paths, expected);
    }
}
