//! Notes of some commits out of many: reads only the trees on the way to each.

use std::collections::HashMap;

use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;

use crate::git::notes_reader::{is_hex, tree_of_commit};
use crate::git::{Error, HistoryReader, ObjectReader};
use crate::provenance::CommitId;

/// Finds the notes of a commit, whatever the fan-out of the tree; what was read once is kept.
#[derive(Debug)]
pub struct NoteFinder {
    root: Option<CommitId>,
    hash: gix::hash::Kind,
    trees: HashMap<CommitId, NoteTree>,
}

/// One tree: what stands under each name.
#[derive(Debug, Default)]
struct NoteTree {
    notes: HashMap<String, CommitId>,
    folders: HashMap<String, CommitId>,
}

impl NoteFinder {
    /// Looks where the notes begin that the repository was opened with.
    pub fn own(reader: &HistoryReader) -> Result<Self, Error> {
        Self::of(reader, reader.notes_reference())
    }

    /// Looks where the notes of a reference begin; finds nothing where there is no such reference.
    pub fn of(reader: &HistoryReader, reference: &str) -> Result<Self, Error> {
        let tip = reader.notes_tip(reference);
        let root = tip.map(|tip| tree_of_commit(&mut reader.objects(), tip)).transpose()?;
        Ok(Self { root, hash: reader.hash, trees: HashMap::new() })
    }

    /// Says whether the reference is not there.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// Returns the blobs of a commit's notes: several where it has some at several depths.
    pub fn blobs(
        &mut self,
        commit: CommitId,
        objects: &mut ObjectReader,
    ) -> Result<Vec<CommitId>, Error> {
        let hex = commit.to_string();
        let mut found = Vec::new();
        let mut next = self.root;
        let mut rest = hex.as_str();
        while let Some(id) = next {
            let tree = self.tree(id, objects)?;
            found.extend(tree.notes.get(rest));
            // A name as long as all that is left would be no folder.
            let split = rest.split_at_checked(2).filter(|(_, after)| !after.is_empty());
            let Some((name, after)) = split else { break };
            next = tree.folders.get(name).copied();
            rest = after;
        }
        Ok(found)
    }

    fn tree(&mut self, id: CommitId, objects: &mut ObjectReader) -> Result<&NoteTree, Error> {
        if !self.trees.contains_key(&id) {
            let mut tree = NoteTree::default();
            let bytes = objects.object(id, gix::objs::Kind::Tree)?;
            for entry in TreeRefIter::from_bytes(bytes, self.hash) {
                let entry = entry.map_err(|_| Error::DamagedObject { id })?;
                let Ok(name) = std::str::from_utf8(entry.filename) else { continue };
                let Some(object) = CommitId::from_bytes(entry.oid.as_bytes()) else { continue };
                match entry.mode.kind() {
                    EntryKind::Tree if is_hex(name) => {
                        tree.folders.insert(name.to_owned(), object);
                    }
                    EntryKind::Blob | EntryKind::BlobExecutable => {
                        tree.notes.insert(name.to_owned(), object);
                    }
                    _ => {}
                }
            }
            self.trees.insert(id, tree);
        }
        Ok(&self.trees[&id])
    }
}
