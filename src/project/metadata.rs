//! What a manifest tells us alone: `[package.metadata.gen-auth]`, `[workspace.metadata.gen-auth]`.

use std::path::Path;

use toml_edit::DocumentMut;

/// Whether there is a `Cargo.toml` in `folder` or above it.
pub fn is_in_a_package(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file())
}

/// The folders of templates that the manifests name, each with its manifest, the package's first.
pub(super) fn templates(own: &DocumentMut, manifest: &str, root: &DocumentMut) -> Vec<(String, String)> {
    let named = |document: &DocumentMut, table: &str| {
        let path = document.get(table)?.get("metadata")?.get("gen-auth")?.get("templates")?;
        // What is no text is no folder either, and said to be missing.
        Some(path.as_str().map_or_else(|| path.to_string().trim().to_owned(), str::to_owned))
    };
    let package = named(own, "package").map(|path| (manifest.to_owned(), path));
    let workspace = named(root, "workspace").map(|path| ("Cargo.toml".to_owned(), path));
    package.into_iter().chain(workspace).collect()
}
