//! Out of which commits another one may have been made: patch ids, pull requests and branches.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use crate::git::Error;
use crate::git::notes::read_failed;
use crate::git::repo::{Repo, id, oid};
use crate::provenance::CommitId;

/// The tip of a branch or a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageHead {
    /// Its name, as `refs/pull/7/head`.
    pub name: String,
    /// The number of the pull request.
    pub number: Option<u64>,
    /// The commit.
    pub commit: CommitId,
}

impl Repo {
    /// Lists the commits that a head has and another commit has not, newest first; at most `limit` of them.
    pub fn commits_beyond(
        &self,
        hidden: Option<CommitId>,
        head: CommitId,
        limit: usize,
    ) -> Result<Vec<CommitId>, Error> {
        let list = || {
            let mut walk = self.inner.revwalk()?;
            walk.set_sorting(git2::Sort::TOPOLOGICAL)?;
            walk.push(oid(head))?;
            if let Some(hidden) = hidden {
                walk.hide(oid(hidden))?;
            }
            walk.take(limit).collect::<Result<Vec<_>, git2::Error>>()
        };
        let found = list().map_err(|source| read_failed(head, source))?;
        Ok(found.into_iter().map(id).collect())
    }

    /// Lists the commits that a user names: those of `A..B`, newest first, or the one of a revision.
    pub fn commits_named(&self, words: &str, limit: usize) -> Result<Vec<CommitId>, Error> {
        match words.split_once("..") {
            Some((from, to)) => {
                let side = |word: &str| self.resolve(if word.is_empty() { "HEAD" } else { word });
                self.commits_beyond(Some(side(from)?), side(to.trim_start_matches('.'))?, limit)
            }
            None => Ok(vec![self.resolve(words)?]),
        }
    }

    /// Says whether a commit is here.
    pub fn has_commit(&self, commit: CommitId) -> bool {
        self.inner.find_commit(oid(commit)).is_ok()
    }

    /// Lists the branches, those of remotes too, and the pull requests that were fetched under names of theirs.
    pub fn heads(&self) -> Result<Vec<LineageHead>, Error> {
        let failed = |source: git2::Error| Error::ReadReference {
            name: "refs/".to_owned(),
            source: source.into(),
        };
        let mut heads = Vec::new();
        for reference in self.inner.references().map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let (Ok(name), Some(commit)) = (reference.name(), reference.target()) else { continue };
            let number = pull_number(name);
            let is_branch =
                ["refs/heads/", "refs/remotes/"].iter().any(|one| name.starts_with(one));
            if number.is_some() || is_branch {
                heads.push(LineageHead { name: name.to_owned(), number, commit: id(commit) });
            }
        }
        Ok(heads)
    }

    /// Finds a head that a user names.
    pub fn head_named(&self, name: &str) -> Result<LineageHead, Error> {
        let commit = self.resolve(name)?;
        Ok(LineageHead { name: name.to_owned(), number: pull_number(name), commit })
    }

    /// Returns the branch that other people's work goes to, as the remote says (`origin/HEAD`).
    pub fn default_branch(&self) -> Result<Option<CommitId>, Error> {
        let Some(remote) = self.default_remote()? else { return Ok(None) };
        self.reference(&format!("refs/remotes/{remote}/HEAD"))
    }
}

/// Reads the number of a pull request out of the name that hosts, or those who fetch from them, give to its head.
fn pull_number(name: &str) -> Option<u64> {
    let parts = name.split('/').collect::<Vec<_>>();
    let is_kind = |word: &str| matches!(word, "pull" | "pulls" | "pr" | "merge-requests" | "mr");
    match parts[..] {
        [.., kind, number, "head"] | [.., kind, number] if is_kind(kind) => number.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_pull_request_stands_in_its_name() {
        for (name, number) in [
            ("refs/pull/7/head", Some(7)),
            ("refs/merge-requests/12/head", Some(12)),
            ("refs/remotes/origin/pr/3", Some(3)),
            ("refs/pull/7/merge", None),
            ("refs/heads/pull/head", None),
            ("refs/heads/7", None),
        ] {
            assert_eq!(pull_number(name), number, "{name}");
        }
    }
}
