//! Lines that a commit has from another one, and where it cannot be told from which line they came.

use crate::attribute::line_diff::LineDiff;
use crate::provenance::{CommitRecord, Contribution};

/// The lines of one file in a commit, and where they stood in a source.
#[derive(Debug)]
pub(super) struct Carried {
    path: String,
    forwards: Vec<Option<u32>>,
    /// The same compared from the end; `None` where the two contents are one.
    backwards: Option<Vec<Option<u32>>>,
}

/// What a source says of a line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Claim<'r> {
    /// The line is not from there.
    NotThere,
    /// It is, and nobody is known to have written it.
    Nobodys,
    /// This part of the source's record has it.
    Of(&'r Contribution),
    /// It may be one of two lines of different writers.
    Either,
}

impl Carried {
    /// Compares a file in a source with the same in the commit.
    pub(super) fn between(path: &str, source: &[u8], new: &[u8]) -> Self {
        let forwards = LineDiff::between(source, new).kept();
        let backwards = (source != new).then(|| LineDiff::kept_from_the_end(source, new));
        Self { path: path.to_owned(), forwards, backwards }
    }

    /// Says what the source's record says of a line of the commit, by its number from 0.
    ///
    /// Of two lines of one text each comparison may find another one; that matters where their writers differ.
    pub(super) fn claim<'r>(&self, record: &'r CommitRecord, line: u32) -> Claim<'r> {
        let place = |kept: &[Option<u32>]| kept.get(line as usize).copied().flatten();
        let Some(old) = place(&self.forwards) else { return Claim::NotThere };
        let found = origin_in(record, &self.path, old + 1);
        let other = self.backwards.as_deref().and_then(place).filter(|other| *other != old);
        if let Some(other) = other
            && origin_in(record, &self.path, other + 1).map(|one| &one.origin)
                != found.map(|one| &one.origin)
        {
            return Claim::Either;
        }
        found.map_or(Claim::Nobodys, Claim::Of)
    }
}

/// Finds whose a line is by the record of the commit that has it; the line counts from 1.
fn origin_in<'r>(record: &'r CommitRecord, path: &str, line: u32) -> Option<&'r Contribution> {
    let file = record.files.iter().find(|file| file.path == path)?;
    let range = file.ranges.iter().find(|range| (range.start..=range.end).contains(&line))?;
    record.contributions.get(range.contribution)
}
