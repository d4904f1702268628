//! What a template of a house may say. The built-in ones are ours; those of a house may be anybody's.
//!
//! A template can name values, compare them, and repeat text for each item of a list. It cannot build a value out
//! of others (no `~`, `+`, `*`, `[]`, `{}`, `set`, macro), so nothing in memory grows; it cannot call or include
//! anything; what it puts out is counted, and so are its steps (`Templates::render`). There is no file, environment
//! or process that it could name.

/// What a line that starts with `//#`, or a `<@% tag %@>`, may begin with. `slot` only stands on a line.
const STATEMENTS: [&str; 7] = ["if", "elif", "else", "endif", "for", "endfor", "slot"];

/// Refuses what could grow, call or include. Returns where in `source`, and why.
pub fn check(source: &str) -> Result<(), (usize, String)> {
    if let Some((at, _)) = source.match_indices('\r').find(|(at, _)| !source[*at..].starts_with("\r\n")) {
        return Err((at, "a carriage return that ends no line".to_owned()));
    }
    let mut at = 0;
    while let Some((start, kind)) = next_tag(source, at) {
        let inside = start + kind.opening().len();
        at = match kind {
            Tag::Remark => match source[inside..].find("#@>") {
                Some(length) => inside + length + 3,
                None => return Err((start, "a remark without an end".to_owned())),
            },
            Tag::Value | Tag::Statement | Tag::Line => {
                if kind != Tag::Value {
                    statement(source, inside)?;
                }
                expression(source, start, inside, kind.closing())?
            }
        };
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Tag {
    Value,
    Statement,
    Remark,
    Line,
}

impl Tag {
    fn opening(self) -> &'static str {
        match self {
            Tag::Value => "<@",
            Tag::Statement => "<@%",
            Tag::Remark => "<@#",
            Tag::Line => "//#",
        }
    }

    fn closing(self) -> &'static str {
        match self {
            Tag::Value => "@>",
            Tag::Statement => "%@>",
            Tag::Remark => "#@>",
            Tag::Line => "\n",
        }
    }
}

/// A `//#` within a line is text to the renderer. Here it counts as a statement wherever it stands: who is strict
/// need not be exact.
fn next_tag(source: &str, from: usize) -> Option<(usize, Tag)> {
    let tags = [Tag::Statement, Tag::Remark, Tag::Value, Tag::Line];
    let found = |tag: &Tag| Some((from + source[from..].find(tag.opening())?, *tag));
    // Of two at one place the first of the list, which is the longer one.
    tags.iter().filter_map(found).min_by_key(|(at, _)| *at)
}

fn statement(source: &str, at: usize) -> Result<(), (usize, String)> {
    let text = source[at..].trim_start_matches(['-', '+']).trim_start_matches([' ', '\t']);
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if STATEMENTS.contains(&word.as_str()) {
        return Ok(());
    }
    let why = format!("`{word}` is not a statement templates have; there is {}", STATEMENTS.join(", "));
    Err((at, why))
}

/// From `at` to behind `closing`, as the renderer reads it: within quotes and parentheses nothing ends.
fn expression(source: &str, start: usize, at: usize, closing: &str) -> Result<usize, (usize, String)> {
    let mut open = 0_usize;
    let mut at = at;
    loop {
        let rest = &source[at..];
        if open == 0 && rest.starts_with(closing) {
            return Ok(at + closing.len());
        }
        let Some(c) = rest.chars().next() else {
            return if closing == "\n" { Ok(at) } else { Err((start, "a tag without an end".to_owned())) };
        };
        match c {
            '"' | '\'' => {
                let text = &rest[1..];
                let end = text.find([c, '\\', '\n']).filter(|end| text[*end..].starts_with(c));
                let Some(end) = end else {
                    return Err((at, "a text in quotes that does not end on its line".to_owned()));
                };
                at += end + 2;
                continue;
            }
            '(' => open += 1,
            ')' if open == 0 => return Err((at, "a parenthesis that closes nothing".to_owned())),
            ')' => open -= 1,
            '\n' if closing == "\n" => return Err((at, "a parenthesis that stays open".to_owned())),
            '~' | '+' | '*' | '/' | '[' | ']' | '{' | '}' | '%' | '&' | '^' | '`' | '@' | '#' | '$'
            | '\\' => {
                // `<@+ x +@>` and `<@%+ if x +%@>` keep the space around them.
                let is_mark = c == '+' && (rest[1..].starts_with(closing) || source[start..at].len() <= 3);
                if !is_mark {
                    return Err((
                        at,
                        format!("`{c}` is nothing a template can say: it names values and compares them"),
                    ));
                }
            }
            _ => {}
        }
        at += c.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_own_templates_say_is_allowed() {
        for (path, text) in super::super::TEMPLATES.iter().filter(|(path, _)| path.ends_with(".jinja")) {
            assert_eq!(check(text), Ok(()), "{path}");
        }
        for text in
            ["<@ a.b @> ~ * [", "<@+ a +@>", "//# if (a or b) and c == \"x ~ y\"\n//# endif\n", "<@# ~ #@>"]
        {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_grows_calls_or_includes_is_refused() {
        for text in [
            "<@ a ~ a @>", "<@ a * 9 @>", "<@ a + a @>", "<@ [a, a] @>", "<@ \"@>\" ~ a @>",
            "<@ (\"@>\") ~ a @>", "<@ '\\'' ~ \"'\" @>", "<@% set b = a %@>", "//# set b = a\n",
            "  //# include \"x\"\n", "<@ x @> //# include \"x\"\n", "<@%- import \"x\" as y -%@>",
            "<@% raw %@><@% endraw %@>", "//# if (a\n) ~ b\n", "//# with a = b", "<@ a ) @> ~ ( a @>",
            "<@ a", "<@# a", "a\r//# set b = a",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
