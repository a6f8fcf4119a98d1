//! What can go wrong between us and Git.

use std::path::PathBuf;

use crate::provenance::CommitId;

/// A failure of Git's library or of the `git` program; the variant says what was being tried.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no repository here.
    #[error("not a Git repository (or any of the folders above): `{}`", path.display())]
    NotARepository {
        /// Where the search began.
        path: PathBuf,
    },
    /// The repository belongs to another user; Git refuses it too.
    #[error("this repository belongs to another user: `{}`", path.display())]
    ForeignOwner {
        /// Where the search began.
        path: PathBuf,
    },
    /// The repository uses a format that the library cannot read.
    #[error("cannot open the Git repository at `{}`", path.display())]
    Open {
        /// Where the search began.
        path: PathBuf,
        /// What the library said.
        source: Source,
    },
    /// The branch has no commit yet.
    #[error("the branch `{branch}` has no commits yet")]
    Unborn {
        /// Its short name.
        branch: String,
    },
    /// No commit has that name.
    #[error("there is no commit `{revision}` here")]
    UnknownRevision {
        /// What the user wrote.
        revision: String,
    },
    /// An object could not be read.
    #[error("cannot read the object {id}")]
    ReadObject {
        /// Its id.
        id: CommitId,
        /// What the library said.
        source: Source,
    },
    /// An object that lines are counted by is not here.
    #[error("the object {id} is not in this repository, so its lines cannot be counted")]
    MissingObject {
        /// Its id.
        id: CommitId,
    },
    /// An object is not what Git would have written.
    #[error("the object {id} is damaged")]
    DamagedObject {
        /// Its id.
        id: CommitId,
    },
    /// An object could not be written.
    #[error("cannot write an object into the repository")]
    WriteObject {
        /// What the library said.
        source: Source,
    },
    /// A reference could not be read.
    #[error("cannot read the reference `{name}`")]
    ReadReference {
        /// Its full name.
        name: String,
        /// What the library said.
        source: Source,
    },
    /// A reference could not be moved, and not because somebody else moved it first.
    #[error("cannot update the reference `{name}`")]
    WriteReference {
        /// Its full name.
        name: String,
        /// What the library said.
        source: Source,
    },
    /// A reference stayed locked, or others kept moving it.
    #[error("the reference `{name}` stays locked by another process")]
    ReferenceBusy {
        /// Its full name.
        name: String,
    },
    /// A history of notes has more entries than commits were ever recorded.
    #[error("there are more than {limit} entries among the notes")]
    TooManyNotes {
        /// How many are read.
        limit: usize,
    },
    /// A folder of notes stands at two places, which notes of commits never do.
    #[error("the folder {id} stands at two places among the notes")]
    RepeatedFolder {
        /// Its id.
        id: CommitId,
    },
    /// A commit could not be signed.
    #[error("cannot sign the notes, as commit.gpgSign asks: {reason}")]
    Sign {
        /// What Git said, in one line.
        reason: String,
    },
    /// Git's configuration could not be read.
    #[error("cannot read Git's configuration")]
    Configuration {
        /// What the library said.
        source: Source,
    },
    /// The index could not be read.
    #[error("cannot read the index `{}`", path.display())]
    ReadIndex {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `git` could not be started, or did not end well.
    #[error("`git {command}` failed: {reason}")]
    GitCommand {
        /// Its first words.
        command: String,
        /// What it said, in one line.
        reason: String,
    },
}

/// The library's own words, kept out of the rest of the program.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Source(pub(super) String);

impl Source {
    /// Says whether the library does not know the repository's format: SHA-256 ids, reftable.
    pub fn is_of_format(&self) -> bool {
        self.0.contains("object format") || self.0.contains("extensions.")
    }
}

#[expect(clippy::disallowed_types, reason = "the one place where the library's errors become ours")]
impl From<git2::Error> for Source {
    fn from(error: git2::Error) -> Self {
        Self(error.message().trim_end_matches(['.', '\n']).to_owned())
    }
}
