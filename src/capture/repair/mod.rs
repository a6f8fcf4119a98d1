//! Records of commits that no hook saw made: rebuilt from the commits that they were made of, as a host's squash or
//! rebase merge from those of its pull request.

mod lineage;
mod net;
mod said;

use std::collections::HashMap;

use crate::capture::change::Source;
use crate::capture::commit_hooks::{still_there, written_by};
use crate::capture::moment::{Moment, Outcome};
use crate::capture::observed::Observed;
use crate::capture::{Error, record_of, trailers};
use crate::git::{Commit, LineageHead};
use crate::provenance::{
    CommitId, CommitRecord, Grade, Operation, Origin, Recorder, combine_either, model_trailers,
};
use crate::store::{Draft, note};

use lineage::{Lineage, Made};

/// Where the commits are looked for that others were made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepairWish {
    /// The heads that were named; empty: everywhere in this repository.
    pub from: Vec<LineageHead>,
    /// A reference of notes that is looked at first, such as those of a fork.
    pub notes: Option<String>,
}

/// How a commit was found to be made of others. The first is the most certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The same files before and after.
    Tree,
    /// The same change.
    Patch,
    /// The number of the pull request in the message.
    Number,
    /// The same author at the same second.
    Author,
    /// More than half of the lines, and those of no other.
    Lines,
}

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repaired {
    /// It has a record already.
    Recorded,
    /// Its commits keep their records.
    Merge,
    /// Nothing tells what it was made of.
    NotFound,
    /// Its record was rebuilt.
    Rebuilt(Box<Rebuilt>),
}

/// A record that was rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// The record.
    pub record: CommitRecord,
    /// How its commits were found.
    pub way: Way,
    /// Those of them that have no record: what is said of them is inferred from their messages, or unknown.
    pub unrecorded: usize,
    /// How many ways there are that it may have been made; what they do not agree in is unknown.
    pub alternatives: usize,
}

impl Way {
    /// Returns the word for it, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Patch => "patch",
            Self::Number => "number",
            Self::Author => "author",
            Self::Lines => "lines",
        }
    }

    /// Says whether lines that are found again prove less than a record does.
    fn is_weak(self) -> bool {
        matches!(self, Self::Author | Self::Lines)
    }
}

/// The records of commits that others were made of, each read once.
pub(super) struct Records<'w> {
    wish: &'w RepairWish,
    known: HashMap<CommitId, (CommitRecord, bool)>,
}

impl Moment<'_> {
    /// Rebuilds the records of commits and, unless it is only asked for, writes them.
    pub fn repair(
        &self,
        commits: &[CommitId],
        wish: &RepairWish,
        is_dry: bool,
    ) -> Result<(Vec<(Commit, Repaired)>, Outcome), Error> {
        let mut outcome = Outcome::default();
        let mut records = Records { wish, known: HashMap::new() };
        let mut lineage = Lineage::new(self.repo, wish, commits)?;
        let mut done = Vec::new();
        for commit in commits {
            let commit = self.repo.commit(*commit)?;
            let repaired = self.repaired(&commit, &mut lineage, &mut records)?;
            done.push((commit, repaired));
        }
        let new = done.iter().filter_map(|(commit, repaired)| match repaired {
            Repaired::Rebuilt(rebuilt) => Some((commit.id, rebuilt.record.clone())),
            _ => None,
        });
        let new = new.collect::<Vec<_>>();
        if !is_dry {
            self.write_notes(&new, &mut outcome)?;
        }
        Ok((done, outcome))
    }

    /// Returns what a squash of all that a head has beyond another commit would be recorded as.
    pub fn squashed(&self, head: CommitId, onto: CommitId) -> Result<CommitRecord, Error> {
        let wish = RepairWish::default();
        let mut records = Records { wish: &wish, known: HashMap::new() };
        let base = self.repo.merge_base(onto, head)?;
        let commits = self.repo.commits_beyond(base, head, lineage::MOST_COMMITS)?;
        self.net_record(base, head, &commits, &mut records)
    }

    fn repaired(
        &self,
        commit: &Commit,
        lineage: &mut Lineage<'_>,
        records: &mut Records<'_>,
    ) -> Result<Repaired, Error> {
        let notes = self.repo.notes_of(note::REFERENCE, commit.id)?;
        if notes.iter().any(|bytes| note::parse(commit.id, bytes).is_ok()) {
            return Ok(Repaired::Recorded);
        }
        for bytes in &notes {
            note::parse(commit.id, bytes)?; // A damaged or newer note is refused rather than overwritten.
        }
        if commit.parents.len() > 1 {
            return Ok(Repaired::Merge);
        }
        let Some((way, made)) = lineage.find(commit)? else { return Ok(Repaired::NotFound) };
        let alternatives = made.len();
        let mut united = None::<CommitRecord>;
        let mut unrecorded = std::collections::BTreeSet::new();
        for one in made {
            for source in one.commits() {
                if !self.source_record(*source, records)?.1 {
                    unrecorded.insert(*source);
                }
            }
            let record = self.rebuilt(commit, &one, way, records)?;
            united = Some(match united {
                Some(known) => combine_either(known, record),
                None => record,
            });
        }
        let Some(record) = united else { return Ok(Repaired::NotFound) };
        let unrecorded = unrecorded.len();
        Ok(Repaired::Rebuilt(Box::new(Rebuilt { record, way, unrecorded, alternatives })))
    }

    fn rebuilt(
        &self,
        commit: &Commit,
        made: &Made,
        way: Way,
        records: &mut Records<'_>,
    ) -> Result<CommitRecord, Error> {
        let (operation, source, written) = match made {
            Made::One(source) => {
                let record = self.source_record(*source, records)?.0;
                let source = Source::new(self.repo.commit(*source)?, record);
                let written = written_by(std::slice::from_ref(&source));
                (Operation::Rebase, source, written)
            }
            Made::All { base, head, commits } => {
                let record = self.net_record(*base, *head, commits, records)?;
                let mut written = Vec::new();
                for commit in commits {
                    written.extend(self.source_record(*commit, records)?.0.trailers);
                }
                (Operation::Squash, Source::new(self.repo.commit(*head)?, record), written)
            }
        };
        let sources = made.commits().to_vec();
        let draft = Draft::new(commit.parents.clone(), operation, sources);
        let mut record = self.attribute(&draft, commit.tree, vec![source], &Observed::default())?;
        if way.is_weak() {
            record.contributions.iter_mut().for_each(|one| as_inferred(&mut one.origin));
        }
        trailers::add_typed(&mut record, &model_trailers(&commit.message));
        record.trailers = still_there(&written, &commit.message);
        record.recorder = Recorder::Repair;
        Ok(record)
    }

    /// Returns the record of a commit and that it has one; else what its message says.
    pub(super) fn source_record(
        &self,
        commit: CommitId,
        records: &mut Records<'_>,
    ) -> Result<(CommitRecord, bool), Error> {
        if let Some(known) = records.known.get(&commit) {
            return Ok(known.clone());
        }
        let mut found = None;
        if let Some(reference) = &records.wish.notes {
            let notes = self.repo.notes_of(reference, commit)?;
            found = notes.iter().find_map(|bytes| note::parse(commit, bytes).ok());
        }
        if found.is_none() {
            found = record_of(self.repo, commit)?;
        }
        let known = match found {
            Some(record) => (record, true),
            None => (self.said_record(commit)?, false),
        };
        records.known.insert(commit, known.clone());
        Ok(known)
    }
}

fn as_inferred(origin: &mut Origin) {
    if let Origin::Model { grade, .. } = origin {
        *grade = (*grade).max(Grade::Inferred);
    }
}
