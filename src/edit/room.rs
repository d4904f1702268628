//! A thread with room for parsers, which call themselves.

use std::thread;

/// Runs `work`, which applies edits, on a thread with room for what nests: the parsers call themselves. See
/// `edit/source.rs` for how deep a text may nest before it is refused.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    with_room_beside(work, || ()).0
}

/// [`with_room`] for `work`, and `other` on the thread we are on, at the same time.
pub fn with_room_beside<T: Send, U>(work: impl FnOnce() -> T + Send, other: impl FnOnce() -> U) -> (T, U) {
    // Bytes; only what is used is ever taken.
    const STACK: usize = 64 << 20;
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
        Ok(thread) => {
            let other = other();
            (thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
        }
        Err(error) => panic!("no thread can be started: {error}"),
    })
}
