//! Where lines of history part.

use crate::git::Error;
use crate::git::process::git_output;
use crate::git::repo::{Repo, id, oid};
use crate::provenance::CommitId;

impl Repo {
    /// Finds where two commits parted; `None` where they have nothing in common.
    pub fn merge_base(&self, one: CommitId, other: CommitId) -> Result<Option<CommitId>, Error> {
        match self.inner.merge_base(oid(one), oid(other)) {
            Ok(base) => Ok(Some(id(base))),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(source) => Err(Error::ReadObject { id: one, source: source.into() }),
        }
    }

    /// Finds the oldest of a commit's first parents that no branch of a remote has, as far as this clone knows.
    ///
    /// `None` where the remote has the commit itself.
    pub fn first_new_commit(
        &self,
        commit: CommitId,
        remote: &str,
    ) -> Result<Option<CommitId>, Error> {
        let commit = commit.to_string();
        let remotes = format!("--remotes={remote}");
        let output = git_output(&["rev-list", "--first-parent", &commit, "--not", &remotes])?;
        let last = output.rsplit(|byte| *byte == b'\n').find(|line| !line.is_empty());
        Ok(last.and_then(|line| std::str::from_utf8(line).ok()?.parse().ok()))
    }
}
