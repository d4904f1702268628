//! Ways from what is served to where it is made: those a person has named, and those to one router.

use super::site::Site;

type Way<'s> = Option<Vec<Site<'s>>>;

/// The ways through the function a person has named, without places that other routers are served from too.
pub(super) fn through<'s>(ways: Vec<Way<'s>>, file: &str, function: &str) -> Vec<Way<'s>> {
    let name = function.rsplit("::").next().unwrap_or(function);
    let fits = |site: &Site| site.frame.module().file == file && site.frame.function.name() == name;
    let (mut chosen, others): (Vec<Way>, Vec<Way>) =
        ways.into_iter().partition(|way| way.iter().flatten().any(fits));
    for way in chosen.iter_mut().flatten() {
        let last = way.last().cloned();
        let others = others.iter().flatten().filter(|other| !is_same(other.last(), last.as_ref()));
        let taken: Vec<&Site> = others.flatten().collect();
        way.retain(|site| !taken.iter().any(|other| other.is(site)));
    }
    chosen
}

/// One way for each router: of one served more than once, the places all its servers share. A place that several
/// routers are served from is on the way to none of them, if there is another.
pub(super) fn united<'s>(ways: impl Iterator<Item = Vec<Site<'s>>>) -> Vec<Vec<Site<'s>>> {
    let mut united: Vec<Vec<Site<'s>>> = Vec::new();
    for way in ways {
        match united.iter_mut().find(|other| is_same(other.last(), way.last())) {
            Some(other) => other.retain(|site| way.iter().any(|shared| shared.is(site))),
            None => united.push(way),
        }
    }
    let on = |site: &Site| united.iter().filter(|way| way.iter().any(|other| other.is(site))).count();
    let own = united.iter().map(|way| way.iter().filter(|site| on(site) == 1).cloned().collect());
    let own: Vec<Vec<Site>> = own.collect();
    own.into_iter().zip(united).map(|(own, way)| if own.is_empty() { way } else { own }).collect()
}

fn is_same(one: Option<&Site>, another: Option<&Site>) -> bool {
    matches!((one, another), (Some(one), Some(another)) if one.is(another))
}
