//! What can go wrong at a hook moment.

use std::path::PathBuf;

use crate::{git, store};

/// A failure while recording; it never stops a commit.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Git failed.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// A record could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The file of the commit message could not be read.
    #[error("cannot read the commit message in `{}`", path.display())]
    ReadMessage {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file of the commit message could not be written.
    #[error("cannot write the commit message to `{}`", path.display())]
    WriteMessage {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
