//! What `use` and `#[path]` say.

use std::collections::HashMap;

use syn::UseTree;

/// Reads a `use`: names with their full paths, and what ends in a `*`.
pub(super) fn import(
    tree: &UseTree,
    prefix: &mut Vec<String>,
    imports: &mut HashMap<String, Vec<String>>,
    globs: &mut Vec<Vec<String>>,
) {
    let with = |prefix: &[String], name: String| [prefix, &[name]].concat();
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            import(&path.tree, prefix, imports, globs);
            prefix.pop();
        }
        UseTree::Name(leaf) if leaf.ident == "self" => {
            if let Some(last) = prefix.last() {
                imports.insert(last.clone(), prefix.clone());
            }
        }
        UseTree::Name(leaf) => {
            let name = leaf.ident.to_string();
            imports.insert(name.clone(), with(prefix, name));
        }
        UseTree::Rename(leaf) => {
            let path =
                if leaf.ident == "self" { prefix.clone() } else { with(prefix, leaf.ident.to_string()) };
            imports.insert(leaf.rename.to_string(), path);
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| import(tree, prefix, imports, globs)),
        UseTree::Glob(_) => globs.push(prefix.clone()),
    }
}

/// The file of `#[path = ".."]`, which is relative to the folder of the file it stands in.
pub(super) fn given_path(attribute: &syn::Attribute, file: &str) -> Option<String> {
    let syn::Expr::Lit(value) = &attribute.meta.require_name_value().ok()?.value else { return None };
    let syn::Lit::Str(path) = &value.lit else { return None };
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let path = path.value();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
