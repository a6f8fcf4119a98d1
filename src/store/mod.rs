//! How provenance is written down: the journal of a worktree, drafts, notes; and the notes of other tools.

mod declaration;
mod draft;
mod entry;
mod error;
pub mod foreign;
mod journal;
pub mod note;

pub use declaration::{Declaration, Declared, Standing};
pub use draft::Draft;
pub use entry::Entry;
pub use error::Error;
pub use journal::{Contents, Journal};
