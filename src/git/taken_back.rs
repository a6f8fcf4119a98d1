//! What may come again in the next commit: commits that `git reset` took back.

use crate::git::{HeadMove, HowMoved, Repo};
use crate::provenance::CommitId;

/// The most commits that one reset is followed over.
const LIMIT: usize = 32;

impl Repo {
    /// Lists the commits that the last `git reset` took off `HEAD` of this worktree, the newest first.
    ///
    /// Commits made since are passed over, so that a commit can be made again in parts. Anything else that moved
    /// `HEAD` since ends the search, and so does a reset to a commit that is no first parent of the old one.
    pub fn taken_back(&self) -> Vec<CommitId> {
        let is_neutral = |one: &HeadMove| {
            one.old == one.new || matches!(one.how, HowMoved::Commit | HowMoved::Amend)
        };
        let moves = self.head_moves().into_iter().skip_while(is_neutral);
        let mut commits = Vec::new();
        for reset in moves.take_while(|one| one.how == HowMoved::Reset) {
            let Some(mut path) = self.first_parents(reset.old, reset.new) else { break };
            // An earlier reset took back what came after.
            path.append(&mut commits);
            commits = path;
        }
        commits.truncate(LIMIT);
        commits
    }

    /// Walks from a commit over first parents to another one, which is left out; `None` if it is not reached.
    fn first_parents(&self, from: CommitId, to: CommitId) -> Option<Vec<CommitId>> {
        let mut path = Vec::new();
        let mut at = from;
        while at != to {
            if path.len() == LIMIT {
                return None;
            }
            path.push(at);
            at = *self.commit(at).ok()?.parents.first()?;
        }
        Some(path)
    }
}
