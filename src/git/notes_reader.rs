//! All notes of a reference at once, for readers of whole histories.

use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;

use crate::git::{Error, HistoryReader, ObjectReader};
use crate::provenance::CommitId;

/// Which commits have notes, and in which blobs; sorted by commit.
///
/// A commit that has notes at several depths of the tree has several blobs.
#[derive(Debug, Default)]
pub struct NoteIndex {
    notes: Vec<(CommitId, CommitId)>,
}

impl NoteIndex {
    /// Reads the tree of the notes, whatever its fan-out; empty where there are none.
    pub fn read(reader: &HistoryReader) -> Result<Self, Error> {
        Self::of(reader, reader.notes_reference())
    }

    /// Reads the tree of the notes of any reference.
    pub fn of(reader: &HistoryReader, reference: &str) -> Result<Self, Error> {
        let Some(tip) = reader.notes_tip(reference) else { return Ok(Self::default()) };
        let mut objects = reader.objects();
        let root = tree_of_commit(&mut objects, tip)?;
        let mut notes = Vec::new();
        let mut pending = vec![(root, String::new())];
        while let Some((tree, prefix)) = pending.pop() {
            let bytes = objects.object(tree, gix::objs::Kind::Tree)?;
            for entry in TreeRefIter::from_bytes(bytes, reader.hash) {
                let entry = entry.map_err(|_| Error::DamagedObject { id: tree })?;
                let Ok(name) = std::str::from_utf8(entry.filename) else { continue };
                let Some(object) = CommitId::from_bytes(entry.oid.as_bytes()) else { continue };
                let path = format!("{prefix}{name}");
                match entry.mode.kind() {
                    EntryKind::Tree if name.len() < 40 && is_hex(name) => {
                        pending.push((object, path));
                    }
                    EntryKind::Blob | EntryKind::BlobExecutable => {
                        notes.extend(path.parse().ok().map(|commit: CommitId| (commit, object)));
                    }
                    _ => {}
                }
            }
        }
        notes.sort_unstable();
        Ok(Self { notes })
    }

    /// Returns the blobs of a commit's notes.
    pub fn blobs(&self, commit: CommitId) -> impl Iterator<Item = CommitId> + '_ {
        let start = self.notes.partition_point(|(about, _)| *about < commit);
        self.notes[start..]
            .iter()
            .take_while(move |(about, _)| *about == commit)
            .map(|(_, blob)| *blob)
    }

    /// Says how many notes there are.
    pub fn len(&self) -> usize {
        self.notes.len()
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }
}

/// Returns the tree of a commit.
pub(super) fn tree_of_commit(
    objects: &mut ObjectReader,
    commit: CommitId,
) -> Result<CommitId, Error> {
    let bytes = objects.object(commit, gix::objs::Kind::Commit)?;
    let line =
        bytes.strip_prefix(b"tree ").and_then(|rest| rest.split(|byte| *byte == b'\n').next());
    line.and_then(|hex| std::str::from_utf8(hex).ok()?.parse().ok())
        .ok_or(Error::DamagedObject { id: commit })
}

pub(super) fn is_hex(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
