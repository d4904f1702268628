//! Tables that a project has already under the names of ours: looked for until ours are there, shown with the place.

use super::{Drawing, around};
use crate::plan::{
    Change, Finding, Level,
    sql::{Step, Table, standing, steps},
};

/// Where SQL is kept that somebody else than the library with our migrations runs.
const SQL_FOLDERS: [&str; 5] = ["migrations", "db", "db/migrations", "sql", "database"];

/// Folders of single migrations looked into at most.
const FOLDERS: usize = 200;

/// A text of SQL, and whether it is one of the migrations that ours are run with.
struct Sql {
    path: String,
    text: String,
    is_ours_to_run: bool,
}

impl Drawing<'_> {
    /// Tables of the names of ours. One that the migrations ahead of ours make stops the run, as the program would
    /// stop at its start; of one in other SQL it is not known in which database it is, which is for a person to say.
    pub(super) fn tables(&mut self) {
        let is_new = |(path, change): &(&String, &Change)| {
            change.before.is_none() && path.ends_with(".sql") && !path.ends_with(".down.sql")
        };
        let new = self.plan.changes.iter().filter(is_new);
        let new: Vec<(String, Vec<Table>)> = new
            .map(|(path, change)| {
                let made = steps(&change.after).into_iter().filter_map(|step| match step {
                    Step::Make(table) => Some(table),
                    _ => None,
                });
                (path.clone(), made.collect())
            })
            .collect();
        for (path, ours) in new {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let texts = self.sql(folder);
            let (run, other): (Vec<Sql>, Vec<Sql>) = texts.into_iter().partition(|sql| sql.is_ours_to_run);
            for (texts, is_certain) in [(run, true), (other, false)] {
                for (number, table) in standing(texts.iter().map(|sql| sql.text.as_str())) {
                    if ours.iter().any(|our| our.name == table.name) {
                        self.find_table(&texts[number].path, &table, is_certain && table.schema.is_none());
                    }
                }
            }
            let names: Vec<&str> = ours.iter().map(|our| our.name.as_str()).collect();
            for (path, table) in self.made_by_code(&names) {
                let lines = [table.line];
                if !self.plan.findings.iter().any(|known| known.path == path && known.lines == lines) {
                    self.find_table(&path, &table, false);
                }
            }
        }
    }

    fn find_table(&mut self, path: &str, table: &Table, is_certain: bool) {
        let name = table.schema.iter().chain([&table.name]).map(String::as_str).collect::<Vec<_>>().join(".");
        let (level, says) = match is_certain {
            true => (Level::Blocks, format!("makes a table `{name}`")),
            false => (
                Level::Warning,
                format!("makes a table `{name}`: in the same database, ours could not be made"),
            ),
        };
        let by_hand = Some(around::TABLE.to_owned());
        self.plan.findings.push(Finding {
            level,
            path: path.to_owned(),
            lines: vec![table.line],
            says,
            by_hand,
        });
    }

    /// The project's SQL, in the order in which it is run as far as that is known.
    fn sql(&self, ours: &str) -> Vec<Sql> {
        let mut folders = vec![ours.to_owned()];
        for folder in SQL_FOLDERS {
            folders.extend(self.packages().map(|package| package.project.in_package(folder)));
            folders.push(folder.to_owned());
        }
        let mut seen = Vec::new();
        let mut texts = Vec::new();
        for folder in folders {
            if seen.contains(&folder) {
                continue;
            }
            let mut below = FOLDERS;
            for name in in_order(self.project.names_in(&folder)) {
                let path = format!("{folder}/{name}");
                let (path, is_file) = match name.strip_suffix(".sql") {
                    Some(stem) if stem.ends_with(".down") => continue,
                    Some(_) => (path, true),
                    // A migration may be a folder, with the way forth and the way back.
                    None if !name.contains('.') && below > 0 => (format!("{path}/up.sql"), false),
                    None => continue,
                };
                below -= usize::from(!is_file);
                let is_ours_to_run = is_file && folder == ours && number(&name).is_some();
                // One that cannot be read proves nothing.
                if let Ok(Some(text)) = self.project.text(&path) {
                    texts.push(Sql { path, text, is_ours_to_run });
                }
            }
            seen.push(folder);
        }
        texts
    }
}

/// The number that a migration starts with.
fn number(name: &str) -> Option<u64> {
    name.split_once('_')?.0.parse().ok()
}

fn in_order(mut names: Vec<String>) -> Vec<String> {
    names.sort_by_key(|name| number(name).unwrap_or(u64::MAX));
    names
}
