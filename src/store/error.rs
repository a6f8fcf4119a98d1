//! What can go wrong where provenance is written down.

use std::path::PathBuf;

use crate::git;
use crate::provenance::{CommitId, PlanId};

/// A failure to read or write a record; the variant says which.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The journal or a file beside it could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The journal or a file beside it could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process keeps the journal locked.
    #[error("another process keeps `{}` locked", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The note of a commit is not what any version of git-model writes.
    #[error("the note of commit {commit} is damaged: {reason}")]
    DamagedNote {
        /// The commit.
        commit: CommitId,
        /// What is wrong, in a few words.
        reason: String,
    },
    /// The note of a commit was written by a newer git-model.
    #[error("the note of commit {commit} has format {found}, newer than {known}")]
    NewerNote {
        /// The commit.
        commit: CommitId,
        /// The format it has.
        found: String,
        /// The newest format that this program reads.
        known: &'static str,
    },
    /// No plan has that id.
    #[error("there is no plan `{word}` here")]
    UnknownPlan {
        /// What the user wrote.
        word: String,
    },
    /// Several plans have ids that begin so.
    #[error("`{word}` names {} plans: {}", candidates.len(), list(candidates))]
    AmbiguousPlan {
        /// What the user wrote.
        word: String,
        /// Their ids.
        candidates: Vec<PlanId>,
    },
    /// The reference of a plan does not hold what any version of git-model writes.
    #[error("the plan {id} is damaged: {reason}")]
    DamagedPlan {
        /// The plan.
        id: PlanId,
        /// What is wrong, in a few words.
        reason: String,
    },
    /// A plan was written by a newer git-model.
    #[error("the plan {id} has format {found}, newer than {known}")]
    NewerPlan {
        /// The plan.
        id: PlanId,
        /// The format it has.
        found: String,
        /// The newest format that this program reads and writes.
        known: &'static str,
    },
    /// The reference of the notes of another repository holds no notes.
    #[error("{reference} of `{remote}` is no history of notes")]
    NoHistory {
        /// The other repository.
        remote: String,
        /// The reference there.
        reference: String,
        /// What was found.
        source: git::Error,
    },
    /// Another repository could not be used.
    #[error(transparent)]
    Remote(#[from] git::RemoteError),
    /// Git failed.
    #[error(transparent)]
    Git(#[from] git::Error),
}

fn list(ids: &[PlanId]) -> String {
    ids.iter().map(PlanId::as_str).collect::<Vec<_>>().join(", ")
}
