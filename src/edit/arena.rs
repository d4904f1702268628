//! A place for values that others point into.

use std::cell::{Cell, OnceCell};

/// Keeps values alive, and in their place, while others point at them.
pub(crate) struct Arena<T> {
    slots: Vec<OnceCell<T>>,
    used: Cell<usize>,
}

impl<T> Arena<T> {
    pub(crate) fn new(size: usize) -> Self {
        Self { slots: (0..size).map(|_| OnceCell::new()).collect(), used: Cell::new(0) }
    }

    /// `None` when there is no room left.
    pub(crate) fn keep(&self, value: T) -> Option<&T> {
        let slot = self.slots.get(self.used.get())?;
        self.used.set(self.used.get() + 1);
        Some(slot.get_or_init(|| value))
    }
}
