//! What a house wants on top of every file written, as a comment of that file's language.

use crate::catalog::Layer;

/// What opens and closes a comment, by the end of a file's name. Layers add to it, for languages of their own.
const COMMENTS: [(&str, &str, &str); 7] = [
    ("rs", "//", ""),
    ("sql", "--", ""),
    ("toml", "#", ""),
    ("css", "/*", "*/"),
    ("html", "<!--", "-->"),
    ("js", "//", ""),
    (".gitignore", "#", ""),
];

/// `text` under `header`; as it is where nobody says how its language writes a comment.
pub fn under(header: &str, path: &str, text: &str, layers: &[&Layer]) -> String {
    let Some((open, close)) = marks(path, layers) else { return text.to_owned() };
    let line = |line: &str| match (line, close.as_str()) {
        ("", "") => format!("{open}\n"),
        (line, "") => format!("{open} {line}\n"),
        (line, close) => format!("{open} {line} {close}\n"),
    };
    let lines: String = header.trim_end().lines().map(|text| line(text.trim_end())).collect();
    // Set off from a comment that the file itself begins with.
    let gap = if close.is_empty() && !text.is_empty() { "\n" } else { "" };
    format!("{lines}{gap}{text}")
}

fn marks(path: &str, layers: &[&Layer]) -> Option<(String, String)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = |end: &str| name == end || name.rsplit_once('.').is_some_and(|(_, last)| last == end);
    let of_layers = layers.iter().flat_map(|layer| &layer.toml.comments).rfind(|(end, _)| ends(end));
    if let Some((_, marks)) = of_layers {
        let close = marks.get(1).cloned().unwrap_or_default();
        return Some((marks.first()?.clone(), close));
    }
    let ours = COMMENTS.iter().find(|(end, ..)| ends(end));
    ours.map(|(_, open, close)| ((*open).to_owned(), (*close).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_comment_of_the_language() {
        let header = "Acme\n\nAll rights reserved\n";
        let with = |path: &str| under(header, path, "x\n", &[]);
        assert_eq!(with("src/a.rs"), "// Acme\n//\n// All rights reserved\n\nx\n");
        assert_eq!(with("a/b.css"), "/* Acme */\n/*  */\n/* All rights reserved */\nx\n");
        assert_eq!(with(".gitignore"), "# Acme\n#\n# All rights reserved\n\nx\n");
        assert_eq!(with("LICENSE"), "x\n");
    }
}
