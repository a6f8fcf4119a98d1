//! What is looked up of a commit beside its message, where a log asks for it: changes and releases.

use crate::git::{
    ChangeReader, ChangesOfGit, Detail, Error, HistoryReader, RawCommit, Releases, Selection,
};
use crate::history::{CommitFacts, CommitReading, GroupBy, Measures, Tally};

/// What all threads share.
pub(super) struct Measure<'a> {
    reader: &'a HistoryReader,
    detail: Option<Detail>,
    first_parent: bool,
    /// The changes as Git itself counts them, where only it can.
    of_git: Option<ChangesOfGit>,
    releases: Option<Releases>,
    measures: Measures,
}

/// What one thread looks commits up with.
pub(super) struct Measurer<'a> {
    measure: &'a Measure<'a>,
    changes: Option<ChangeReader<'a>>,
}

impl<'a> Measure<'a> {
    /// Prepares what is asked for; reads nothing where nothing is.
    pub(super) fn prepare(
        reader: &'a HistoryReader,
        selection: &Selection,
        measures: Measures,
    ) -> Result<Self, Error> {
        let detail = match measures {
            Measures { lines: true, .. } => Some(Detail::Lines),
            Measures { by: Some(GroupBy::Path), .. } => Some(Detail::Folders),
            _ => None,
        };
        let of_git = match detail {
            // Only Git knows what a path means, and which parents a grafted commit has.
            Some(_) if reader.is_rewired() || reader.has_paths(selection) => {
                Some(ChangesOfGit::read(reader, selection)?)
            }
            _ => None,
        };
        let releases = match measures.by {
            Some(GroupBy::Release) => Some(Releases::read(reader)?),
            _ => None,
        };
        let first_parent = selection.first_parent;
        Ok(Self { reader, detail, first_parent, of_git, releases, measures })
    }

    /// Returns what one thread needs.
    pub(super) fn measurer(&'a self) -> Measurer<'a> {
        let detail = self.detail.filter(|_| self.of_git.is_none());
        let changes =
            detail.map(|detail| ChangeReader::new(self.reader, detail, self.first_parent));
        Measurer { measure: self, changes }
    }
}

impl Measurer<'_> {
    /// Looks a commit up and counts it.
    pub(super) fn count(
        &mut self,
        commit: &RawCommit<'_>,
        reading: &CommitReading,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        let facts = CommitFacts::new(commit.id, reading, commit.committer.seconds);
        let Measures { by, full, .. } = self.measure.measures;
        let own = match &mut self.changes {
            Some(changes) => changes.read(commit)?,
            None => None,
        };
        let changes = match &self.measure.of_git {
            Some(changes) => changes.of(commit.id),
            None => own.as_deref(),
        };
        let releases = self.measure.releases.as_ref();
        let release = releases.and_then(|releases| releases.of(commit.id));
        let facts = CommitFacts { changes, release, ..facts };
        if by != Some(GroupBy::Author) && !full {
            tally.add(&facts);
            return Ok(());
        }
        let decoded = commit.decode();
        let text = decoded.text();
        tally.add(&CommitFacts { author: text.author, message: text.message, ..facts });
        Ok(())
    }
}
