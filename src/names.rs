//! Names: `Accounts`, `User` and `users` checked, and every spelling of them.

use anyhow::Result;
use heck::{ToKebabCase, ToPascalCase, ToSnakeCase};
use serde::Serialize;

use crate::report::usage;

/// The longest name taken, in characters: up to this length every line of generated code keeps its layout
/// (`tests/layout.rs` proves it with rustfmt) and every SQL identifier fits PostgreSQL's 63 bytes.
pub const LONGEST: usize = 30;

/// One name in every spelling templates use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Name {
    /// `order_item`
    pub snake: String,
    /// `OrderItem`
    pub pascal: String,
    /// `ORDER_ITEM`
    pub upper: String,
    /// `order-item`
    pub kebab: String,
    /// `order item`, for text people read
    pub human: String,
}

impl Name {
    /// All spellings of `text`, which may be in any of them.
    pub fn new(text: &str) -> Name {
        let snake = text.to_snake_case();
        Name {
            pascal: text.to_pascal_case(),
            upper: snake.to_uppercase(),
            kebab: text.to_kebab_case(),
            human: snake.replace('_', " "),
            snake,
        }
    }
}

/// The names of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Names {
    /// The segments of the context: one for `Accounts`, two for `Shop.Accounts`.
    pub context: Vec<Name>,
    pub schema: Name,
    pub plural: Name,
    /// The segments of `--web`; empty without it.
    pub web: Vec<Name>,
    pub table: String,
}

impl Names {
    /// Checks the three positionals, `--web` and `--table` as words, without looking at a project.
    ///
    /// Errors: a [`usage`] error that says what is wrong with which name and what would do instead.
    pub fn parse(
        context: &str,
        schema: &str,
        plural: &str,
        web: Option<&str>,
        table: Option<&str>,
    ) -> Result<Names> {
        let segments = dotted("context", context)?;
        let schema_name = type_name("schema", schema)?;
        let plural_name = table_word("plural", plural)?;
        if segments.iter().any(|segment| segment.snake == schema_name.snake) {
            return usage(format!(
                "the context and the schema should have different names, both are `{schema}`: \
                 a context groups things, such as `Accounts`, a schema is one of them, such as `User`"
            ));
        }
        if schema_name.snake == plural_name.snake {
            return usage(format!(
                "plural `{plural}` is the same as the singular: give another word for several of `{schema}`"
            ));
        }
        let web = web.map(|text| dotted("--web", text)).transpose()?.unwrap_or_default();
        let table = match table {
            Some(text) => table_word("--table", text)?.snake,
            None => plural_name.snake.clone(),
        };
        if segments.windows(2).any(|pair| pair[0] == pair[1]) {
            return usage(format!(
                "context `{context}` is a module of its own name inside another: name them apart"
            ));
        }
        // Names of the databases' own tables.
        if ["sqlite_", "pg_"].iter().any(|prefix| table.starts_with(prefix)) {
            return usage(format!(
                "table name `{table}` is reserved by the database: give another one with --table"
            ));
        }
        if SQL_RESERVED.contains(&table.as_str()) {
            return usage(format!(
                "table name `{table}` is a reserved word of SQL: give another one with --table"
            ));
        }
        Ok(Names { context: segments, schema: schema_name, plural: plural_name, web, table })
    }

    /// Words that become modules of their own, with the name they come from.
    pub fn modules(&self) -> Vec<(&'static str, &Name)> {
        let mut modules = vec![("schema", &self.schema), ("plural", &self.plural)];
        modules.extend(self.context.iter().map(|name| ("context", name)));
        modules.extend(self.web.iter().map(|name| ("--web", name)));
        modules
    }
}

fn dotted(what: &str, text: &str) -> Result<Vec<Name>> {
    let segments: Vec<Name> =
        text.split('.').map(|segment| type_name(what, segment)).collect::<Result<_>>()?;
    let length: usize = segments.iter().map(|name| name.snake.len()).sum();
    if length > LONGEST {
        return usage(format!("{what} `{text}` is too long: {LONGEST} characters at most"));
    }
    Ok(segments)
}

/// `User`, `OrderItem`: `[A-Z][A-Za-z0-9_]*` whose snake case is not a keyword.
fn type_name(what: &str, text: &str) -> Result<Name> {
    let name = Name::new(text);
    let example = if what == "schema" { "User" } else { "Accounts" };
    if text.is_empty() {
        return usage(format!("the {what} is empty: give a name such as `{example}`"));
    }
    check_characters(what, text, example)?;
    let starts_well = text.starts_with(|first: char| first.is_ascii_uppercase());
    if !starts_well || name.pascal.is_empty() || !is_type_name(&name.pascal) {
        let hint = if is_type_name(&name.pascal) { &name.pascal } else { example };
        return usage(format!("{what} `{text}` is not a type name in CamelCase: try `{hint}`"));
    }
    if PRELUDE.contains(&name.pascal.as_str()) {
        return usage(format!("{what} `{text}` hides `{text}` of the standard library: choose another word"));
    }
    check_word(what, text, &name)?;
    Ok(name)
}

/// `users`, `order_items`: `[a-z][a-z0-9_]*`, not a keyword.
fn table_word(what: &str, text: &str) -> Result<Name> {
    let name = Name::new(text);
    if text.is_empty() {
        return usage(format!("the {what} is empty: give a name such as `users`"));
    }
    check_characters(what, text, "users")?;
    let legal = text.starts_with(|first: char| first.is_ascii_lowercase()) && text == name.snake;
    if !legal {
        let hint = if name.snake.is_empty() { "users" } else { &name.snake };
        return usage(format!("{what} `{text}` is not a name in snake_case: try `{hint}`"));
    }
    check_word(what, text, &name)?;
    Ok(name)
}

fn check_characters(what: &str, text: &str, example: &str) -> Result<()> {
    if let Some(odd) = text.chars().find(|c| !c.is_ascii()) {
        return usage(format!(
            "{what} `{}` has the character `{}`: only the letters a to z, digits and `_` make a name",
            text.escape_debug(),
            odd.escape_debug()
        ));
    }
    if let Some(odd) = text.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '_') {
        return usage(format!(
            "{what} `{}` has the character `{}`: give a name such as `{example}`",
            text.escape_debug(),
            odd.escape_debug()
        ));
    }
    Ok(())
}

fn check_word(what: &str, text: &str, name: &Name) -> Result<()> {
    if text.len() > LONGEST || name.snake.len() > LONGEST {
        return usage(format!("{what} `{text}` is too long: {LONGEST} characters at most"));
    }
    if KEYWORDS.contains(&name.snake.as_str()) || name.pascal == "Self" {
        return usage(format!(
            "{what} `{text}` is a keyword of Rust as `{}`: choose another word",
            name.snake
        ));
    }
    if DEVICES.contains(&name.snake.as_str()) {
        return usage(format!("{what} `{text}` is no file name on Windows: choose another word"));
    }
    if ROOTS.contains(&name.snake.as_str()) {
        return usage(format!(
            "{what} `{text}` makes a module `{}`, which hides the crate of that name: choose another word",
            name.snake
        ));
    }
    Ok(())
}

fn is_type_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether a crate that comes with Rust has this name.
pub fn is_of_rust(crate_name: &str) -> bool {
    ROOTS.contains(&crate_name)
}

/// Whether `word` is an identifier in the code of a template: comments, strings and placeholders left out.
/// A name equal to one would be two things in one file.
pub fn is_identifier_in(template: &str, word: &str) -> bool {
    // Nearly always answered by this; the rest reads the text character by character.
    template.contains(word) && identifiers(template).any(|found| found == word)
}

fn identifiers(template: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < template.len() {
            let rest = &template[at..];
            if rest.starts_with("//") {
                at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("<@") {
                at += rest.find("@>").map_or(rest.len(), |end| end + 2);
                at += identifier_length(&template[at..]);
            } else if rest.starts_with("'\"'") {
                at += 3;
            } else if rest.starts_with('"') {
                at += string_length(rest);
            } else {
                let length = identifier_length(rest);
                at += length.max(rest.chars().next().map_or(1, char::len_utf8));
                if length > 0 && !rest[length..].starts_with("<@") {
                    return Some(&rest[..length]);
                }
            }
        }
        None
    })
}

fn identifier_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Keywords of every edition, strict and reserved (The Rust Reference, "Keywords"), and words that cannot
/// name a module file of their own.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "main", "lib",
];

/// Names of devices, which cannot be files on Windows (Microsoft, "Naming Files, Paths, and Namespaces").
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Crates every program sees.
const ROOTS: &[&str] = &["std", "core", "alloc", "proc_macro", "test"];

/// Names of the standard prelude that generated code writes without a path.
const PRELUDE: &[&str] = &[
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Debug", "Default", "DoubleEndedIterator", "Drop", "Eq", "Err",
    "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From", "FromIterator", "Future", "Hash", "Into",
    "IntoFuture", "IntoIterator", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd",
    "Result", "Self", "Send", "Sized", "Some", "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto",
    "Unpin", "Vec",
];

/// Words no database of ours takes as a bare table name (SQL:2016 reserved words, as PostgreSQL, MySQL and
/// SQLite list them, with all of PostgreSQL's).
const SQL_RESERVED: &[&str] = &[
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "between", "binary", "both", "by", "case", "cast", "check", "collate", "collation", "column",
    "concurrently", "constraint", "create", "cross", "current_catalog", "current_date", "current_role",
    "current_schema", "current_time", "current_timestamp", "current_user", "default", "deferrable", "delete",
    "desc", "distinct", "do", "drop", "else", "end", "except", "exists", "false", "fetch", "for", "foreign",
    "freeze", "from", "full", "grant", "group", "groups", "having", "if", "ilike", "in", "index",
    "initially", "inner", "insert", "intersect", "into", "is", "isnull", "join", "keys", "lateral",
    "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null",
    "offset", "on", "only", "or", "order", "outer", "overlaps", "placing", "primary", "references",
    "returning", "right", "rows", "select", "session_user", "set", "similar", "some", "symmetric", "system",
    "table", "tablesample", "then", "to", "trailing", "true", "union", "unique", "update", "user", "using",
    "values", "variadic", "verbose", "when", "where", "window", "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(context: &str, schema: &str, plural: &str) -> String {
        Names::parse(context, schema, plural, None, None).unwrap_err().to_string()
    }

    #[test]
    fn spells_a_name_every_way() {
        let name = Name::new("OrderItem");
        assert_eq!((name.snake.as_str(), name.kebab.as_str()), ("order_item", "order-item"));
        assert_eq!((name.upper.as_str(), name.human.as_str()), ("ORDER_ITEM", "order item"));
    }

    #[test]
    fn takes_dotted_contexts_namespaces_and_tables() {
        let names = Names::parse(
            "Shop.Accounts",
            "Customer",
            "customers",
            Some("Backoffice"),
            Some("shop_customers"),
        );
        let names = names.unwrap();
        assert_eq!(names.context.len(), 2);
        assert_eq!(names.table, "shop_customers");
        assert_eq!(names.web[0].snake, "backoffice");
    }

    #[test]
    fn refuses_what_cannot_be_a_name_and_says_what_would_do() {
        assert!(refusal("accounts", "User", "users").contains("try `Accounts`"));
        assert!(refusal("Accounts", "user", "users").contains("try `User`"));
        assert!(refusal("Accounts", "User", "Users").contains("try `users`"));
        assert!(refusal("Accounts", "User", "order-items").contains('-'));
        assert!(refusal("", "User", "users").contains("empty"));
        assert!(refusal("Accounts", "", "users").contains("empty"));
        assert!(refusal("Accounts", "User", "").contains("empty"));
        assert!(refusal("Accounts.", "User", "users").contains("empty"));
        assert!(refusal("Konten", "Käufer", "kaeufer").contains('ä'));
        assert!(refusal("../Accounts", "User", "users").contains("context"));
        assert!(refusal("Accounts", "User", "../users").contains("plural"));
        assert!(refusal("Accounts", "Type", "types").contains("keyword"));
        assert!(refusal("Accounts", "User", "gen").contains("keyword"));
        assert!(refusal("Std", "User", "users").contains("hides the crate"));
        assert!(refusal("Accounts", "Option", "options").contains("standard library"));
        assert!(refusal("User", "User", "users").contains("different names"));
        assert!(refusal("Accounts", "Sheep", "sheep").contains("plural"));
        assert!(refusal("Accounts", &"U".repeat(31), "users").contains("too long"));
        assert!(refusal("Accounts", "Group", "groups").contains("--table"));
        assert!(refusal("Accounts", "User", "sqlite_users").contains("--table"));
        assert!(refusal("Con", "User", "users").contains("Windows"));
        assert!(refusal("Accounts.Accounts", "User", "users").contains("name them apart"));
    }

    #[test]
    fn finds_the_identifiers_of_a_template() {
        let found =
            identifiers("use a::B; // Client\nlet <@ x @>_y = \"Customer\\\" z\"; fn get_<@ x @>() {}");
        assert_eq!(found.collect::<Vec<_>>(), ["use", "a", "B", "let", "fn"]);
        assert!(is_identifier_in("let b = 1;", "b") && !is_identifier_in("// b", "b"));
    }
}
