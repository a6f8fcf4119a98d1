//! Lines of commits that `git reset` took back keep their models when they are committed again.

use crate::attribute::LineDiff;
use crate::capture::Error;
use crate::capture::change::text;
use crate::capture::moment::Moment;
use crate::git::{FileChange, FileVersion};
use crate::provenance::{CommitId, Operation};
use crate::store::Draft;

/// What is read of files to compare them, in bytes.
const READ_LIMIT: usize = 32 << 20;

impl Moment<'_> {
    /// Adds to a plain commit's sources the commits that were taken back and come again in its tree.
    pub(super) fn add_taken_back(&self, draft: &mut Draft, tree: CommitId) -> Result<(), Error> {
        let is_plain = draft.operation == Operation::Commit && draft.sources.is_empty();
        let Some(parent) = draft.parents.first().filter(|_| is_plain) else { return Ok(()) };
        let base = self.repo.commit(*parent)?.tree;
        let mut budget = READ_LIMIT;
        let taken_back = self.repo.taken_back();
        let oldest = taken_back.last().map(|id| self.repo.commit(*id)).transpose()?;
        let is_first = oldest.is_some_and(|oldest| oldest.parents.first() == Some(parent));
        let mut is_whole = false;
        for commit in taken_back {
            // The whole tree of a commit has all that came before it, too, under whatever names.
            is_whole |= is_first && self.repo.commit(commit)?.tree == tree;
            if is_whole || self.comes_again(commit, base, tree, &mut budget)? {
                draft.sources.push(commit);
            }
        }
        Ok(())
    }

    /// Says whether a file is changed again as a commit had changed it.
    ///
    /// More than half of the lines must be there: after `reset --hard` somebody else may write the like.
    fn comes_again(
        &self,
        commit: CommitId,
        base: CommitId,
        tree: CommitId,
        budget: &mut usize,
    ) -> Result<bool, Error> {
        let commit = self.repo.commit(commit)?;
        // A merge comes again as what it brought to its first parent.
        let Some(parent) = commit.parents.first() else { return Ok(false) };
        let before = self.repo.commit(*parent)?.tree;
        for change in self.repo.changed_files(Some(before), Some(commit.tree))? {
            let now = self.repo.file_in_tree(tree, &change.path)?;
            if now == self.repo.file_in_tree(base, &change.path)? {
                continue;
            }
            if now == change.new || self.is_mostly_kept(&change, now, budget)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_mostly_kept(
        &self,
        change: &FileChange,
        now: Option<FileVersion>,
        budget: &mut usize,
    ) -> Result<bool, Error> {
        let mut read = |version| text(self.repo, version, budget);
        let (Some(old), Some(new), Some(now)) = (read(change.old)?, read(change.new)?, read(now)?)
        else {
            return Ok(false);
        };
        let added = LineDiff::between(&old, &new).added().collect::<std::collections::HashSet<_>>();
        let kept = LineDiff::between(&new, &now).kept();
        let again = kept.iter().flatten().filter(|line| added.contains(line)).count();
        Ok(again * 2 > added.len())
    }
}
