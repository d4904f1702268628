//! What a project's code has already that ours would meet: routes, cookies, sessions, a type of the same name. Looked
//! for until ours is there, and shown with the place and the way around it.

use anyhow::Result;

use super::{Drawing, around};
use crate::{
    catalog::Layer,
    edit::{Route, Seek, Seen},
    plan::{Finding, Level},
    project::{Project, Side},
    spec::Spec,
};

/// What to look for beside the router; nothing once the pages of this run are there, which then live with it.
///
/// Errors: no crate root.
pub(super) fn seek(layers: &[&Layer], spec: &Spec, project: &Project) -> Result<Seek> {
    let placeholders = spec.placeholders(project)?;
    let fill = |text: &str| {
        let filled =
            |text: String, (name, value): (&&str, &String)| text.replace(&format!("{{{name}}}"), value);
        placeholders.iter().fold(text.to_owned(), filled)
    };
    if project.text(&project.in_package(&fill("src/{web_root}/{web}/mod.rs")))?.is_some() {
        return Ok(Seek::default());
    }
    let cookies = layers.iter().flat_map(|layer| &layer.toml.ours.cookies);
    let texts = cookies.map(|cookie| fill(cookie)).collect();
    Ok(Seek { routes: true, texts, types: vec![spec.names.schema.pascal.clone()] })
}

impl Drawing<'_> {
    /// Notes what was seen.
    ///
    /// Errors: an unknown placeholder.
    pub(super) fn there(&mut self, seen: &Seen, seek: &Seek) -> Result<()> {
        if !seek.routes {
            return Ok(());
        }
        self.routes(&seen.routes)?;
        for (cookie, file, line) in &seen.texts {
            let says =
                format!("`{cookie}` is the name of a cookie of ours: two of one name overwrite each other");
            self.meet(Level::Warning, file, *line, says, around::WEB);
        }
        self.sessions(&seek.texts)?;
        for (name, file, line) in &seen.types {
            // Two types in two modules, which the compiler never confuses.
            let says = format!("a type `{name}` is there already; ours is in a module of its own");
            self.meet(Level::Note, file, *line, says, "another SCHEMA gives ours another name");
        }
        Ok(())
    }

    /// Two routes of one address make the program stop at its start, or one of them dead: that stops the run. Those
    /// among which ours will stand are shown.
    fn routes(&mut self, theirs: &[Route]) -> Result<()> {
        let mut ours = Vec::new();
        for pattern in self.layers.iter().flat_map(|layer| &layer.toml.ours.routes) {
            let way = if pattern.contains("{route}") { around::WEB } else { around::ADDRESS };
            let (methods, path) = pattern.split_once(' ').unwrap_or(("", pattern.as_str()));
            ours.push((methods, self.fill(path, Side::Web)?, way));
        }
        let below = &self.web.placeholders["route"];
        let is_below = |path: &str| {
            path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut found = Vec::new();
        let mut among: Vec<&Route> = Vec::new();
        for route in theirs {
            let meets =
                |our: &&(&str, String, &str)| clash(&our.1, &route.path) && shares(our.0, &our.1, route);
            match ours.iter().find(meets) {
                Some((methods, our, way)) => {
                    let both = shared(methods, route).map(|method| format!(" {}", method.to_uppercase()));
                    let both = both.collect::<String>();
                    let says = match shape(our) == shape(&route.path) {
                        true if !both.is_empty() => {
                            format!("`{}` is a route already, and one of ours, for{both}", route.path)
                        }
                        true => format!("`{}` is a route already, and one of ours", route.path),
                        false => format!("`{}` and `{our}` of ours cannot be routes together", route.path),
                    };
                    found.push((Level::Blocks, route, says, *way));
                }
                None if is_below(&route.path) => among.push(route),
                None => {}
            }
        }
        if let Some(first) = among.first() {
            let more = match among.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let says = format!("`{}`{more} will have ours beside it, such as `{below}/log-in`", first.path);
            found.push((Level::Warning, first, says, around::WEB));
        }
        for (level, route, says, way) in found {
            self.meet(level, &route.file, route.line, says, way);
        }
        Ok(())
    }

    /// Crates with sessions of their own, which go well with ours as long as cookies have different names.
    fn sessions(&mut self, cookies: &[String]) -> Result<()> {
        let known = self.layers.iter().flat_map(|layer| &layer.toml.ours.sessions);
        let known: Vec<&String> =
            known.filter(|name| self.project.dependencies.contains_key(*name)).collect();
        let manifest = self.project.manifest.clone();
        let text = self.project.text(&manifest)?.unwrap_or_default();
        for name in known {
            let is_it = |line: &str| {
                let rest = line.trim_start().trim_start_matches("[dependencies.").strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.starts_with([' ', '=', '.', ']']))
            };
            let line = text.lines().position(is_it).map_or(1, |line| line + 1);
            let cookies: Vec<String> = cookies.iter().map(|cookie| format!("`{cookie}`")).collect();
            let says = format!(
                "{name} has sessions too: they and ours live side by side while no cookie of theirs is {}",
                cookies.join(", ")
            );
            self.plan.findings.push(Finding {
                level: Level::Note,
                path: manifest.clone(),
                lines: vec![line],
                says,
                by_hand: None,
            });
        }
        Ok(())
    }

    fn meet(&mut self, level: Level, file: &str, line: usize, says: String, way: &str) {
        let (path, lines, by_hand) = (file.to_owned(), vec![line], Some(way.to_owned()));
        self.plan.findings.push(Finding { level, path, lines, says, by_hand });
    }
}

/// The methods of HTTP that a route has of those of ours, which are given with commas between.
fn shared<'m>(ours: &'m str, route: &Route) -> impl Iterator<Item = &'m str> {
    ours.split(',').filter(|method| route.methods.iter().any(|other| other == method))
}

/// Whether two routes of one address are in each other's way. Not with other methods, unless something varies in the
/// address: that has one name.
fn shares(methods: &str, our: &str, route: &Route) -> bool {
    let varies = our.contains(':');
    varies || methods.is_empty() || route.methods.is_empty() || shared(methods, route).next().is_some()
}

/// Whether two addresses are one, or theirs takes all the rest from where one part of ours varies: where a router
/// knows `{*rest}`, it has either that or `{id}` at one place.
fn clash(our: &str, their: &str) -> bool {
    let (ours, theirs) = (shape(our), shape(their));
    match theirs.split_last() {
        Some((&"*", before)) => ours.strip_prefix(before).and_then(<[_]>::first) == Some(&":"),
        _ => ours == theirs,
    }
}

/// An address without the names of what varies in it: `/users/{id}`, `/users/:id` and `/users/{id:[0-9]+}` are one.
fn shape(path: &str) -> Vec<&str> {
    let varies = |part: &str| part.starts_with(':') || (part.starts_with('{') && part.ends_with('}'));
    let is_rest = |part: &str| part.starts_with("{*") || part.starts_with('*');
    let parts = path.split('/').map(|part| match part {
        part if is_rest(part) => "*",
        // As a pattern it is one of several that may fit, of which the first does.
        part if part.ends_with(":.*}") => part,
        part if varies(part) => ":",
        part => part,
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_an_address_do_not_matter() {
        let our = "/users/log-in/:token";
        for other in
            ["/users/log-in/{id}", "/users/log-in/:id", "/users/log-in/{id:[a-z]+}", "/users/log-in/{*a}"]
        {
            assert!(clash(our, other), "{other}");
        }
        for other in [
            "/users/log-in", "/users/log-in/", "/users/log-in/a", "/users/log-in/{a:.*}", "/users/{*a}",
            "/users/log-in/{a}/{*b}", "/{*a}", "/{a}/{b}/{c}", "",
        ] {
            assert!(!clash(our, other), "{other}");
        }
        assert!(!clash("/users/log-in", "/users/{*a}"));
    }
}
