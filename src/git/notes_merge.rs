//! Two histories of notes: which commits have other notes in one than in the other, and both made into one.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::git::Error;
use crate::git::notes::{read_failed, subtree, write_failed};
use crate::git::notes_reader::is_hex;
use crate::git::repo::{Repo, id, oid};
use crate::provenance::CommitId;

/// The most entries that are read of two trees of notes: who has more did not record commits.
const MOST_ENTRIES: usize = 4_000_000;

/// How two trees of notes differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotesDifference {
    /// The commits that may have other notes in one than in the other.
    pub commits: BTreeSet<CommitId>,
    /// Entries of the second tree that are no notes of commits.
    pub strange: usize,
}

/// The note that a commit is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergedNote {
    /// A file that is there already.
    Kept(CommitId),
    /// A new one.
    New(Vec<u8>),
}

impl Repo {
    /// Compares two histories of notes as they stand; equal parts are not opened. `None` is one without notes.
    pub fn notes_difference(
        &self,
        ours: Option<CommitId>,
        theirs: CommitId,
    ) -> Result<NotesDifference, Error> {
        let ours = ours.map(|tip| self.notes_root(tip)).transpose()?;
        let theirs = self.notes_root(theirs)?;
        let mut found = NotesDifference::default();
        let mut open = vec![(String::new(), ours, Some(theirs))];
        let (mut entries, mut opened) = (0, HashSet::new());
        while let Some((prefix, ours, theirs)) = open.pop() {
            if ours == theirs {
                continue;
            }
            let mut folders = BTreeMap::<String, [Option<git2::Oid>; 2]>::new();
            for (side, tree) in [ours, theirs].into_iter().enumerate() {
                let Some(tree) = tree else { continue };
                // Notes of different commits never make the same folder: whoever repeats one wants to cost us time.
                if side == 1 && !opened.insert(tree) {
                    return Err(Error::RepeatedFolder { id: id(tree) });
                }
                let tree = self.inner.find_tree(tree).map_err(|s| read_failed(id(tree), s))?;
                for entry in &tree {
                    entries += 1;
                    if entries > MOST_ENTRIES {
                        return Err(Error::TooManyNotes { limit: MOST_ENTRIES });
                    }
                    let name = std::str::from_utf8(entry.name_bytes()).unwrap_or_default();
                    let path = format!("{prefix}{name}");
                    match entry.kind() {
                        Some(git2::ObjectType::Tree)
                            if name.len() == 2 && is_hex(name) && path.len() < 40 =>
                        {
                            folders.entry(path).or_default()[side] = Some(entry.id());
                        }
                        Some(git2::ObjectType::Blob) if is_note(&path) => {
                            found.commits.extend(path.parse::<CommitId>().ok());
                        }
                        _ if side == 1 => found.strange += 1,
                        _ => {}
                    }
                }
            }
            open.extend(folders.into_iter().map(|(path, [ours, theirs])| (path, ours, theirs)));
        }
        Ok(found)
    }

    /// Returns the files that hold a commit's notes in a history: several, where it has some at several depths.
    pub fn note_blobs(&self, tip: CommitId, commit: CommitId) -> Result<Vec<CommitId>, Error> {
        let mut tree = self.notes_root(tip)?;
        let hex = commit.to_string();
        let mut found = Vec::new();
        let mut depth = 0;
        loop {
            let rest = &hex[depth..];
            let here =
                self.inner.find_tree(tree).map_err(|source| read_failed(id(tree), source))?;
            let blob = here.get_name(rest).filter(|e| e.kind() == Some(git2::ObjectType::Blob));
            found.extend(blob.map(|entry| id(entry.id())));
            depth += 2;
            match subtree(&here, &rest[..2]) {
                Some(next) if depth < hex.len() => tree = next,
                _ => return Ok(found),
            }
        }
    }

    /// Says whether two histories of notes hold the same now.
    pub fn has_same_notes(&self, one: CommitId, other: CommitId) -> Result<bool, Error> {
        Ok(self.notes_root(one)? == self.notes_root(other)?)
    }

    /// Finds the commit from which two histories went apart; `None` where they have nothing in common.
    pub fn merge_base(&self, one: CommitId, other: CommitId) -> Option<CommitId> {
        self.inner.merge_base(oid(one), oid(other)).ok().map(id)
    }

    /// Says whether a commit is another one, or comes before it.
    pub fn is_before(&self, commit: CommitId, tip: CommitId) -> bool {
        commit == tip || self.inner.graph_descendant_of(oid(tip), oid(commit)).unwrap_or(false)
    }

    /// Makes one history of two: the notes of ours, with those that are given in place of the same commits'.
    ///
    /// Where that is just what theirs holds and nothing of ours is missing there, theirs goes on. The reference moves
    /// only from where it was seen; `None` where somebody else was faster.
    pub fn merge_notes(
        &self,
        reference: &str,
        seen: Option<CommitId>,
        theirs: CommitId,
        notes: &BTreeMap<CommitId, MergedNote>,
    ) -> Result<Option<CommitId>, Error> {
        const REASON: &str = "git-model: sync";
        let mut blobs = BTreeMap::new();
        for (commit, note) in notes {
            let blob = match note {
                MergedNote::Kept(blob) => oid(*blob),
                MergedNote::New(content) => self.inner.blob(content).map_err(write_failed)?,
            };
            blobs.insert(commit.to_string(), blob);
        }
        let find = |tip: CommitId| {
            self.inner.find_commit(oid(tip)).map_err(|source| read_failed(tip, source))
        };
        let (ours, other) = (seen.map(find).transpose()?, find(theirs)?);
        let root = ours.as_ref().map(git2::Commit::tree).transpose().map_err(write_failed)?;
        let tree = self.notes_tree(root.as_ref(), &blobs)?;
        let goes_on = tree == other.tree_id()
            && seen.is_none_or(|seen| {
                self.is_before(seen, theirs) || root.as_ref().is_some_and(|root| root.id() == tree)
            });
        let is_unchanged = !goes_on && seen.is_some_and(|seen| self.is_before(theirs, seen));
        let is_unchanged = is_unchanged && root.as_ref().is_some_and(|root| root.id() == tree);
        if let (true, Some(seen)) = (is_unchanged, seen) {
            return Ok(Some(seen));
        }
        let target = if goes_on {
            other.id()
        } else {
            let signature = self.signature()?;
            let tree = self.inner.find_tree(tree).map_err(write_failed)?;
            let parents = ours.iter().chain([&other]).collect::<Vec<_>>();
            self.inner
                .commit(None, &signature, &signature, &format!("{REASON}\n"), &tree, &parents)
                .map_err(write_failed)?
        };
        let moved = self.move_reference(reference, seen, target, REASON)?;
        Ok(moved.then(|| id(target)))
    }

    /// Moves a reference from where it was seen to another commit; `false` where somebody else was faster.
    pub fn advance(
        &self,
        reference: &str,
        seen: Option<CommitId>,
        target: CommitId,
    ) -> Result<bool, Error> {
        self.move_reference(reference, seen, oid(target), "git-model: sync")
    }

    /// Removes a reference that only says what another repository has.
    pub fn forget_reference(&self, name: &str) -> Result<(), Error> {
        match self.inner.find_reference(name).and_then(|mut found| found.delete()) {
            Err(error) if error.code() != git2::ErrorCode::NotFound => {
                Err(Error::WriteReference { name: name.to_owned(), source: error.into() })
            }
            _ => Ok(()),
        }
    }

    /// Returns the tree of a commit.
    pub fn tree_of(&self, commit: CommitId) -> Result<CommitId, Error> {
        self.notes_root(commit).map(id)
    }

    fn notes_root(&self, tip: CommitId) -> Result<git2::Oid, Error> {
        let commit = self.inner.find_commit(oid(tip)).map_err(|source| read_failed(tip, source))?;
        Ok(commit.tree_id())
    }
}

fn is_note(path: &str) -> bool {
    path.len() == 40 && is_hex(path) && !path.bytes().any(|byte| byte.is_ascii_uppercase())
}
