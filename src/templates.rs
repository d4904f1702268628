//! Templates: what is built in, and the one place where text is rendered.
//!
//! In: `(path, text)` pairs, and houses laid over them. Out: rendered text, or an error with file, line and column.

mod guard;
mod house;
mod limited;
mod lookup;
mod wrong;

use std::{borrow::Cow, collections::BTreeMap, fmt::Write as _};

use anyhow::{Context as _, Result};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, filters, syntax::SyntaxConfig};

pub use house::{API, BASE, HEADER, HOUSE_KEYS, HOUSE_TOML, House, HouseToml};
pub(crate) use house::{check_api, document_of};
pub use lookup::{IN_PROJECT, existing, houses, is_folder};
pub use wrong::variables;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// All template files by path relative to `templates/`, `/`-separated.
pub struct Templates {
    files: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
    environment: Environment<'static>,
    /// What was laid over the built-in ones, the nearest first.
    houses: Vec<House>,
    /// By path, the house a file comes from; a file that is not here is built in.
    from: BTreeMap<String, usize>,
}

impl Templates {
    /// The templates this program was built with.
    pub fn built_in() -> Result<Templates> {
        let files = TEMPLATES.iter().map(|&(path, text)| (path.into(), text.into())).collect();
        Ok(Templates { files, environment: environment()?, houses: vec![], from: BTreeMap::new() })
    }

    /// Templates from `(path, text)` pairs; the later of two equal paths wins.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Templates> {
        let owned = |text: &str| Cow::Owned(text.to_owned());
        let files = files.into_iter().map(|(path, text)| (owned(path), owned(text))).collect();
        Ok(Templates { files, environment: environment()?, houses: vec![], from: BTreeMap::new() })
    }

    /// Templates that are not all ours: rendering one stops after so many steps and so much text.
    fn with_limits(
        files: BTreeMap<Cow<'static, str>, Cow<'static, str>>,
        houses: Vec<House>,
        from: BTreeMap<String, usize>,
    ) -> Result<Templates> {
        let mut environment = environment()?;
        environment.set_fuel(Some(limited::MOST_STEPS));
        Ok(Templates { files, environment, houses, from })
    }

    /// The houses these templates lie under, the nearest first.
    pub fn houses(&self) -> &[House] {
        &self.houses
    }

    /// The house a file comes from, unless it is built in.
    pub fn house_of(&self, path: &str) -> Option<&House> {
        self.houses.get(*self.from.get(path)?)
    }

    /// What messages call a file.
    pub fn place(&self, path: &str) -> String {
        let folder = self.house_of(path).map_or("templates", |house| house.name.as_str());
        format!("{folder}/{path}")
    }

    /// The header of the nearest house that has one, rendered.
    pub fn header(&self, context: &Value) -> Result<Option<String>> {
        let with_header = self.houses.iter().find_map(|house| Some((house, house.header.as_ref()?)));
        let Some((house, source)) = with_header else { return Ok(None) };
        self.rendered(&format!("{}/{HEADER}", house.name), source, context).map(Some)
    }

    /// Every file as `(path, text)`, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (&**path, &**text))
    }

    /// The text of the template at `path`, as it stands in the folder.
    pub fn source(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|text| &**text)
    }

    /// A built-in `layer.toml` as JSON, unless a house has laid something over it.
    pub fn digest(&self, path: &str) -> Option<&'static str> {
        let at = DIGESTS.binary_search_by_key(&path, |(path, ..)| path).ok()?;
        let (_, toml, json) = DIGESTS[at];
        (self.source(path) == Some(toml)).then_some(json)
    }

    /// The template at `path` with the variables of `context` filled in. A file that does not end in
    /// `.jinja` is returned as it is. An unknown variable is an error that names file, line and column.
    pub fn render(&self, path: &str, context: &Value) -> Result<String> {
        let source = self.source(path).with_context(|| format!("no template `{path}`"))?;
        if !path.ends_with(".jinja") {
            return Ok(source.to_owned());
        }
        self.rendered(&self.place(path), source, context)
    }

    /// The variables a template names anywhere, also where no choice leads to.
    pub fn names_in(&self, path: &str) -> Vec<String> {
        let source = with_slots(self.source(path).unwrap_or_default());
        let Ok(template) = self.environment.template_from_named_str(path, &source) else { return vec![] };
        let names = template.undeclared_variables(true).into_iter();
        let mut names: Vec<String> =
            names.filter(|name| name != "slots" && !name.starts_with("slots.")).collect();
        names.sort();
        names
    }

    fn rendered(&self, place: &str, source: &str, context: &Value) -> Result<String> {
        // Not for houses: nobody counts what it puts together.
        if self.houses.is_empty()
            && let Some(text) = filled(source, context)
        {
            return Ok(text);
        }
        let source = with_slots(source);
        let done = if self.houses.is_empty() {
            self.environment.render_named_str(place, &source, context.clone())
        } else {
            limited::render(&self.environment, place, &source, context)
        };
        done.map_err(|error| wrong::explained(place, &source, &error, context))
    }
}

/// What stands before the name of a slot, on a line of its own.
const SLOT: &str = "//# slot ";

/// `//# slot NAME` on a line of its own becomes a loop over the fragments for it, which keeps the line numbers.
fn with_slots(source: &str) -> Cow<'_, str> {
    if !source.contains(SLOT) {
        return Cow::Borrowed(source);
    }
    let line = |line: &str| match line.trim().strip_prefix(SLOT) {
        Some(name) => {
            format!("<@% for fragment in slots[{:?}] %@><@ fragment @><@% endfor %@>\n", name.trim())
        }
        None => line.to_owned(),
    };
    Cow::Owned(source.split_inclusive('\n').map(line).collect())
}

/// What most templates are, text with variables and slots in it, put together without compiling the text, which
/// takes ten times as long. `None` where there is more to a template: a statement, a remark, a filter, a name
/// nobody knows.
fn filled(source: &str, context: &Value) -> Option<String> {
    let mut filled = String::with_capacity(source.len() + source.len() / 8);
    let mut pieces = source.split(SLOT);
    fill(&mut filled, pieces.next()?, context)?;
    for piece in pieces {
        let (slot, piece) = piece.split_once('\n')?;
        // The slot's own line goes, with what it is indented by.
        filled.truncate(filled.trim_end_matches(' ').len());
        let fragments = context.get_attr("slots").ok()?.get_attr(slot.trim()).ok()?;
        for fragment in fragments.try_iter().ok().filter(|_| !fragments.is_undefined())? {
            filled.push_str(fragment.as_str()?);
        }
        fill(&mut filled, piece, context)?;
    }
    Some(filled)
}

fn fill(filled: &mut String, source: &str, context: &Value) -> Option<()> {
    if source.contains("//#") {
        return None;
    }
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('@') {
        rest = after;
        let Some(before) = before.strip_suffix('<') else {
            filled.extend([before, "@"]);
            continue;
        };
        let (name, after) = rest.split_once("@>")?;
        let attribute = |value: Value, key: &str| value.get_attr(key).ok();
        let value = name.trim().split('.').try_fold(context.clone(), attribute)?;
        if value.is_undefined() {
            return None;
        }
        filled.push_str(before);
        match value.as_str() {
            Some(text) => filled.push_str(text),
            None => write!(filled, "{value}").ok()?,
        }
        rest = after;
    }
    filled.push_str(rest);
    Some(())
}

/// `<@ variable @>`, `//# if condition` on a line of its own, `<@# remark #@>`: nothing that occurs in Rust,
/// HTML, SQL or TOML, or in the delimiters of the view engines whose files we write.
fn environment() -> Result<Environment<'static>> {
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<@%", "%@>")
        .variable_delimiters("<@", "@>")
        .comment_delimiters("<@#", "#@>")
        .line_statement_prefix("//#")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    // Empty but for these: a filter or a function more is one more thing for a template to grow or reach by.
    let mut environment = Environment::empty();
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("length", filters::length);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("upper", filters::upper);
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_debug(true);
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> Result<String> {
        let templates = Templates::from_files([("a.rs.jinja", text)])?;
        templates.render("a.rs.jinja", &minijinja::context! { schema => "User", yes => true })
    }

    #[test]
    fn delimiters_leave_rust_html_and_view_engines_alone() {
        let text = "let a = b < c @ d; // {{ user }} {% if %} <% x %> #{y}\n";
        assert_eq!(render(text).unwrap(), text);
    }

    #[test]
    fn variables_and_line_statements_are_filled_in() {
        let text = "fn a() {\n    //# if yes\n    <@ schema @>::new();\n    //# endif\n}\n";
        assert_eq!(render(text).unwrap(), "fn a() {\n    User::new();\n}\n");
    }

    #[test]
    fn an_unknown_variable_names_file_and_line() {
        let error = format!("{:#}", render("\n<@ shema @>\n").unwrap_err());
        assert!(error.contains("a.rs.jinja") && error.contains('2'), "{error}");
    }

    #[test]
    fn a_slot_takes_the_lines_of_its_fragments_or_none() {
        let text = "fn a() {\n    //# slot calls\n}\n//# slot nothing\n";
        let templates = Templates::from_files([("a.rs.jinja", text)]).unwrap();
        let filled = minijinja::context! { slots => minijinja::context! {
            calls => ["    b();\n", "    c();\n"], nothing => Vec::<String>::new(),
        } };
        let text = templates.render("a.rs.jinja", &filled).unwrap();
        assert_eq!(text, "fn a() {\n    b();\n    c();\n}\n");
        let error = format!("{:#}", render("\n//# slot cals\n").unwrap_err());
        assert!(error.contains("a.rs.jinja") && error.contains('2'), "{error}");
    }

    #[test]
    fn a_file_without_the_ending_is_copied() {
        let templates = Templates::from_files([("a.css", "<@ nothing @>")]).unwrap();
        assert_eq!(templates.render("a.css", &Value::UNDEFINED).unwrap(), "<@ nothing @>");
    }
}
