//! Commits that `git reset` took back: their lines may come again in the next commit.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::git::Repo;
use crate::provenance::CommitId;

/// How much of the end of the reflog is read: some hundred lines, whatever its length.
const TAIL: u64 = 16 << 10;

/// The most commits that one reset is followed over.
const LIMIT: usize = 32;

/// What `HEAD` did, as a line of its reflog tells.
#[derive(Debug, PartialEq, Eq)]
struct Move {
    old: CommitId,
    new: CommitId,
    is_reset: bool,
    is_commit: bool,
}

impl Repo {
    /// Lists the commits that the last `git reset` took off `HEAD` of this worktree, the newest first.
    ///
    /// Commits made since are passed over, so that a commit can be made again in parts. Anything else that moved
    /// `HEAD` since ends the search, and so does a reset to a commit that is no first parent of the old one.
    pub fn taken_back(&self) -> Vec<CommitId> {
        let moves = tail(&self.git_dir().join("logs/HEAD")).unwrap_or_default();
        let is_neutral = |one: &&Move| one.old == one.new || one.is_commit;
        let moves = moves.lines().rev().map_while(parse).collect::<Vec<_>>();
        let resets = moves.iter().skip_while(is_neutral).take_while(|one| one.is_reset);
        let mut commits = Vec::new();
        for reset in resets {
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

/// Reads whole lines from the end of a file.
fn tail(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let start = file.metadata().ok()?.len().saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads `OLD NEW NAME <MAIL> TIME ZONE<tab>MESSAGE`; `None` for the rest of a line.
fn parse(line: &str) -> Option<Move> {
    let (head, message) = line.split_once('\t')?;
    let mut words = head.split(' ');
    Some(Move {
        old: words.next()?.parse().ok()?,
        new: words.next()?.parse().ok()?,
        is_reset: message.starts_with("reset: moving to "),
        is_commit: message.starts_with("commit"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_reflog_tells_what_moved_head() {
        let (old, new) = ("a".repeat(40), "b".repeat(40));
        let line = format!("{old} {new} Ada <a@b> 1 +0000\treset: moving to HEAD~1");
        let found = parse(&line).unwrap();
        assert_eq!((found.is_reset, found.is_commit), (true, false));
        assert!(parse(&line.replace("reset", "commit (amend)")).unwrap().is_commit);
        assert_eq!(parse("torn> 1 +0000\treset: moving to x"), None);
    }
}
