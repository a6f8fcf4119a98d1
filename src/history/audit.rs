//! Reads the chosen commits of a history and tallies or lists who made them.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::git::{
    Error, HistoryReader, ObjectReader, Pace, RawCommit, Selection, Visitor, walk_all,
    walk_in_order, walk_listed,
};
use crate::history::measure::{Measure, Measurer};
use crate::history::notes::Notes;
use crate::history::{CommitReading, Filter, Full, GroupBy, Outcomes, Summary, Tally};
use crate::provenance::{CommitId, CommitRecord, CommitText, Identity, Mark};
use crate::store::{self, note};

/// The readers of what commits say.
#[derive(Debug, Clone, Copy)]
pub struct Sources {
    /// Finds the marks in a commit.
    pub marks: fn(&CommitText<'_>) -> Vec<Mark>,
    /// Says whether an author is a program that is no AI.
    pub is_bot: fn(Identity<'_>) -> bool,
}

/// Why a note says nothing to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteProblem {
    /// A newer version of git-model wrote it.
    Newer,
    /// It is not what anybody should have written.
    Damaged,
}

/// What is counted beside models and phases; nothing by default, since some of it is slow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measures {
    /// Groups of commits.
    pub by: Option<GroupBy>,
    /// Changed lines.
    pub lines: bool,
    /// Plans and their outcome, bots, and what came first.
    pub full: bool,
    /// Tokens and what they cost.
    pub cost: bool,
}

/// A history to be read, with the choice of its commits.
pub struct Audit<'a> {
    /// The repository.
    pub reader: &'a HistoryReader,
    /// The readers of what commits and notes say.
    pub sources: Sources,
    /// Which commits are read.
    pub selection: Selection,
    /// Which of them count.
    pub filter: Filter,
    /// What is counted beside models and phases.
    pub measures: Measures,
    /// How many were read so far, for somebody who waits.
    pub progress: Arc<AtomicU64>,
}

/// A commit of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCommit {
    /// Its id.
    pub id: CommitId,
    /// The author's time in seconds since 1970.
    pub author_seconds: i64,
    /// The author's offset from UTC in minutes.
    pub offset_minutes: i32,
    /// Who made it.
    pub reading: CommitReading,
    /// The first line of the message.
    pub subject: String,
    /// What was wrong with its notes.
    pub problems: Vec<NoteProblem>,
}

impl Audit<'_> {
    /// Counts the chosen commits.
    pub fn tally(&self) -> Result<Summary, Error> {
        // `-n` counts what is wanted, and the first so many of these must be found in order.
        if let (false, Some(count)) = (self.filter.is_everything(), self.selection.max_count) {
            return self.tally_first(count);
        }
        let notes = Notes::read(self.reader)?;
        let measure = Measure::prepare(self.reader, &self.selection, self.measures)?;
        let make = || Counter {
            audit: self,
            notes: &notes,
            tally: Tally::of(self.measures),
            measurer: measure.measurer(),
        };
        let counters = if let Some(tips) = self.reader.tips(&self.selection) {
            walk_all(self.reader, &tips, &self.progress, make)?
        } else {
            let ids = self.reader.list(&self.selection, Pace::Bulk)?;
            walk_listed(self.reader, ids, &self.progress, make)?
        };
        let mut tally = Tally::of(self.measures);
        for counter in counters {
            tally.merge(counter.tally);
        }
        self.finish(tally, &notes)
    }

    fn finish(&self, mut tally: Tally, notes: &Notes) -> Result<Summary, Error> {
        let outcomes = tally.take_outcomes();
        let mut summary = tally.finish();
        if let Some(outcomes) = outcomes {
            summary.full = Some(self.judge(outcomes, summary.first_mark_day, notes)?);
        }
        if let Some(cost) = &mut summary.cost {
            cost.add_open(self.reader);
        }
        if let Some(groups) = &mut summary.groups {
            let authors = groups.authors();
            groups.rename_authors(&self.reader.mailmap(authors)?);
        }
        Ok(summary)
    }

    /// Reads the reverted commits again, of which there are few, and ends the count of outcomes.
    fn judge(
        &self,
        outcomes: Outcomes,
        first_mark: Option<i64>,
        notes: &Notes,
    ) -> Result<Full, Error> {
        let (mut commits, mut objects) = (self.reader.objects(), self.reader.objects());
        let mut reverted = Vec::new();
        for (id, reverted_at) in outcomes.reverted() {
            let commit = commits.commit(id)?;
            let (reading, _) = self.read(&commit, notes, &mut objects);
            if self.filter.matches(&reading) {
                reverted.push((reading, commit.committer.seconds, reverted_at));
            }
        }
        let agent_file = self.reader.first_agent_file(&self.selection)?;
        Ok(outcomes.finish(&reverted, first_mark, agent_file))
    }

    fn tally_first(&self, count: u64) -> Result<Summary, Error> {
        let measure = Measure::prepare(self.reader, &self.selection, self.measures)?;
        let mut measurer = measure.measurer();
        let mut objects = self.reader.objects();
        let mut tally = Tally::of(self.measures);
        let mut failed = None;
        self.walk_wanted(
            |commit, reading, problems| (commit.id, reading, problems),
            |(id, reading, problems)| {
                count_problems(&mut tally, &problems);
                let counted = objects
                    .commit(id)
                    .and_then(|commit| measurer.count(&commit, &reading, &mut tally));
                failed = counted.err();
                if failed.is_none() && tally.commits() < count {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            },
        )?;
        match failed {
            Some(error) => Err(error),
            None => self.finish(tally, &Notes::read(self.reader)?),
        }
    }

    /// Hands the chosen commits over in Git's order, in blocks; `take` ends the walk with `ControlFlow::Break`.
    pub fn list(
        &self,
        mut take: impl FnMut(Vec<ListedCommit>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut left = self.selection.max_count.unwrap_or(u64::MAX);
        self.walk_blocks(
            |commit, reading, problems| ListedCommit {
                id: commit.id,
                author_seconds: commit.author.seconds,
                offset_minutes: commit.author.offset_minutes,
                reading,
                subject: commit.decode().subject().to_owned(),
                problems,
            },
            |mut block| {
                block.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                left -= block.len() as u64;
                if left == 0 {
                    // The caller's answer does not matter: there is nothing more to hand over.
                    let _ = take(block);
                    return ControlFlow::Break(());
                }
                take(block)
            },
        )
    }

    fn walk_wanted<T: Send>(
        &self,
        make: impl Fn(&RawCommit<'_>, CommitReading, Vec<NoteProblem>) -> T + Sync,
        mut take: impl FnMut(T) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.walk_blocks(make, |block| block.into_iter().try_for_each(&mut take))
    }

    fn walk_blocks<T: Send>(
        &self,
        make: impl Fn(&RawCommit<'_>, CommitReading, Vec<NoteProblem>) -> T + Sync,
        mut take: impl FnMut(Vec<T>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let notes = Notes::read(self.reader)?;
        let mut selection = self.selection.clone();
        if !self.filter.is_everything() {
            selection.max_count = None;
        }
        let ids = self.reader.list(&selection, Pace::Live)?;
        let read = |commit: &RawCommit<'_>, objects: &mut ObjectReader| {
            let (reading, problems) = self.read(commit, &notes, objects);
            self.filter.matches(&reading).then(|| make(commit, reading, problems))
        };
        walk_in_order(self.reader, ids, &self.progress, read, |block| {
            take(block.into_iter().flatten().collect())
        })
    }

    fn read(
        &self,
        commit: &RawCommit<'_>,
        notes: &Notes,
        objects: &mut ObjectReader,
    ) -> (CommitReading, Vec<NoteProblem>) {
        let decoded = commit.decode();
        let text = decoded.text();
        let marks = (self.sources.marks)(&text);
        let mut problems = Vec::new();
        let mut record: Option<CommitRecord> = None;
        for blob in notes.own.blobs(commit.id) {
            let note = match objects.blob(blob) {
                Ok(bytes) => note::parse(commit.id, bytes).map_err(|error| match error {
                    store::Error::NewerNote { .. } => NoteProblem::Newer,
                    _ => NoteProblem::Damaged,
                }),
                Err(_) => Err(NoteProblem::Damaged),
            };
            match (note, &mut record) {
                (Ok(note), None) => record = Some(note),
                (Ok(note), Some(record)) => record.contributions.extend(note.contributions),
                (Err(problem), _) => problems.push(problem),
            }
        }
        let bot = (self.sources.is_bot)(text.author);
        let foreign = notes.foreign(commit.id, objects);
        (CommitReading::combine(record.as_ref(), &foreign, &marks, bot), problems)
    }
}

/// Counts the commits of one thread.
struct Counter<'a> {
    audit: &'a Audit<'a>,
    notes: &'a Notes,
    tally: Tally,
    measurer: Measurer<'a>,
}

impl Visitor for Counter<'_> {
    fn visit(&mut self, commit: &RawCommit<'_>, objects: &mut ObjectReader) -> Result<(), Error> {
        let (reading, problems) = self.audit.read(commit, self.notes, objects);
        count_problems(&mut self.tally, &problems);
        if self.audit.filter.matches(&reading) {
            self.measurer.count(commit, &reading, &mut self.tally)
        } else {
            self.tally.skip();
            Ok(())
        }
    }
}

fn count_problems(tally: &mut Tally, problems: &[NoteProblem]) {
    for problem in problems {
        match problem {
            NoteProblem::Newer => tally.add_newer_note(),
            NoteProblem::Damaged => tally.add_damaged_note(),
        }
    }
}
