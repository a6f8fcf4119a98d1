//! What somebody sees who waits for an answer, and the way to stop it.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What goes on while a model is asked; shared by who asks, who shows it and who stops it.
#[derive(Clone, Default)]
pub struct Watch(Arc<Shared>);

/// What is told of each piece of text that comes.
type Listener = Box<dyn Fn(&str) + Send>;

#[derive(Default)]
struct Shared {
    /// Somebody wants it to end.
    stopped: Arc<AtomicBool>,
    /// Nothing is asked just now.
    idle: Arc<AtomicBool>,
    /// What is being done.
    phase: Mutex<String>,
    /// What the program that is asked does for it just now.
    doing: Mutex<String>,
    /// The tokens of all answers so far.
    tokens: AtomicU64,
    /// The bytes of the answer that is coming.
    coming: AtomicU64,
    /// Who is told of the text that comes.
    listener: Mutex<Option<Listener>>,
}

/// About so many bytes of text are a token.
const BYTES_OF_TOKEN: u64 = 4;

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

    /// Says what the program that is asked does for it just now, such as `reads src/main.rs`; empty when it is done.
    pub fn does(&self, what: impl Into<String>) {
        *self.0.doing.lock().unwrap_or_else(PoisonError::into_inner) = what.into();
    }

    /// Returns what the program that is asked does just now.
    pub fn doing(&self) -> String {
        self.0.doing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds the tokens of an answer that has come.
    pub fn count(&self, tokens: u64) {
        self.0.coming.store(0, Ordering::Relaxed);
        self.0.tokens.fetch_add(tokens, Ordering::Relaxed);
    }

    /// Returns the tokens so far; those of an answer that is still coming are estimated.
    pub fn tokens(&self) -> u64 {
        let coming = self.0.coming.load(Ordering::Relaxed).div_ceil(BYTES_OF_TOKEN);
        self.0.tokens.load(Ordering::Relaxed) + coming
    }

    /// Has somebody told of free text as it comes; what came of an answer that fails is told too.
    pub fn listen(&self, listener: impl Fn(&str) + Send + 'static) {
        *self.0.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(listener));
    }

    /// Says that a piece of text has come.
    pub fn heard(&self, text: &str) {
        self.0.coming.fetch_add(text.len() as u64, Ordering::Relaxed);
        let listener = self.0.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = listener.as_ref() {
            listener(text);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watch({:?}, {} tokens)", self.phase(), self.tokens())
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
