//! Where passwords are hashed: on threads of their own, off the async ones.

use std::io;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A runtime for nothing but its pool of threads. They go from one hash to the next and stay on their cores; were a
/// thread woken up for each hash, it would often be on the core that somebody's page is just being made on, which
/// then waits some milliseconds: many times what it takes otherwise.
static THREADS: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_current_thread()
        .max_blocking_threads(hashes_at_once())
        .build()
});

/// One core is left for everybody else. One core alone is shared.
fn hashes_at_once() -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    cores.saturating_sub(1).max(1)
}

/// Waits for a turn and for the work.
pub async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    #[cfg(test)]
    HASHES.set(HASHES.get() + 1);

    let threads = THREADS.as_ref().map_err(io::Error::to_string)?;
    let (done, result) = oneshot::channel();
    threads.spawn_blocking(move || {
        // Whoever waited may have left: a flood of requests that are dropped at once costs no hash.
        if !done.is_closed() {
            let _ = done.send(work());
        }
    });
    result.await?
}

#[cfg(test)]
thread_local! {
    static HASHES: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// How many hashes the current test has waited for.
#[cfg(test)]
pub fn hashes_so_far() -> u32 {
    HASHES.get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::sleep;
    use std::time::Duration;

    #[tokio::test]
    async fn a_core_is_left_for_everybody_else() {
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let work = || {
            let running = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
            MOST.fetch_max(running, Ordering::SeqCst);
            sleep(Duration::from_millis(20));
            RUNNING.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        let cores = available_parallelism().map_or(1, usize::from);

        let all: Vec<_> = (0..4 * cores).map(|_| tokio::spawn(run(work))).collect();
        for one in all {
            one.await.unwrap().unwrap();
        }

        assert!(MOST.load(Ordering::SeqCst) <= (cores - 1).max(1));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_not_begun() {
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        let all_busy: Vec<_> = (0..hashes_at_once())
            .map(|_| {
                tokio::spawn(run(|| {
                    sleep(Duration::from_millis(50));
                    Ok(())
                }))
            })
            .collect();
        tokio::task::yield_now().await;

        for _ in 0..10 {
            let work = || {
                BEGUN.fetch_add(1, Ordering::SeqCst);
                Ok(())
            };
            // A request that comes and goes.
            tokio::select! {
                biased;
                _ = run(work) => {}
                () = future::ready(()) => {}
            }
        }
        for one in all_busy {
            one.await.unwrap().unwrap();
        }
        run(|| Ok(())).await.unwrap();

        assert_eq!(BEGUN.load(Ordering::SeqCst), 0);
    }
}
