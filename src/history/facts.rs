//! What is counted of one commit.

use crate::git::FolderChange;
use crate::history::CommitReading;
use crate::provenance::{CommitId, Identity};

/// One commit as the tables count it.
#[derive(Debug, Clone, Copy)]
pub struct CommitFacts<'a> {
    /// Its id.
    pub id: CommitId,
    /// Who made it and how that is known.
    pub reading: &'a CommitReading,
    /// The committer's time in seconds since 1970.
    pub seconds: i64,
    /// The author, as the commit says.
    pub author: Identity<'a>,
    /// The whole message.
    pub message: &'a str,
    /// What it changed, where that was looked at; `None` also for a merge.
    pub changes: Option<&'a [FolderChange]>,
    /// The first tag that contains it, with the tag's place among all.
    pub release: Option<(&'a str, i64)>,
}

/// Sums of changed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineSums {
    /// Added lines.
    pub added: u64,
    /// Removed lines.
    pub deleted: u64,
}

impl<'a> CommitFacts<'a> {
    /// Makes facts of a commit of which nothing else is to be counted than who made it and when.
    pub fn new(id: CommitId, reading: &'a CommitReading, seconds: i64) -> Self {
        Self {
            id,
            reading,
            seconds,
            author: Identity::default(),
            message: "",
            changes: None,
            release: None,
        }
    }

    /// Returns the lines that the commit changes; none where nobody counted.
    pub fn lines(&self) -> LineSums {
        let mut sums = LineSums::default();
        for change in self.changes.unwrap_or_default() {
            sums.add(change.into());
        }
        sums
    }
}

impl LineSums {
    /// Adds the sums of others.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.deleted += other.deleted;
    }
}
