//! Layers that add to a value, and are not what makes it one to choose.

use super::Layer;

impl Layer {
    /// `login/password/views/askama` adds to `views/askama`: the value is there without it.
    pub(super) fn adds_to(&self, other: &Layer) -> bool {
        self.when.len() > other.when.len()
            && self.defines() == other.defines()
            && other.when.iter().all(|pair| self.when.contains(pair))
    }
}
