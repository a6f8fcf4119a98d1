//! What stands in the journal: declarations, plans that are followed, and notes that wait for their reference.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::provenance::CommitId;
use crate::store::{Declaration, Following};

/// So many plans are kept in a journal that is cut back.
const FOLLOWED_LIMIT: usize = 50;

/// One entry of the journal, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Entry {
    /// `git model use`: who works from now on.
    Use(Declaration),
    /// A plan that is followed from now on, or was followed by a commit.
    Follow(Following),
    /// A note that could not be written because its reference stayed locked.
    NoteWaiting {
        /// The commit.
        commit: CommitId,
        /// The note.
        content: String,
    },
    /// The waiting note of this commit was written.
    NoteWritten {
        /// The commit.
        commit: CommitId,
    },
    /// One that a newer version knows.
    #[serde(other)]
    Unknown,
}

impl Entry {
    /// Returns the notes that still wait, the newest of each commit.
    pub fn waiting_notes(entries: &[Self]) -> Vec<(CommitId, String)> {
        let mut waiting = HashMap::new();
        for entry in entries {
            match entry {
                Self::NoteWaiting { commit, content } => {
                    waiting.insert(*commit, content.clone());
                }
                Self::NoteWritten { commit } => {
                    waiting.remove(commit);
                }
                Self::Use(_) | Self::Follow(_) | Self::Unknown => {}
            }
        }
        let mut waiting = waiting.into_iter().collect::<Vec<_>>();
        waiting.sort();
        waiting
    }

    /// Returns the entries that later readers need: the last declaration of each branch, the last word on
    /// each plan, and notes that wait.
    pub(super) fn still_needed(entries: &[Self]) -> Vec<&Self> {
        let waiting = Self::waiting_notes(entries);
        let mut last_of_branch = HashMap::new();
        let mut last_of_plan = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            if let Self::Use(declaration) = entry {
                last_of_branch.insert(&declaration.branch, index);
            }
            if let Self::Follow(following) = entry {
                last_of_plan.insert(&following.plan, index);
            }
        }
        // Plans end without a word here, so only the newest are kept.
        let mut newest = last_of_plan.values().copied().collect::<Vec<_>>();
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.truncate(FOLLOWED_LIMIT);
        let needed = |(index, entry): &(usize, &Self)| match entry {
            Self::Use(declaration) => last_of_branch.get(&declaration.branch) == Some(index),
            Self::Follow(_) => newest.contains(index),
            Self::NoteWaiting { commit, content } => {
                waiting.iter().any(|(id, text)| id == commit && text == content)
            }
            Self::NoteWritten { .. } | Self::Unknown => false,
        };
        entries.iter().enumerate().filter(needed).map(|(_, entry)| entry).collect()
    }
}
