//! Which change a review is about: what is staged, what lies in the work tree, a commit, or a range of commits.

use crate::capture::Coming;
use crate::cli::error::CommandError;
use crate::git::{Repo, calling_git};
use crate::provenance::CommitId;

/// The tree without entries, which Git knows without having it (SHA-1; other repositories are not recorded).
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// A change, by its two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The tree before it; `None` before the first commit.
    pub base: Option<CommitId>,
    /// The tree after it.
    pub tree: CommitId,
    /// What it is.
    pub kind: Kind,
    /// The message of the commit, where there is one.
    pub message: Option<String>,
}

/// What a change is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is to be committed.
    Staged(Coming),
    /// All that is not committed, staged or not, new files too.
    Working,
    /// A commit.
    Commit(CommitId),
    /// What a range of commits comes to.
    Range {
        /// As it was named.
        text: String,
        /// The commit before the first of them.
        from: Option<CommitId>,
        /// The last of them.
        to: CommitId,
    },
}

impl Target {
    /// Returns what is staged, as the running `git commit` will commit it.
    pub(super) fn staged(repo: &Repo) -> Result<Self, CommandError> {
        let amends = calling_git().is_some_and(|git| git.name == "commit" && git.amend);
        let head = repo.head()?.commit.map(|id| repo.commit(id)).transpose()?;
        let (base, coming) = match head {
            None => (None, Coming::Next),
            Some(head) if amends => {
                let parent = head.parents.first().map(|id| repo.commit(*id)).transpose()?;
                (parent.map(|commit| commit.tree), Coming::Amend)
            }
            Some(head) => (Some(head.tree), Coming::Next),
        };
        let tree = repo.staged_tree(base)?;
        Ok(Self { base, tree, kind: Kind::Staged(coming), message: None })
    }

    /// Says whether an amend changes the message of the last commit and nothing else.
    pub(super) fn is_reworded(&self, repo: &Repo) -> Result<bool, CommandError> {
        if !matches!(self.kind, Kind::Staged(Coming::Amend)) {
            return Ok(false);
        }
        let head = repo.head()?.commit.map(|id| repo.commit(id)).transpose()?;
        Ok(head.is_some_and(|head| head.tree == self.tree))
    }

    /// Returns all that is not committed.
    pub(super) fn working(repo: &Repo) -> Result<Self, CommandError> {
        let head = repo.head()?.commit.map(|id| repo.commit(id)).transpose()?;
        let base = head.map(|commit| commit.tree);
        let tree = repo.working_tree_of(base)?;
        Ok(Self { base, tree, kind: Kind::Working, message: None })
    }

    /// Returns what a person named: a commit, or a range as `main..topic`, which is read from where they parted.
    pub(super) fn named(repo: &Repo, text: &str) -> Result<Self, CommandError> {
        let ends = text.split_once("...").or_else(|| text.split_once(".."));
        let Some((from, to)) = ends else { return Self::of_commit(repo, text) };
        let end = |text: &str| repo.resolve(if text.is_empty() { "HEAD" } else { text });
        let (from, to) = (end(from)?, end(to)?);
        let from = repo.merge_base(from, to)?;
        Self::between(repo, from, to, text)
    }

    /// Returns what a range of commits comes to.
    pub(super) fn between(
        repo: &Repo,
        from: Option<CommitId>,
        to: CommitId,
        text: &str,
    ) -> Result<Self, CommandError> {
        let base = from.map(|id| repo.commit(id)).transpose()?;
        Ok(Self {
            base: base.map(|commit| commit.tree),
            tree: repo.commit(to)?.tree,
            kind: Kind::Range { text: text.to_owned(), from, to },
            message: None,
        })
    }

    fn of_commit(repo: &Repo, text: &str) -> Result<Self, CommandError> {
        let commit = repo.commit(repo.resolve(text)?)?;
        if commit.parents.len() > 1 {
            let id = commit.id.short();
            return Err(CommandError::refusal(format!("{id} is a merge, which is no one change"))
                .with_hint(format!("review what it brought: git model review {id}^..{id}")));
        }
        let parent = commit.parents.first().map(|id| repo.commit(*id)).transpose()?;
        Ok(Self {
            base: parent.map(|parent| parent.tree),
            tree: commit.tree,
            kind: Kind::Commit(commit.id),
            message: Some(commit.message),
        })
    }

    /// Says whether nothing changed.
    pub(super) fn is_empty(&self) -> bool {
        match self.base {
            Some(base) => base == self.tree,
            None => self.tree.to_string() == EMPTY_TREE,
        }
    }

    /// Names it in a sentence.
    pub(super) fn words(&self) -> String {
        match &self.kind {
            Kind::Staged(_) => "the staged change".to_owned(),
            Kind::Working => "what is not committed".to_owned(),
            Kind::Commit(id) => format!("commit {}", id.short()),
            Kind::Range { text, .. } => format!("the range {text}"),
        }
    }
}
