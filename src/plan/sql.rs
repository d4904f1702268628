//! Which tables a text of SQL makes, renames and drops: read from its words, without those in comments and strings.

/// What a statement does to a table, or to a view, which has its name among the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Make(Table),
    Drop(Table),
    Rename(Table, Table),
}

/// A table by its name in small letters, and where it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// The schema it is in, unless it is the one that needs no naming.
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// Counted from 1.
    pub(super) line: usize,
}

/// Schemas in which a table is where one without a schema would be.
const USUAL: [&str; 2] = ["main", "public"];

/// The tables that are there when texts have been run in their order, each with the number of the text.
pub(super) fn standing<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<(usize, Table)> {
    let mut standing: Vec<(usize, Table)> = Vec::new();
    let same = |one: &Table, other: &Table| (&one.schema, &one.name) == (&other.schema, &other.name);
    for (number, text) in texts.into_iter().enumerate() {
        for step in steps(text) {
            match step {
                Step::Make(table) => standing.push((number, table)),
                Step::Drop(table) => standing.retain(|(_, other)| !same(other, &table)),
                Step::Rename(from, to) => {
                    let known = standing.len();
                    standing.retain(|(_, other)| !same(other, &from));
                    if standing.len() < known {
                        standing.push((number, to));
                    }
                }
            }
        }
    }
    standing
}

/// What a text does to tables, in its order. Temporary tables are not among them.
pub(super) fn steps(text: &str) -> Vec<Step> {
    let words = words(text.trim_start_matches('\u{feff}'));
    let mut steps = Vec::new();
    for statement in words.split(|word| word.is(";")) {
        let mut words = Words { words: statement, at: 0 };
        // The body of a trigger or function starts within a statement.
        words.skip(&["begin"]);
        if words.take("create") {
            words.skip(&[
                "or", "replace", "global", "local", "unlogged", "virtual", "recursive", "materialized",
            ]);
            if words.take("table") || words.take("view") {
                words.skip(&["if", "not", "exists"]);
                steps.extend(words.table().map(Step::Make));
            }
        } else if words.take("drop") {
            words.skip(&["materialized"]);
            if words.take("table") || words.take("view") {
                words.skip(&["if", "exists"]);
                while let Some(table) = words.table() {
                    steps.push(Step::Drop(table));
                    words.skip(&[","]);
                }
            }
        } else if words.take("alter") && (words.take("table") || words.take("view")) {
            words.skip(&["if", "exists", "only"]);
            let Some(from) = words.table() else { continue };
            if words.take("rename") && words.take("to") {
                let to = words.table().map(|to| Table { schema: from.schema.clone(), ..to });
                steps.extend(to.map(|to| Step::Rename(from, to)));
            } else if words.take("set") && words.take("schema") {
                let schema = words.name().map(|(schema, _)| unusual(schema));
                steps.extend(schema.map(|schema| Step::Rename(from.clone(), Table { schema, ..from })));
            }
        }
    }
    steps
}

/// A word, a name in quotes, or a sign.
struct Word<'t> {
    text: &'t str,
    quoted: bool,
    line: usize,
}

impl Word<'_> {
    fn is(&self, word: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(word)
    }
}

struct Words<'w, 't> {
    words: &'w [Word<'t>],
    at: usize,
}

impl Words<'_, '_> {
    fn take(&mut self, word: &str) -> bool {
        let there = self.words.get(self.at).is_some_and(|next| next.is(word));
        self.at += usize::from(there);
        there
    }

    fn skip(&mut self, words: &[&str]) {
        while words.iter().any(|word| self.take(word)) {}
    }

    fn name(&mut self) -> Option<(String, usize)> {
        let word = self.words.get(self.at)?;
        let is_name = word.quoted || word.text.starts_with(|c: char| c == '_' || c.is_alphabetic());
        self.at += usize::from(is_name);
        is_name.then(|| (word.text.to_lowercase(), word.line))
    }

    /// `users`, `app.users`, `"app"."users"`
    fn table(&mut self) -> Option<Table> {
        let (mut name, line) = self.name()?;
        let mut schema = None;
        while self.take(".") {
            let (next, _) = self.name()?;
            schema = Some(std::mem::replace(&mut name, next));
        }
        Some(Table { schema: schema.and_then(unusual), name, line })
    }
}

/// None for a schema that needs no naming.
fn unusual(schema: String) -> Option<String> {
    Some(schema).filter(|schema| !USUAL.contains(&schema.as_str()))
}

/// The words of a text that are neither comment nor string.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let rest = &text[at..];
        let (length, word) = token(rest);
        if let Some((text, quoted)) = word {
            words.push(Word { text, quoted, line });
        }
        line += rest.as_bytes()[..length].iter().filter(|byte| **byte == b'\n').count();
        at += length;
    }
    words
}

/// The length of what a text starts with, and the word that is, if it is one; whether it stood in quotes.
fn token(text: &str) -> (usize, Option<(&str, bool)>) {
    let first = text.chars().next().unwrap_or(' ');
    let is_word = |c: char| c == '_' || c == '$' || c.is_alphanumeric();
    match first {
        '-' if text.starts_with("--") => (text.find('\n').unwrap_or(text.len()), None),
        '/' if text.starts_with("/*") => (comment(text), None),
        '\'' => (quoted(text, '\''), None),
        'e' | 'E' if text[1..].starts_with('\'') => (1 + escaped(&text[1..]), None),
        '$' => match dollar(text) {
            Some(length) => (length, None),
            None => (1, None),
        },
        '"' | '`' => {
            let length = quoted(text, first);
            let inside = text[1..length].strip_suffix(first).unwrap_or(&text[1..length]);
            (length, Some((inside, true)))
        }
        '[' => {
            let length = text.find(']').map_or(text.len(), |end| end + 1);
            (length, Some((text[1..length].trim_end_matches(']'), true)))
        }
        first if is_word(first) => {
            let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
            (length, Some((&text[..length], false)))
        }
        first if first.is_whitespace() => (first.len_utf8(), None),
        first => (first.len_utf8(), Some((&text[..first.len_utf8()], false))),
    }
}

/// Length of a comment, perhaps with others in it; all the rest where it does not end.
fn comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        match rest {
            [b'/', b'*', ..] => (at, depth) = (at + 2, depth + 1),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    text.len()
}

/// Length of what stands in quotes; twice the quote is one within.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(end) = text[at..].find(quote) {
        at += end + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// Length of a string after an `E`, in which a backslash takes the next character along.
fn escaped(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let takes_next = c == '\\' || (c == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\''));
        if takes_next {
            chars.next();
        } else if c == '\'' {
            return at + 1;
        }
    }
    text.len()
}

/// Length of `$$ .. $$` or `$tag$ .. $tag$`; none where no such text starts.
fn dollar(text: &str) -> Option<usize> {
    let tag = text[1..].find('$').map(|end| &text[..end + 2])?;
    let plain = |c: char| c == '_' || c.is_alphanumeric();
    if !tag[1..tag.len() - 1].chars().all(plain) {
        return None;
    }
    text[tag.len()..].find(tag).map(|end| end + 2 * tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name:line` of the tables that are there in the end, those of other schemas as `schema.name`.
    fn tables(text: &str) -> Vec<String> {
        let name = |table: &Table| match &table.schema {
            Some(schema) => format!("{schema}.{}:{}", table.name, table.line),
            None => format!("{}:{}", table.name, table.line),
        };
        standing([text]).iter().map(|(_, table)| name(table)).collect()
    }

    #[test]
    fn a_table_is_found_however_it_is_written() {
        for text in [
            "CREATE TABLE users (id INTEGER);",
            "create table if not exists users(id int)",
            "Create\tTable \"users\" (id int);",
            "CREATE TABLE `Users` (id int);",
            "CREATE TABLE [users] (id int);",
            "CREATE TABLE public.users (id int);",
            "CREATE TABLE \"public\" . \"users\" (id int);",
            "CREATE UNLOGGED TABLE users (id int);",
            "CREATE VIRTUAL TABLE users USING fts5(a);",
            "CREATE OR REPLACE VIEW users AS SELECT 1;",
            "CREATE TABLE users AS SELECT 1;",
            "/* ; */ -- ;\tnothing here\r\nCREATE TABLE users (id int);",
            "\u{feff}CREATE TABLE users (id int);",
            "SELECT E'it\\'s; ''', 'C:\\'; CREATE TABLE users (id int);",
        ] {
            let found = tables(text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].starts_with("users:"), "{text}: {found:?}");
        }
        assert_eq!(tables("\n\nCREATE TABLE\n  app.users (a int)"), ["app.users:4"]);
        let many = "CREATE TABLE größe (a int DEFAULT ';');\r\n\r\nCREATE TABLE b (c text DEFAULT 'it''s');";
        assert_eq!(tables(many), ["größe:1", "b:3"]);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "-- CREATE TABLE users (id int);",
            "/* CREATE TABLE users (id int); */",
            "/* /* */ CREATE TABLE users (id int); */",
            "--\n-- Sets up; CREATE TABLE users\n",
            "INSERT INTO notes VALUES ('; CREATE TABLE users (id int);');",
            "INSERT INTO notes VALUES ('it''s; CREATE TABLE users (id int);');",
            "INSERT INTO notes VALUES (E'it\\'s; CREATE TABLE users (id int);');",
            "SELECT e'\\",
            "DO $$ BEGIN EXECUTE 'x'; CREATE TABLE users (id int); END $$;",
            "CREATE FUNCTION f() RETURNS void AS $body$; CREATE TABLE users (id int); $body$ LANGUAGE sql;",
            "CREATE TEMP TABLE users (id int);",
            "CREATE TEMPORARY TABLE users (id int);",
            "CREATE INDEX users ON notes (id);",
            "ALTER TABLE users ADD COLUMN a int;",
            "ALTER TABLE notes RENAME COLUMN a TO users;",
            "CREATE TABLE users_notes (id int REFERENCES users (id));",
            "SELECT 1; CREATE TABLE",
            "CREATE TABLE (",
            "'unfinished CREATE TABLE users (",
            "/* unfinished ; CREATE TABLE users (",
            "\"unfinished",
            "[",
            "$",
            "$1 $a",
        ] {
            assert!(!tables(text).iter().any(|table| table.starts_with("users:")), "{text}");
        }
    }

    #[test]
    fn what_is_dropped_or_renamed_later_is_gone() {
        let made = "CREATE TABLE users (id int);\n";
        assert!(tables(&format!("{made}DROP TABLE IF EXISTS notes, \"users\" CASCADE;")).is_empty());
        assert_eq!(tables(&format!("{made}ALTER TABLE users RENAME TO people;")), ["people:2"]);
        let again =
            "CREATE TABLE new_users (id int);\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;";
        assert_eq!(tables(&format!("{made}{again}")), ["users:4"]);
        assert_eq!(tables(&format!("DROP TABLE IF EXISTS users;\n{made}")), ["users:2"]);
        let moved = |to: &str| tables(&format!("{made}ALTER TABLE users SET SCHEMA {to};"));
        assert_eq!([moved("old"), moved("public")], [["old.users:2"], ["users:2"]]);
        // Of another schema.
        assert_eq!(tables(&format!("{made}DROP TABLE old.users;")), ["users:1"]);
        let two = standing([made, "DROP TABLE notes;\nCREATE TABLE users_tokens (id int);"]);
        let two: Vec<_> = two.iter().map(|(text, table)| (*text, table.name.as_str(), table.line)).collect();
        assert_eq!(two, [(0, "users", 1), (1, "users_tokens", 2)]);
    }
}
