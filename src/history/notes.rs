//! The notes of a history, ours and those of other tools that are present: all at once, or of one commit after another.

use crate::git::{Error, HistoryReader, NoteFinder, NoteIndex, ObjectReader};
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

/// Finds the notes of some commits out of many.
pub(super) struct NotesOnDemand {
    own: NoteFinder,
    foreign: Vec<(&'static str, &'static dyn Reader, NoteFinder)>,
}

impl NotesOnDemand {
    /// Looks which references are there.
    pub(super) fn open(reader: &HistoryReader) -> Result<Self, Error> {
        let mut others = Vec::new();
        for (reference, foreign) in foreign::references() {
            let finder = NoteFinder::of(reader, reference)?;
            if !finder.is_empty() {
                others.push((reference, foreign, finder));
            }
        }
        Ok(Self { own: NoteFinder::own(reader)?, foreign: others })
    }

    /// Returns the blobs of our notes about a commit.
    pub(super) fn own(
        &mut self,
        commit: CommitId,
        objects: &mut ObjectReader,
    ) -> Result<Vec<CommitId>, Error> {
        self.own.blobs(commit, objects)
    }

    /// Reads what other tools noted about a commit; what cannot be read proves nothing.
    pub(super) fn foreign(
        &mut self,
        commit: CommitId,
        objects: &mut ObjectReader,
    ) -> Result<Vec<ForeignNote>, Error> {
        let mut found = Vec::new();
        for (reference, reader, finder) in &mut self.foreign {
            for blob in finder.blobs(commit, objects)? {
                let note = objects.blob(blob).ok();
                found.extend(note.and_then(|note| foreign::read(reference, *reader, note)));
            }
        }
        Ok(found)
    }
}
