//! What Git is in the middle of: the state files of a git directory.

use std::fs;
use std::path::Path;

use crate::git::Repo;
use crate::provenance::CommitId;

/// The state that a git directory shows at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequence {
    /// `rebase-merge/` or `rebase-apply/rebasing` is there.
    pub rebasing: bool,
    /// `rebase-apply/` of `git am` is there.
    pub applying: bool,
    /// The commits of `MERGE_HEAD`.
    pub merge_heads: Vec<CommitId>,
    /// `CHERRY_PICK_HEAD`.
    pub cherry_pick_head: Option<CommitId>,
    /// `REVERT_HEAD`.
    pub revert_head: Option<CommitId>,
    /// The text of `SQUASH_MSG`, left by `merge --squash`.
    pub squash_message: Option<String>,
    /// `MERGE_MSG` is there.
    pub has_merge_message: bool,
    /// The branch that is rebased, as `main`; `HEAD` is detached meanwhile.
    pub rebased_branch: Option<String>,
    /// The commit that the patch names which `git am` applies now, as `format-patch` writes it into its first line.
    pub applied_now: Option<CommitId>,
    /// The commit that a rebase now squashes or fixes up: the last line of `rebase-merge/done`.
    pub squashed_now: Option<String>,
}

/// A message file longer than this is not one that Git made of commits.
const MESSAGE_LIMIT: u64 = 64 << 20;

impl Repo {
    /// Reads what Git is in the middle of, in this worktree.
    pub fn sequence(&self) -> Sequence {
        let dir = self.git_dir();
        let merge_heads = read(dir, "MERGE_HEAD").unwrap_or_default();
        Sequence {
            rebasing: dir.join("rebase-merge").is_dir()
                || dir.join("rebase-apply/rebasing").exists(),
            applying: dir.join("rebase-apply/applying").exists(),
            merge_heads: merge_heads.lines().filter_map(|line| line.parse().ok()).collect(),
            cherry_pick_head: read_id(dir, "CHERRY_PICK_HEAD"),
            revert_head: read_id(dir, "REVERT_HEAD"),
            squash_message: read(dir, "SQUASH_MSG"),
            has_merge_message: dir.join("MERGE_MSG").exists(),
            rebased_branch: rebased_branch(dir),
            applied_now: applied_now(dir),
            squashed_now: read(dir, "rebase-merge/done").and_then(|done| squashed_now(&done)),
        }
    }
}

fn rebased_branch(dir: &Path) -> Option<String> {
    let files = ["rebase-merge/head-name", "rebase-apply/head-name"];
    let name = files.into_iter().find_map(|file| read(dir, file))?;
    name.trim().strip_prefix("refs/heads/").map(str::to_owned)
}

/// Reads `From ID Mon Sep 17 00:00:00 2001`, the first line of the patch that is at turn.
fn applied_now(dir: &Path) -> Option<CommitId> {
    let folder = dir.join("rebase-apply");
    let number = read(&folder, "next")?.trim().parse::<u32>().ok()?;
    let patch = read(&folder, &format!("{number:04}"))?;
    patch.lines().next()?.strip_prefix("From ")?.split(' ').next()?.parse().ok()
}

/// Reads the last line of the list of done steps: `fixup [-C] ID subject` or `squash ID subject`.
fn squashed_now(done: &str) -> Option<String> {
    let mut words = done.lines().last()?.split_whitespace();
    if !matches!(words.next()?, "squash" | "s" | "fixup" | "f") {
        return None;
    }
    words.find(|word| !word.starts_with('-')).map(str::to_owned)
}

fn read(dir: &Path, name: &str) -> Option<String> {
    let path = dir.join(name);
    if fs::metadata(&path).ok()?.len() > MESSAGE_LIMIT {
        return None;
    }
    fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn read_id(dir: &Path, name: &str) -> Option<CommitId> {
    read(dir, name)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commit_squashed_now_is_in_the_last_line() {
        assert_eq!(squashed_now("pick abc one\nfixup -C def two\n").as_deref(), Some("def"));
        assert_eq!(squashed_now("squash abc one\n").as_deref(), Some("abc"));
        assert_eq!(squashed_now("squash abc one\npick def two\n"), None);
    }
}
