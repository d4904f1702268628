//! Files whose names start with a number, such as migrations: how a project numbers them, and whether it keeps the
//! way back in a second file (`0001_a.up.sql`, `0001_a.down.sql`).

const UP: &str = ".up";
const DOWN: &str = ".down";

/// From how many digits on a number is a time.
const STAMP_DIGITS: usize = 10;

/// The name for a file, in the style of its neighbours `names`: the one that an earlier run gave it if there is one,
/// else the next free number. `rest` is what follows the number: `_create.sql`, or `_create.down.sql` for the way
/// back, which is None where the project has none.
pub(super) fn numbered(rest: &str, stamp: &str, names: &[String]) -> Option<String> {
    let (stem, extension) = rest.rsplit_once('.').unwrap_or((rest, ""));
    let (stem, is_down) = match stem.strip_suffix(DOWN) {
        Some(stem) => (stem, true),
        None => (stem, false),
    };
    let named = |number: &str, kind: &str| format!("{number}{stem}{kind}.{extension}");
    let neighbours: Vec<(&str, &str)> = names.iter().filter_map(|name| split(name)).collect();
    let ours = neighbours
        .iter()
        .find(|(number, _)| ["", UP].iter().any(|kind| names.contains(&named(number, kind))));
    let last = neighbours.iter().max_by_key(|(number, _)| number.parse::<u64>().unwrap_or_default());
    let reversible = match ours {
        Some((number, _)) => names.contains(&named(number, UP)),
        None => {
            last.is_some_and(|(_, rest)| [UP, DOWN].iter().any(|kind| rest.contains(&format!("{kind}."))))
        }
    };
    let number = match (ours, last) {
        (Some((number, _)), _) => (*number).to_owned(),
        (None, Some((last, _))) if last.len() < STAMP_DIGITS => {
            let next = last.parse::<u64>().unwrap_or_default() + 1;
            format!("{next:0width$}", width = last.len())
        }
        _ => free(stamp, &neighbours),
    };
    match (is_down, reversible) {
        (true, false) => None,
        (true, true) => Some(named(&number, DOWN)),
        (false, true) => Some(named(&number, UP)),
        (false, false) => Some(named(&number, "")),
    }
}

/// Two migrations of one number would be one to the library that runs them.
fn free(stamp: &str, neighbours: &[(&str, &str)]) -> String {
    let mut free: u64 = stamp.parse().unwrap_or_default();
    while neighbours.iter().any(|(number, _)| number.parse() == Ok(free)) {
        free += 1;
    }
    free.to_string()
}

/// The number at the start of a name, and the rest; None without a number.
fn split(name: &str) -> Option<(&str, &str)> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0 && name[digits..].starts_with('_')).then(|| name.split_at(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: &str = "20260101000000";

    fn both(names: &[&str]) -> (String, Option<String>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let up = numbered("_create.sql", STAMP, &names).expect("the way forth is always there");
        (up, numbered("_create.down.sql", STAMP, &names))
    }

    fn assert_pair(names: &[&str], up: &str, down: &str) {
        assert_eq!(both(names), (up.to_owned(), (!down.is_empty()).then(|| down.to_owned())), "{names:?}");
    }

    #[test]
    fn follows_the_style_of_the_neighbours() {
        assert_pair(&[], "20260101000000_create.sql", "");
        assert_pair(&["readme.md"], "20260101000000_create.sql", "");
        assert_pair(&["20250101000000_a.sql"], "20260101000000_create.sql", "");
        assert_pair(&["0001_a.sql", "0002_b.sql"], "0003_create.sql", "");
        assert_pair(&["1_a.sql", "9_b.sql", "10_c.sql"], "11_create.sql", "");
        assert_pair(&["0001_a.up.sql", "0001_a.down.sql"], "0002_create.up.sql", "0002_create.down.sql");
        assert_pair(
            &["20250101000000_a.down.sql", "20250101000000_a.up.sql"],
            "20260101000000_create.up.sql",
            "20260101000000_create.down.sql",
        );
        // What the newest is like.
        assert_pair(&["0001_a.sql", "0002_b.up.sql"], "0003_create.up.sql", "0003_create.down.sql");
        assert_pair(&["9_a.sql", "20250101000000_b.sql"], "20260101000000_create.sql", "");
    }

    #[test]
    fn finds_what_an_earlier_run_wrote() {
        assert_pair(&["20250101000000_create.sql", "20250202000000_b.sql"], "20250101000000_create.sql", "");
        assert_pair(&["0002_create.sql", "0003_b.up.sql"], "0002_create.sql", "");
        assert_pair(
            &["0002_create.down.sql", "0002_create.up.sql", "0003_b.sql"],
            "0002_create.up.sql",
            "0002_create.down.sql",
        );
    }

    #[test]
    fn takes_no_number_that_is_taken() {
        assert_pair(&["20260101000000_a.sql", "20260101000001_b.sql"], "20260101000002_create.sql", "");
    }
}
