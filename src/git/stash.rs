//! The entries of the stash, and the files that lie in one.

use std::path::Path;

use crate::git::place::Worktree;
use crate::git::{Error, FileVersion, Repo};
use crate::provenance::CommitId;

/// The most entries of the stash that are looked at.
const ENTRIES: usize = 16;

/// A file of an entry: its path, what it was in the commit on which the entry was made, and what lies there.
pub type StashedFile = (String, (Option<FileVersion>, Option<FileVersion>));

impl Worktree {
    /// Lists the entries of the stash, the oldest first, without opening the repository.
    pub fn stash_entries(&self) -> Vec<CommitId> {
        entries(&self.common_dir)
    }
}

impl Repo {
    /// Lists the entries of the stash, the oldest first.
    pub fn stash_entries(&self) -> Vec<CommitId> {
        entries(self.common_dir())
    }

    /// Lists the files that an entry has otherwise than the commit on which it was made, untracked ones too.
    pub fn stashed_files(&self, entry: CommitId) -> Result<Vec<StashedFile>, Error> {
        let entry = self.commit(entry)?;
        let Some(base) = entry.parents.first() else { return Ok(Vec::new()) };
        let mut changes = self.changed_files(Some(self.commit(*base)?.tree), Some(entry.tree))?;
        // `stash --include-untracked` keeps those files in a third parent.
        if let Some(untracked) = entry.parents.get(2) {
            changes.extend(self.changed_files(None, Some(self.commit(*untracked)?.tree))?);
        }
        let files = changes.into_iter().filter_map(|change| {
            Some((String::from_utf8(change.path).ok()?, (change.old, change.new)))
        });
        Ok(files.collect())
    }
}

/// Reads the reflog of the stash, whose lines are the entries; where references are kept otherwise there is none.
fn entries(common_dir: &Path) -> Vec<CommitId> {
    let log = std::fs::read_to_string(common_dir.join("logs/refs/stash")).unwrap_or_default();
    let ids = log.lines().filter_map(|line| line.split(' ').nth(1)?.parse().ok());
    let mut ids = ids.collect::<Vec<_>>();
    ids.drain(..ids.len().saturating_sub(ENTRIES));
    ids
}
