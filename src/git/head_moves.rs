//! What `HEAD` of a worktree did lately, as the end of its reflog tells.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::git::Repo;
use crate::provenance::CommitId;

/// How much of the end of the reflog is read: some hundred lines, whatever its length.
const TAIL: u64 = 16 << 10;

/// One line of the reflog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadMove {
    /// Where `HEAD` was.
    pub old: CommitId,
    /// Where it went.
    pub new: CommitId,
    /// What moved it.
    pub how: HowMoved,
}

/// What moved `HEAD`, by the message that Git writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMoved {
    /// A commit: a plain one, the first, or one that ends a merge or a pick.
    Commit,
    /// `commit --amend`.
    Amend,
    /// `cherry-pick`.
    Pick,
    /// `revert`.
    Revert,
    /// `merge`, also one that only goes forward.
    Merge,
    /// `am`.
    Apply,
    /// `reset`.
    Reset,
    /// `checkout` or `switch`.
    Switch,
    /// A rebase goes to the commit on which it builds.
    RebaseStart,
    /// A step of a rebase.
    RebaseStep,
    /// Anything else, as `filter-branch`, or no message at all.
    Other,
}

impl Repo {
    /// Lists what `HEAD` of this worktree did, the latest first, as far as the end of its reflog reaches.
    pub fn head_moves(&self) -> Vec<HeadMove> {
        let tail = tail(&self.git_dir().join("logs/HEAD")).unwrap_or_default();
        tail.lines().rev().map_while(HeadMove::parse).collect()
    }
}

impl HeadMove {
    /// Reads `OLD NEW NAME <MAIL> TIME ZONE<tab>MESSAGE`; `None` for the rest of a line.
    fn parse(line: &str) -> Option<Self> {
        // A reference can move without a message; then there is no tab.
        let (head, message) = line.split_once('\t').unwrap_or((line, ""));
        let mut words = head.split(' ');
        let (old, new) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Self { old, new, how: HowMoved::by(message) })
    }
}

impl HowMoved {
    fn by(message: &str) -> Self {
        let (action, _) = message.split_once(": ").unwrap_or((message, ""));
        let step = action.rsplit_once('(').and_then(|(_, step)| step.strip_suffix(')'));
        let command = action.split(' ').next().unwrap_or_default();
        match (command, step) {
            ("commit", Some("amend")) => Self::Amend,
            ("commit", Some("cherry-pick")) | ("cherry-pick", _) => Self::Pick,
            ("commit", _) => Self::Commit,
            // `pull --rebase` names itself, and the step behind it.
            ("rebase" | "pull", Some("start")) => Self::RebaseStart,
            ("rebase" | "pull", Some("finish" | "abort")) | ("checkout" | "clone", _) => {
                Self::Switch
            }
            ("rebase" | "pull", Some(_)) => Self::RebaseStep,
            ("merge" | "pull", None) => Self::Merge,
            ("revert", _) => Self::Revert,
            ("am", _) => Self::Apply,
            ("reset", _) => Self::Reset,
            _ => Self::Other,
        }
    }
}

/// Reads the end of a file.
fn tail(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let start = file.metadata().ok()?.len().saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start)).ok()?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_reflog_tells_what_moved_head() {
        let (old, new) = ("a".repeat(40), "b".repeat(40));
        let how = |message: &str| {
            let line = format!("{old} {new} Ada <a@b> 1 +0000{message}");
            HeadMove::parse(&line).map(|one| one.how)
        };
        for (message, expected) in [
            ("\treset: moving to HEAD~1", HowMoved::Reset),
            ("\tcommit: rebase (start): x", HowMoved::Commit),
            ("\tcommit (initial): x", HowMoved::Commit),
            ("\tcommit (amend): x", HowMoved::Amend),
            ("\tcherry-pick: x", HowMoved::Pick),
            ("\trebase (start): checkout main", HowMoved::RebaseStart),
            ("\tpull --rebase . main (pick): x", HowMoved::RebaseStep),
            ("\trebase (finish): returning to refs/heads/x", HowMoved::Switch),
            ("\tmerge topic: Fast-forward", HowMoved::Merge),
            ("\tfilter-branch: rewrite", HowMoved::Other),
            ("", HowMoved::Other),
        ] {
            assert_eq!(how(message), Some(expected), "{message}");
        }
        assert_eq!(HeadMove::parse("torn> 1 +0000\treset: moving to x"), None);
    }
}
