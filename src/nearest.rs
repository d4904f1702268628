//! The right name nearest to a wrong one, and where a word stands in a text.

/// `` ; did you mean `x`? `` where `known` has a name that could be meant, else nothing.
pub fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wrong, known).map_or_else(String::new, |right| format!("; did you mean `{right}`?"))
}

/// The name with the fewest slips of the keyboard between it and `wrong`, if they are few enough to be slips: a
/// third of the letters.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let slips = |name: &str| strsim::damerau_levenshtein(wrong, name);
    let found = known.into_iter().map(|name| (slips(name), name)).min()?;
    (found.0 <= 1 + found.1.chars().count() / 3).then_some(found.1)
}

/// An error of serde about an unknown key or value, with the nearest of those it lists.
pub fn with_hint(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_unknown = message.contains("unknown field") || message.contains("unknown variant");
    match quoted.next().filter(|_| is_unknown) {
        Some(wrong) => format!("{message}{}", hint(wrong, quoted)),
        None => message.to_owned(),
    }
}

/// Line and column of a byte of `text`, both from 1, columns in characters.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// `:LINE:COLUMN` of the first place where `word` stands by itself in `text`, else nothing.
pub fn place_of(word: &str, text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let goes_on = |at: &usize| {
        (word.starts_with(is_part) && text[..*at].ends_with(is_part))
            || (word.ends_with(is_part) && text[at + word.len()..].starts_with(is_part))
    };
    let found = text.match_indices(word).map(|(at, _)| at).find(|at| !goes_on(at));
    found.map_or_else(String::new, |at| {
        let (line, column) = line_and_column(text, at);
        format!(":{line}:{column}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keyboard_is_recognised_and_another_word_is_not() {
        let known = ["schema.pascal", "schema.snake", "table"];
        assert_eq!(nearest("shema.pascal", known), Some("schema.pascal"));
        assert_eq!(nearest("tabel", known), Some("table"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(hint("tabel", known), "; did you mean `table`?");
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn errors_of_serde_gain_the_nearest_name() {
        let message = "unknown field `modul`, expected one of `module`, `public`";
        assert_eq!(with_hint(message), format!("{message}; did you mean `module`?"));
        assert_eq!(with_hint("expected `=`"), "expected `=`");
    }

    #[test]
    fn places_are_counted_from_one_and_in_characters() {
        assert_eq!(line_and_column("ä\nöx", 5), (2, 2));
        assert_eq!(place_of("tab", "table\n  tab = 1\n"), ":2:3");
        assert_eq!(place_of("no", "table"), "");
    }
}
