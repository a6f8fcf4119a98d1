//! Whose the lines are that lie in entries of the stash: one file for each entry, written when a hook first sees it.
//!
//! Git tells nobody that an entry was made or popped. What is kept here outlives the entry, since its lines are
//! committed when it is gone; it is forgotten after a month.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::provenance::CommitId;
use crate::store::framed::write_replacing;
use crate::store::{Error, Remembered, Run};

/// What was written longer ago than this is dropped, unless its entry is still there: 30 days.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);

/// So many entries are read at most, the newest.
const READ_LIMIT: usize = 16;

/// One file of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stashed {
    /// Whose its lines are; what was committed is what lies in the stash.
    pub file: Remembered,
    /// What it was in the commit on which the entry was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<CommitId>,
    /// Who took lines of that away; runs of nobody stand for those that stayed, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted: Vec<Run>,
}

/// What one worktree knows of the stash.
#[derive(Debug, Clone)]
pub struct Stashes {
    folder: PathBuf,
}

impl Stashes {
    /// Names them by the worktree's git directory; nothing is opened or made.
    pub fn of(git_dir: &Path) -> Self {
        Self { folder: git_dir.join("model").join("stashed") }
    }

    fn path(&self, entry: CommitId) -> PathBuf {
        self.folder.join(entry.to_string())
    }

    /// Says whether an entry was seen before.
    pub fn is_known(&self, entry: CommitId) -> bool {
        self.path(entry).exists()
    }

    /// Remembers an entry: its files as far as lines of theirs are somebody's, none where nothing is known of it.
    pub fn write(&self, entry: CommitId, files: &[Stashed]) -> Result<(), Error> {
        fs::create_dir_all(&self.folder)
            .map_err(|source| Error::Write { path: self.folder.clone(), source })?;
        let json = serde_json::to_vec(files).expect("it has only text, numbers and lists");
        write_replacing(&self.path(entry), &json)
    }

    /// Reads what is remembered of entries, the newest first; what this version cannot use is left out.
    pub fn read(&self) -> Vec<Stashed> {
        let written = |entry: &fs::DirEntry| entry.metadata().and_then(|data| data.modified()).ok();
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut entries = entries.collect::<Vec<_>>();
        entries.sort_by_key(|entry| std::cmp::Reverse(written(entry)));
        let files = entries.iter().take(READ_LIMIT).filter_map(|entry| {
            let bytes = fs::read(entry.path()).ok()?;
            serde_json::from_slice::<Vec<Stashed>>(&bytes).ok()
        });
        files.flatten().filter(|one: &Stashed| one.file.is_usable()).collect()
    }

    /// Drops what was written a month ago, but for entries that are still there.
    pub fn drop_old(&self, there: &[CommitId]) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
            let is_old = matches!(age, Ok(Ok(age)) if age > FORGOTTEN_AFTER);
            let name = entry.file_name();
            let is_there = there.iter().any(|id| *name == *id.to_string());
            if is_old && !is_there {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
