//! Adding to the record of an existing commit by hand.

use crate::capture::moment::{Moment, Outcome};
use crate::capture::observed::Observed;
use crate::capture::{Error, record_of, reviews};
use crate::git::Commit;
use crate::provenance::{
    AttributedRange, CommitId, CommitRecord, Contribution, FileAttribution, LineCounts, Operation,
    Origin, Phase, Recorder, Review,
};
use crate::store::{Draft, note};

/// What a person says of a commit after the fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// Who had a part.
    pub origin: Origin,
    /// Path, first and last line; empty: all changed lines that nobody has yet.
    pub ranges: Vec<(String, u32, u32)>,
}

impl Moment<'_> {
    /// Adds to the record of a commit; returns the record as it is now.
    ///
    /// A damaged note, or one of a newer version, is refused rather than overwritten.
    pub fn record(
        &self,
        commit: CommitId,
        amendment: Amendment,
    ) -> Result<(Outcome, CommitRecord), Error> {
        let mut outcome = Outcome::default();
        for bytes in self.repo.notes_of(note::REFERENCE, commit)? {
            note::parse(commit, &bytes)?;
        }
        let old = record_of(self.repo, commit)?.unwrap_or_default();
        let made = self.repo.commit(commit)?;
        let declared = self.all_changed(&made.parents, made.tree, &amendment.origin)?;
        let mut record = merged(old, &declared, amendment);
        record.recorder = Recorder::Record;
        self.write_notes(&[(commit, record.clone())], &mut outcome)?;
        Ok((outcome, record))
    }

    /// Adds a verdict on exactly the change of a commit to its record, after the fact.
    pub fn add_verdict(&self, commit: CommitId, review: Review) -> Result<Outcome, Error> {
        self.amend_record(commit, |record| reviews::add_to(record, review))
    }

    /// Adds to the record of a commit that a review was due of it, and somebody left it out.
    pub fn add_skipped_review(&self, commit: CommitId) -> Result<Outcome, Error> {
        self.amend_record(commit, |record| record.skips_review = true)
    }

    /// Changes the record of a commit, or one that says nothing yet.
    fn amend_record(
        &self,
        commit: CommitId,
        amend: impl FnOnce(&mut CommitRecord),
    ) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        for bytes in self.repo.notes_of(note::REFERENCE, commit)? {
            note::parse(commit, &bytes)?;
        }
        let made = record_of(self.repo, commit)?;
        let mut record = match made {
            Some(record) => record,
            None => CommitRecord { recorder: Recorder::Record, ..CommitRecord::default() },
        };
        amend(&mut record);
        self.write_notes(&[(commit, record)], &mut outcome)?;
        Ok(outcome)
    }

    /// Writes the notes that wait in the journal, if there are any.
    pub fn write_waiting(&self) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        self.write_notes(&[], &mut outcome)?;
        Ok(outcome)
    }

    /// Returns the lines that a commit adds, file by file, as records count them; writes nothing.
    pub fn added_lines(&self, commit: &Commit) -> Result<Vec<FileAttribution>, Error> {
        Ok(self.all_changed(&commit.parents, commit.tree, &Origin::Human)?.files)
    }

    /// Attributes all changed lines of a commit to one origin.
    pub(super) fn all_changed(
        &self,
        parents: &[CommitId],
        tree: CommitId,
        origin: &Origin,
    ) -> Result<CommitRecord, Error> {
        let mut draft = Draft::new(parents.to_vec(), Operation::Commit, Vec::new());
        draft.declared = crate::capture::declared::declared_of(origin);
        self.attribute(&draft, tree, Vec::new(), &Observed::default())
    }
}

/// Gives lines that nobody has to the new origin, within the ranges it speaks for.
fn merged(old: CommitRecord, all: &CommitRecord, amendment: Amendment) -> CommitRecord {
    let Amendment { origin, ranges } = amendment;
    let total = all.contributions.iter().fold(LineCounts::default(), |mut sum, one| {
        sum.add(one.lines);
        sum
    });
    let wrote = !matches!(
        &origin,
        Origin::Model { phase: Some(Phase::Review | Phase::Architecture | Phase::Advice), .. }
    );
    let mut record = old;
    let place =
        record.contributions.iter().position(|one| one.origin == origin).unwrap_or_else(|| {
            let lines = LineCounts::default();
            record.contributions.push(Contribution {
                origin,
                requested: None,
                session: None,
                lines,
            });
            record.contributions.len() - 1
        });
    let is_spoken_for = |path: &str, line: u32| {
        ranges.iter().any(|(file, start, end)| file == path && (*start..=*end).contains(&line))
    };
    let mut given = LineCounts::default();
    for file in &all.files {
        let lines = file.ranges.iter().flat_map(|range| range.start..=range.end);
        for line in lines {
            let is_free = !owned(&record, &file.path, line);
            if is_free && (is_spoken_for(&file.path, line) || (ranges.is_empty() && wrote)) {
                give(&mut record, &file.path, line, place);
                given.added += 1;
            }
        }
    }
    let known = record.contributions.iter().map(|one| one.lines).fold(
        LineCounts::default(),
        |mut sum, lines| {
            sum.add(lines);
            sum
        },
    );
    if ranges.is_empty() && wrote {
        given.deleted = total.deleted.saturating_sub(known.deleted);
        given.trivial = total.trivial.saturating_sub(known.trivial);
    }
    record.contributions[place].lines.add(given);
    record.unknown = LineCounts {
        added: total.added.saturating_sub(known.added + given.added),
        deleted: total.deleted.saturating_sub(known.deleted + given.deleted),
        trivial: total.trivial.saturating_sub(known.trivial + given.trivial),
    };
    record.sort_contributions();
    record
}

fn owned(record: &CommitRecord, path: &str, line: u32) -> bool {
    let mut files = record.files.iter().filter(|file| file.path == path);
    files.any(|file| file.ranges.iter().any(|range| (range.start..=range.end).contains(&line)))
}

fn give(record: &mut CommitRecord, path: &str, line: u32, contribution: usize) {
    let place = record.files.iter().position(|file| file.path == path).unwrap_or_else(|| {
        record.files.push(FileAttribution { path: path.to_owned(), ranges: Vec::new() });
        record.files.len() - 1
    });
    let file = &mut record.files[place];
    match file
        .ranges
        .iter_mut()
        .find(|range| range.contribution == contribution && range.end + 1 == line)
    {
        Some(range) => range.end = line,
        None => file.ranges.push(AttributedRange { start: line, end: line, contribution }),
    }
    file.ranges.sort_by_key(|range| range.start);
}
