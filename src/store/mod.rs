//! How provenance is written down: the journal of a worktree, drafts, notes.

mod declaration;
mod draft;
mod entry;
mod error;
mod journal;
pub mod note;

pub use declaration::{Declaration, Declared, Standing};
pub use draft::Draft;
pub use entry::Entry;
pub use error::Error;
pub use journal::{Contents, Journal};
