//! The notes of a whole history: ours, and those of other tools that are present.

use crate::git::{Error, HistoryReader, NoteIndex, ObjectReader};
use crate::provenance::{CommitId, ForeignNote};
use crate::store::foreign::{self, Reader};

/// Which commits have notes.
pub(super) struct Notes {
    pub(super) own: NoteIndex,
    foreign: Vec<(&'static str, &'static dyn Reader, NoteIndex)>,
}

impl Notes {
    /// Reads the trees of all references that are there, not yet the notes.
    pub(super) fn read(reader: &HistoryReader) -> Result<Self, Error> {
        let mut others = Vec::new();
        for (reference, foreign) in foreign::references() {
            let index = NoteIndex::of(reader, reference)?;
            if !index.is_empty() {
                others.push((reference, foreign, index));
            }
        }
        Ok(Self { own: NoteIndex::read(reader)?, foreign: others })
    }

    /// Reads what other tools noted about a commit; what cannot be read proves nothing.
    pub(super) fn foreign(&self, commit: CommitId, objects: &mut ObjectReader) -> Vec<ForeignNote> {
        let mut found = Vec::new();
        for (reference, reader, index) in &self.foreign {
            for blob in index.blobs(commit) {
                let note = objects.blob(blob).ok();
                found.extend(note.and_then(|note| foreign::read(reference, *reader, note)));
            }
        }
        found
    }
}
