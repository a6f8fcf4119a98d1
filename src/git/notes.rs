//! Reading and writing notes of single commits.
//!
//! Written with a fixed 2/2 fan-out and compare-and-swap. `git notes add` in 16 processes at once keeps 1 to 3 of
//! the notes, and libgit2's own call moves the reference by force; hence our own.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use std::collections::BTreeMap;
use std::time::Duration;

use crate::git::repo::{Repo, id, oid};
use crate::git::{Error, environment};
use crate::provenance::CommitId;

/// How often a reference that stays where it is is tried, each time after a longer pause: some two seconds together.
pub(super) const TRIES: u32 = 12;

/// The first pause between two tries.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_millis(320);

/// A note to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// The commit it is about.
    pub commit: CommitId,
    /// The whole content.
    pub content: Vec<u8>,
}

impl Repo {
    /// Reads the note of a commit under a reference; several, where it stands at several depths of the tree.
    pub fn notes_of(&self, reference: &str, commit: CommitId) -> Result<Vec<Vec<u8>>, Error> {
        let Some(tip) = self.reference(reference)? else { return Ok(Vec::new()) };
        let root = self
            .inner
            .find_commit(oid(tip))
            .and_then(|tip| tip.tree())
            .map_err(|s| read_failed(tip, s))?;
        let hex = commit.to_string();
        let mut found = Vec::new();
        let mut tree = root;
        let mut depth = 0;
        loop {
            let rest = &hex[depth * 2..];
            if let Some(entry) =
                tree.get_name(rest).filter(|entry| entry.kind() == Some(git2::ObjectType::Blob))
            {
                found.push(self.blob(id(entry.id()))?);
            }
            let Some(next) = subtree(&tree, &rest[..2]) else { return Ok(found) };
            tree = self.inner.find_tree(next).map_err(|source| read_failed(id(next), source))?;
            depth += 1;
            if depth * 2 + 2 >= hex.len() {
                return Ok(found);
            }
        }
    }

    /// Writes notes under a reference, replacing those of the same commits, in one commit of ours.
    ///
    /// Fails with [`Error::ReferenceBusy`] where the reference stays locked, and where it is, for about two seconds;
    /// nothing of anybody's is lost then. While others move it, it waits its turn.
    pub fn write_notes(
        &self,
        reference: &str,
        notes: &[NewNote],
        reason: &str,
    ) -> Result<(), Error> {
        let blobs = notes
            .iter()
            .map(|note| {
                Ok((note.commit.to_string(), self.inner.blob(&note.content).map_err(write_failed)?))
            })
            .collect::<Result<BTreeMap<_, _>, Error>>()?;
        let mut seen = self.reference(reference)?;
        let (mut idle, mut pause) = (0, FIRST_PAUSE);
        while idle < TRIES {
            if self.try_write_notes(reference, &blobs, reason)? {
                return Ok(());
            }
            let tip = self.reference(reference)?;
            if tip == seen {
                idle += 1;
            } else {
                // Others are getting on; it is only a matter of turns.
                (seen, idle, pause) = (tip, 0, FIRST_PAUSE);
            }
            pause = wait(pause);
        }
        Err(Error::ReferenceBusy { name: reference.to_owned() })
    }

    /// Says whether it worked; `false` where somebody else was faster or holds the lock.
    fn try_write_notes(
        &self,
        reference: &str,
        blobs: &BTreeMap<String, git2::Oid>,
        reason: &str,
    ) -> Result<bool, Error> {
        let tip = self.reference(reference)?;
        let parent = tip
            .map(|tip| self.inner.find_commit(oid(tip)).map_err(|source| read_failed(tip, source)))
            .transpose()?;
        let root = parent.as_ref().map(git2::Commit::tree).transpose().map_err(write_failed)?;
        let tree = self.notes_tree(root.as_ref(), blobs)?;
        let signature = self.signature()?;
        let parents = parent.iter().collect::<Vec<_>>();
        let tree = self.inner.find_tree(tree).map_err(write_failed)?;
        let commit = self
            .inner
            .commit(None, &signature, &signature, &format!("{reason}\n"), &tree, &parents)
            .map_err(write_failed)?;
        self.move_reference(reference, tip, commit, reason)
    }

    /// Moves a reference from where it was seen, or makes it; `false` where somebody else was faster or holds the lock.
    pub(super) fn move_reference(
        &self,
        reference: &str,
        seen: Option<CommitId>,
        target: git2::Oid,
        reason: &str,
    ) -> Result<bool, Error> {
        let moved = match seen {
            Some(seen) => self
                .inner
                .reference_matching(reference, target, true, oid(seen), reason)
                .map(|_| true),
            None => self.make_reference(reference, target, reason),
        };
        match moved {
            Ok(is_moved) => Ok(is_moved),
            Err(error) if is_race(&error) => Ok(false),
            Err(source) => {
                Err(Error::WriteReference { name: reference.to_owned(), source: source.into() })
            }
        }
    }

    /// Makes a reference; `false` where it is there by now.
    ///
    /// libgit2 itself looks whether it is there before it takes the lock, so that of two who make the first note at once
    /// one would lose it.
    fn make_reference(
        &self,
        reference: &str,
        target: git2::Oid,
        reason: &str,
    ) -> Result<bool, git2::Error> {
        let mut transaction = self.inner.transaction()?;
        transaction.lock_ref(reference)?;
        if self.inner.find_reference(reference).is_ok() {
            return Ok(false);
        }
        transaction.set_target(reference, target, None, reason)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Returns who writes: the committer as Git would name one, else this program.
    pub(super) fn signature(&self) -> Result<git2::Signature<'static>, Error> {
        let (name, mail) = environment::committer();
        let configured = |given: Option<String>, what: &str| match given {
            Some(given) => Ok(Some(given)),
            None => match self.setting(&format!("committer.{what}"))? {
                Some(value) => Ok(Some(value)),
                None => self.setting(&format!("user.{what}")),
            },
        };
        let name = configured(name, "name")?.unwrap_or_else(|| "git-model".to_owned());
        let mail = configured(mail, "email")?.unwrap_or_else(|| "git-model@localhost".to_owned());
        git2::Signature::now(&name, &mail)
            .or_else(|_| git2::Signature::now("git-model", "git-model@localhost"))
            .map_err(write_failed)
    }

    /// Makes the new tree: each note at `ab/cd/rest`, and at no other depth.
    pub(super) fn notes_tree(
        &self,
        root: Option<&git2::Tree<'_>>,
        blobs: &BTreeMap<String, git2::Oid>,
    ) -> Result<git2::Oid, Error> {
        let mut builder = self.inner.treebuilder(root).map_err(write_failed)?;
        for (first, group) in group_by_pair(blobs, 0) {
            for hex in group.keys() {
                remove(&mut builder, hex)?;
            }
            let old = root.and_then(|root| subtree(root, first));
            let tree = self.notes_subtree(old, &group)?;
            builder.insert(first, tree, 0o040_000).map_err(write_failed)?;
        }
        builder.write().map_err(write_failed)
    }

    fn notes_subtree(
        &self,
        old: Option<git2::Oid>,
        group: &BTreeMap<&str, git2::Oid>,
    ) -> Result<git2::Oid, Error> {
        let old = old.map(|tree| self.inner.find_tree(tree)).transpose().map_err(write_failed)?;
        let mut builder = self.inner.treebuilder(old.as_ref()).map_err(write_failed)?;
        let keys =
            group.iter().map(|(hex, blob)| ((*hex).to_owned(), *blob)).collect::<BTreeMap<_, _>>();
        for (second, leaves) in group_by_pair(&keys, 2) {
            let older = old.as_ref().and_then(|old| subtree(old, second));
            let older =
                older.map(|tree| self.inner.find_tree(tree)).transpose().map_err(write_failed)?;
            let mut leaf = self.inner.treebuilder(older.as_ref()).map_err(write_failed)?;
            for (hex, blob) in &leaves {
                remove(&mut builder, &hex[2..])?;
                if let Some(deeper) = older.as_ref().and_then(|tree| subtree(tree, &hex[4..6])) {
                    let deeper = self.inner.find_tree(deeper).map_err(write_failed)?;
                    let mut inner = self.inner.treebuilder(Some(&deeper)).map_err(write_failed)?;
                    remove(&mut inner, &hex[6..])?;
                    let rest = inner.write().map_err(write_failed)?;
                    leaf.insert(&hex[4..6], rest, 0o040_000).map_err(write_failed)?;
                }
                leaf.insert(&hex[4..], *blob, 0o100_644).map_err(write_failed)?;
            }
            let tree = leaf.write().map_err(write_failed)?;
            builder.insert(second, tree, 0o040_000).map_err(write_failed)?;
        }
        builder.write().map_err(write_failed)
    }
}

/// Waits before the next try and returns the pause after it.
///
/// Processes that collided must not collide again: each waits its own time.
pub(super) fn wait(pause: Duration) -> Duration {
    let own_share = u64::from(std::process::id() % 17) * 200;
    std::thread::sleep(pause + Duration::from_micros(own_share));
    (pause * 2).min(LONGEST_PAUSE)
}

/// Groups ids by the two digits that begin at `at`.
fn group_by_pair(
    blobs: &BTreeMap<String, git2::Oid>,
    at: usize,
) -> BTreeMap<&str, BTreeMap<&str, git2::Oid>> {
    let mut groups = BTreeMap::<&str, BTreeMap<&str, git2::Oid>>::new();
    for (hex, blob) in blobs {
        groups.entry(&hex[at..at + 2]).or_default().insert(hex, *blob);
    }
    groups
}

pub(super) fn subtree(tree: &git2::Tree<'_>, name: &str) -> Option<git2::Oid> {
    tree.get_name(name)
        .filter(|entry| entry.kind() == Some(git2::ObjectType::Tree))
        .map(|entry| entry.id())
}

fn remove(builder: &mut git2::TreeBuilder<'_>, name: &str) -> Result<(), Error> {
    if builder.get(name).map_err(write_failed)?.is_some() {
        builder.remove(name).map_err(write_failed)?;
    }
    Ok(())
}

fn is_race(error: &git2::Error) -> bool {
    matches!(
        error.code(),
        git2::ErrorCode::Modified | git2::ErrorCode::Locked | git2::ErrorCode::Exists
    )
}

pub(super) fn read_failed(id: CommitId, source: git2::Error) -> Error {
    Error::ReadObject { id, source: source.into() }
}

#[expect(clippy::needless_pass_by_value, reason = "passed to map_err by name")]
pub(super) fn write_failed(source: git2::Error) -> Error {
    Error::WriteObject {
        source: super::error::Source(source.message().trim_end_matches('.').to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;
    use crate::git::test_repo::TestRepo;

    const NOTES: &str = "refs/notes/model";

    #[test]
    fn of_those_who_make_the_first_note_at_once_none_loses_it() {
        let test = TestRepo::new("sha1");
        for round in 0..100_u8 {
            let barrier = Barrier::new(8);
            std::thread::scope(|scope| {
                for writer in 1..=8_u8 {
                    let (barrier, path) = (&barrier, test.path());
                    scope.spawn(move || {
                        let repo = Repo::open_for_hook(path).unwrap();
                        let commit = CommitId::from_bytes(&[writer; 20]).unwrap();
                        let note = NewNote { commit, content: vec![writer, round] };
                        barrier.wait();
                        repo.write_notes(NOTES, &[note], "test").unwrap();
                    });
                }
            });
            let repo = Repo::open_for_hook(test.path()).unwrap();
            for writer in 1..=8_u8 {
                let commit = CommitId::from_bytes(&[writer; 20]).unwrap();
                assert_eq!(repo.notes_of(NOTES, commit).unwrap(), [vec![writer, round]]);
            }
            test.git(&["update-ref", "-d", NOTES]);
        }
    }
}
