//! What somebody sees who waits for an answer, and the way to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What goes on while a model is asked; shared by who asks, who shows it and who stops it.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Somebody wants it to end.
    stopped: Arc<AtomicBool>,
    /// Nothing is asked just now.
    idle: Arc<AtomicBool>,
    /// What is being done.
    phase: Mutex<String>,
    /// The tokens of all answers so far.
    tokens: AtomicU64,
}

impl Watch {
    /// Begins to watch; nothing is asked yet.
    pub fn new() -> Self {
        let watch = Self::default();
        watch.0.idle.store(true, Ordering::SeqCst);
        watch
    }

    /// Ends what is asked, soon.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
    }

    /// Says whether somebody wants it to end.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::SeqCst)
    }

    /// Returns the flag that a signal sets.
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.stopped)
    }

    /// Returns the flag that is set while nothing is asked, and a signal may end the whole program.
    pub fn idle_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.idle)
    }

    /// Says that a question is under way, until what this returns is dropped.
    pub fn asking(&self) -> Asking<'_> {
        self.0.idle.store(false, Ordering::SeqCst);
        Asking(self)
    }

    /// Says what is being done now, such as `asking Opus 5.5`.
    pub fn enter(&self, phase: impl Into<String>) {
        *self.0.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase.into();
    }

    /// Returns what is being done.
    pub fn phase(&self) -> String {
        self.0.phase.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds tokens that were read or written.
    pub fn count(&self, tokens: u64) {
        self.0.tokens.fetch_add(tokens, Ordering::Relaxed);
    }

    /// Returns the tokens so far.
    pub fn tokens(&self) -> u64 {
        self.0.tokens.load(Ordering::Relaxed)
    }
}

/// A question that is under way.
#[must_use]
#[derive(Debug)]
pub struct Asking<'w>(&'w Watch);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.0.idle.store(true, Ordering::SeqCst);
    }
}
