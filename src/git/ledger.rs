//! References as ledgers: each is a chain of commits that only grows, one commit for each change.
//!
//! A change is appended by compare-and-swap, as notes are, so that of two who change a ledger at once one is told.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use crate::git::notes::{FIRST_PAUSE, TRIES, read_failed, wait, write_failed};
use crate::git::repo::{Repo, id, oid};
use crate::git::{Commit, Error, environment};
use crate::provenance::CommitId;

/// Where a ledger stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerTip {
    /// The name below the folder of references that was asked for.
    pub name: String,
    /// Its last commit.
    pub tip: CommitId,
    /// What that commit says; `None` where it cannot be read.
    pub message: Option<String>,
}

/// What is appended.
#[derive(Debug, Clone, Copy)]
pub struct LedgerEntry<'a> {
    /// The files that change, with their contents; others stay.
    pub files: &'a [(&'a str, &'a [u8])],
    /// The message of the commit.
    pub message: &'a str,
    /// A commit of another copy of the ledger that is joined to this one.
    pub joins: Option<CommitId>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is the last commit now.
    Done(CommitId),
    /// Somebody else changed the ledger since it was read; nothing was written over.
    Moved,
}

impl Repo {
    /// Reads the last commit of each ledger below a folder such as `refs/model/plans/`, by name: one object each.
    pub fn ledger_tips(&self, folder: &str) -> Result<Vec<LedgerTip>, Error> {
        let mut tips = Vec::new();
        for (name, tip) in self.ledgers(folder)? {
            let commit = self.inner.find_commit(oid(tip)).ok();
            let message = commit.map(|commit| {
                let bytes = commit.message_raw_bytes();
                String::from_utf8_lossy(bytes).into_owned()
            });
            tips.push(LedgerTip { name, tip, message });
        }
        Ok(tips)
    }

    /// Lists the ledgers below a folder by name, each with its last commit; no object is read.
    pub fn ledgers(&self, folder: &str) -> Result<Vec<(String, CommitId)>, Error> {
        let failed = |source: git2::Error| Error::ReadReference {
            name: folder.into(),
            source: source.into(),
        };
        let mut found = Vec::new();
        for reference in self.inner.references_glob(&format!("{folder}*")).map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let name = reference.name().ok().and_then(|name| name.strip_prefix(folder));
            if let (Some(name), Some(target)) = (name, reference.target()) {
                found.push((name.to_owned(), id(target)));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Reads a file as it stands at a commit of a ledger; `None` where there is none.
    pub fn ledger_file(&self, commit: CommitId, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let read = || {
            let tree = self.inner.find_commit(oid(commit))?.tree()?;
            let entry = tree.get_name(name).map(|entry| entry.id());
            entry.map(|blob| Ok(self.inner.find_blob(blob)?.content().to_vec())).transpose()
        };
        read().map_err(|source| read_failed(commit, source))
    }

    /// Returns the commits of a ledger, oldest first; also where somebody has joined two of them.
    pub fn ledger_commits(&self, tip: CommitId) -> Result<Vec<Commit>, Error> {
        let list = || {
            let mut walk = self.inner.revwalk()?;
            walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE)?;
            walk.push(oid(tip))?;
            walk.collect::<Result<Vec<_>, git2::Error>>()
        };
        let ids = list().map_err(|source| read_failed(tip, source))?;
        ids.into_iter().map(|commit| self.commit(id(commit))).collect()
    }

    /// Appends to a ledger whose last commit is `seen`, or makes it.
    ///
    /// Fails with [`Error::ReferenceBusy`] where the reference stays locked for about two seconds.
    pub fn append_to_ledger(
        &self,
        reference: &str,
        seen: Option<CommitId>,
        entry: LedgerEntry<'_>,
    ) -> Result<Appended, Error> {
        let parent = seen
            .map(|tip| self.inner.find_commit(oid(tip)).map_err(|source| read_failed(tip, source)))
            .transpose()?;
        let root = parent.as_ref().map(git2::Commit::tree).transpose().map_err(write_failed)?;
        let mut builder = self.inner.treebuilder(root.as_ref()).map_err(write_failed)?;
        for (name, content) in entry.files {
            let blob = self.inner.blob(content).map_err(write_failed)?;
            builder.insert(name, blob, 0o100_644).map_err(write_failed)?;
        }
        let tree =
            builder.write().and_then(|tree| self.inner.find_tree(tree)).map_err(write_failed)?;
        let signature = self.signature()?;
        let joined = entry
            .joins
            .map(|tip| self.inner.find_commit(oid(tip)).map_err(|source| read_failed(tip, source)));
        let joined = joined.transpose()?;
        let parents = parent.iter().chain(&joined).collect::<Vec<_>>();
        let commit = self
            .inner
            .commit(None, &signature, &signature, entry.message, &tree, &parents)
            .map_err(write_failed)?;
        let reason = format!("git-model: {}", entry.message.lines().next().unwrap_or_default());
        let mut pause = FIRST_PAUSE;
        for _ in 0..TRIES {
            if self.move_reference(reference, seen, commit, &reason)? {
                return Ok(Appended::Done(id(commit)));
            }
            if self.reference(reference)? != seen {
                return Ok(Appended::Moved);
            }
            pause = wait(pause);
        }
        Err(Error::ReferenceBusy { name: reference.to_owned() })
    }

    /// Returns the name of the person who works here, as Git would write it into a commit; `None` where nobody said.
    pub fn committer_name(&self) -> Result<Option<String>, Error> {
        let said = match environment::committer().0 {
            Some(name) => Some(name),
            None => match self.setting("committer.name")? {
                Some(name) => Some(name),
                None => self.setting("user.name")?,
            },
        };
        Ok(said.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::test_repo::TestRepo;

    const FOLDER: &str = "refs/model/plans/";

    fn append(repo: &Repo, seen: Option<CommitId>, text: &str) -> Appended {
        let entry =
            LedgerEntry { files: &[("plan.md", text.as_bytes())], message: text, joins: None };
        repo.append_to_ledger(&format!("{FOLDER}one"), seen, entry).unwrap()
    }

    #[test]
    fn a_ledger_grows_and_who_is_late_is_told() {
        let test = TestRepo::new("sha1");
        let repo = Repo::open_for_hook(test.path()).unwrap();
        assert_eq!(repo.ledger_tips(FOLDER).unwrap(), []);
        let Appended::Done(first) = append(&repo, None, "first") else { panic!("it is new") };
        let Appended::Done(second) = append(&repo, Some(first), "second") else {
            panic!("no race")
        };
        assert_eq!(append(&repo, Some(first), "late"), Appended::Moved);
        assert_eq!(append(&repo, None, "as if new"), Appended::Moved);
        let tips = repo.ledger_tips(FOLDER).unwrap();
        let message = Some("second".to_owned());
        assert_eq!(tips, [LedgerTip { name: "one".into(), tip: second, message }]);
        let texts = repo.ledger_commits(second).unwrap().into_iter().map(|one| one.message);
        assert_eq!(texts.collect::<Vec<_>>(), ["first", "second"]);
        assert_eq!(repo.ledger_file(first, "plan.md").unwrap().unwrap(), b"first");
        assert_eq!(repo.ledger_file(first, "plan.json").unwrap(), None);
    }
}
