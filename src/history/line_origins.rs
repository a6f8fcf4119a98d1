//! Whose the lines of one commit are: by its record, line by line, else by what is said of the whole commit.

use crate::history::{Class, CommitReading, Part};
use crate::provenance::{
    Claim, CommitRecord, FileAttribution, ForeignNote, Grade, LineCounts, Origin, Phase,
};

/// Whose a line is, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOrigin {
    /// Whose.
    pub origin: Origin,
    /// How far the evidence reaches.
    pub basis: Basis,
}

/// What the origin of a line rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// A record names this very line.
    Line,
    /// Evidence about the whole commit names one writer and no other.
    Commit,
    /// Evidence about the whole commit names several writers, or does not reach all lines: the line is unknown.
    Several,
    /// The line is not committed.
    NotCommitted,
    /// No evidence.
    None,
}

/// The lines that one commit made.
#[derive(Debug, Clone)]
pub struct LineOrigins {
    /// Which lines have which of the origins, where a note tells lines of this very commit.
    files: Option<Vec<FileAttribution>>,
    /// One for each contribution of the record, then that of all other lines.
    origins: Vec<LineOrigin>,
}

impl Basis {
    /// Returns the word for it, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Commit => "commit",
            Self::Several => "several",
            Self::NotCommitted => "not-committed",
            Self::None => "none",
        }
    }
}

impl LineOrigin {
    /// Makes the origin of a line of which nothing is known.
    pub fn unknown(basis: Basis) -> Self {
        Self { origin: Origin::Unknown, basis }
    }
}

impl LineOrigins {
    /// Combines a commit's record with the notes of other tools and with what all sources come to.
    ///
    /// `is_placed` says that the record's line numbers are those of this very commit. A record with lines is the last
    /// word: what it gives to nobody is unknown, whatever the message says. So is another tool's, where we have none.
    pub fn new(
        record: Option<CommitRecord>,
        is_placed: bool,
        foreign: &[ForeignNote],
        reading: &CommitReading,
    ) -> Self {
        if let Some(record) = record.filter(|record| !record.contributions.is_empty()) {
            if !is_placed || record.files.is_empty() {
                return Self { files: None, origins: vec![of_record(&record)] };
            }
            let known = record.contributions.into_iter().map(|one| one.origin);
            return Self::by_line(record.files, known);
        }
        let with_lines = foreign.iter().find_map(|note| Some((note, note.files.clone()?)));
        match with_lines {
            Some((note, files)) => Self::by_line(files, note.claims.iter().map(origin_of_claim)),
            None => Self { files: None, origins: vec![of_reading(reading)] },
        }
    }

    fn by_line(files: Vec<FileAttribution>, known: impl Iterator<Item = Origin>) -> Self {
        let mut origins: Vec<_> = known
            .map(|origin| match origin {
                Origin::Unknown => LineOrigin::unknown(Basis::None),
                origin => LineOrigin { origin, basis: Basis::Line },
            })
            .collect();
        origins.push(LineOrigin::unknown(Basis::None));
        Self { files: Some(files), origins }
    }

    /// Makes those of a commit that did not make the lines, or not for certain, such as the end of a range.
    ///
    /// Only a record that names the very line counts there.
    #[must_use]
    pub fn of_boundary(mut self) -> Self {
        if let Some(last) = self.origins.last_mut() {
            *last = LineOrigin::unknown(Basis::None);
        }
        self
    }

    /// Returns all origins that lines of this commit can have.
    pub fn all(&self) -> &[LineOrigin] {
        &self.origins
    }

    /// Returns the place in [`Self::all`] of the origin of a line, by its number in the commit's version of a file.
    pub fn place(&self, path: &str, line: u32) -> usize {
        self.recorded(path, line).unwrap_or(self.origins.len() - 1)
    }

    /// Returns the places in [`Self::all`] that lines of this commit can have: a planner has none.
    pub fn used(&self) -> Vec<usize> {
        let files = self.files.iter().flatten();
        let mut places: Vec<_> =
            files.flat_map(|file| &file.ranges).map(|range| range.contribution).collect();
        places.push(self.origins.len() - 1);
        places.retain(|place| *place < self.origins.len());
        places.sort_unstable();
        places.dedup();
        places
    }

    fn recorded(&self, path: &str, line: u32) -> Option<usize> {
        let file = self.files.as_ref()?.iter().find(|file| file.path == path)?;
        let after = file.ranges.partition_point(|range| range.start <= line);
        let range = file.ranges[..after].last().filter(|range| line <= range.end)?;
        (range.contribution + 1 < self.origins.len()).then_some(range.contribution)
    }
}

/// Finds the one writer of a commit whose record has no lines that can be used.
fn of_record(record: &CommitRecord) -> LineOrigin {
    let counts = record.contributions.iter().any(|one| one.lines.changed() > 0);
    let wrote = |lines: LineCounts| !counts || lines.added > 0;
    let writers = record.contributions.iter().filter(|one| wrote(one.lines));
    let mut writers: Vec<Origin> =
        writers.map(|one| one.origin.clone()).filter(is_writer).collect();
    if record.unknown.added > 0 && !writers.is_empty() {
        writers.push(Origin::Unknown);
    }
    only(writers)
}

/// Finds the one writer that notes of others, trailers or marks name.
fn of_reading(reading: &CommitReading) -> LineOrigin {
    if reading.class == Class::Human {
        return LineOrigin { origin: Origin::Human, basis: Basis::Commit };
    }
    only(reading.parts.iter().map(origin_of).filter(is_writer).collect())
}

/// A tool that names no model gives its lines to nobody that we know.
fn origin_of_claim(claim: &Claim) -> Origin {
    let Some(model) = claim.model.clone() else { return Origin::Unknown };
    Origin::Model { model, phase: None, agent: claim.tool.clone(), grade: Grade::Declared }
}

fn origin_of(part: &Part) -> Origin {
    Origin::Model {
        model: part.model.clone(),
        phase: part.phase.clone(),
        agent: part.agent.clone(),
        grade: part.grade,
    }
}

/// Says whether lines can be theirs: a planner and a reviewer wrote none.
fn is_writer(origin: &Origin) -> bool {
    let Origin::Model { phase, .. } = origin else { return true };
    !matches!(phase, Some(Phase::Architecture | Phase::Review | Phase::Advice))
}

/// Returns the origin of a commit's lines where there is one writer; of two who differ in a detail, what they share.
fn only(writers: Vec<Origin>) -> LineOrigin {
    let mut writers = writers.into_iter();
    let Some(mut one) = writers.next() else { return LineOrigin::unknown(Basis::None) };
    for other in writers {
        let Some(shared) = shared(&one, &other) else { return LineOrigin::unknown(Basis::Several) };
        one = shared;
    }
    let basis = if one == Origin::Unknown { Basis::None } else { Basis::Commit };
    LineOrigin { origin: one, basis }
}

fn shared(one: &Origin, other: &Origin) -> Option<Origin> {
    let same =
        |left: &Option<String>, right: &Option<String>| left.clone().filter(|_| left == right);
    match (one, other) {
        (
            Origin::Model { model, phase, agent, grade },
            Origin::Model { model: model2, phase: phase2, agent: agent2, grade: grade2 },
        ) if model.id() == model2.id() => Some(Origin::Model {
            model: model.clone(),
            phase: phase.clone().filter(|_| phase == phase2),
            agent: same(agent, agent2),
            grade: Grade::max(*grade, *grade2),
        }),
        _ => (one == other).then(|| one.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{AttributedRange, Contribution, ModelName};

    fn model(name: &str, phase: Option<Phase>) -> Origin {
        let model = ModelName::parse(name).unwrap();
        Origin::Model { model, phase, agent: None, grade: Grade::Declared }
    }

    fn written(name: &str) -> Origin {
        model(name, Some(Phase::Implementation))
    }

    fn record(parts: &[(Origin, u32)]) -> CommitRecord {
        let contributions = parts.iter().map(|(origin, added)| Contribution {
            origin: origin.clone(),
            requested: None,
            session: None,
            lines: LineCounts { added: *added, ..LineCounts::default() },
        });
        CommitRecord { contributions: contributions.collect(), ..CommitRecord::default() }
    }

    fn reading(parts: &[Origin]) -> CommitReading {
        let parts = parts.iter().map(|origin| match origin {
            Origin::Model { model, phase, grade, .. } => {
                Part::new(model.clone(), phase.clone(), *grade)
            }
            _ => unreachable!("only models have parts"),
        });
        CommitReading::new(Class::MarksOnly, parts.collect())
    }

    fn unknown() -> CommitReading {
        CommitReading::new(Class::Unknown, Vec::new())
    }

    fn at(origins: &LineOrigins, line: u32) -> (Origin, Basis) {
        let found = &origins.all()[origins.place("f", line)];
        (found.origin.clone(), found.basis)
    }

    #[test]
    fn a_record_with_lines_is_the_last_word() {
        let mut record = record(&[(written("alpha"), 2), (Origin::Human, 1)]);
        let range = |start, end, contribution| AttributedRange { start, end, contribution };
        let ranges = vec![range(2, 3, 0), range(7, 7, 1)];
        record.files.push(FileAttribution { path: "f".to_owned(), ranges });
        let marks = reading(&[written("beta")]);
        let origins = LineOrigins::new(Some(record.clone()), true, &[], &marks);
        for (line, expected) in [
            (1, (Origin::Unknown, Basis::None)),
            (2, (written("alpha"), Basis::Line)),
            (3, (written("alpha"), Basis::Line)),
            (4, (Origin::Unknown, Basis::None)),
            (7, (Origin::Human, Basis::Line)),
            (8, (Origin::Unknown, Basis::None)),
        ] {
            assert_eq!(at(&origins, line), expected, "line {line}");
        }
        assert_eq!(origins.place("other", 2), 2);
        // The note of another commit: its numbers mean nothing here, and it names two.
        let stale = LineOrigins::new(Some(record), false, &[], &marks);
        assert_eq!(at(&stale, 2), (Origin::Unknown, Basis::Several));
    }

    #[test]
    fn one_writer_of_the_whole_commit_has_its_lines() {
        let planned = model("alpha", Some(Phase::Architecture));
        for (parts, expected) in [
            (vec![planned.clone(), written("beta")], (written("beta"), Basis::Commit)),
            (vec![planned.clone()], (Origin::Unknown, Basis::None)),
            (vec![model("beta", None)], (model("beta", None), Basis::Commit)),
            (vec![written("beta"), written("gamma")], (Origin::Unknown, Basis::Several)),
            (vec![written("beta"), model("gamma", None)], (Origin::Unknown, Basis::Several)),
            (
                vec![written("beta"), model("beta", Phase::parse("tests"))],
                (model("beta", None), Basis::Commit),
            ),
        ] {
            let origins = LineOrigins::new(None, true, &[], &reading(&parts));
            assert_eq!(at(&origins, 1), expected, "{parts:?}");
            let nothing =
                LineOrigins::new(Some(CommitRecord::default()), true, &[], &reading(&parts));
            assert_eq!(at(&nothing, 1), expected, "a record that found nothing, {parts:?}");
            assert_eq!(at(&origins.of_boundary(), 1), (Origin::Unknown, Basis::None));
        }
    }

    #[test]
    fn a_record_without_lines_speaks_for_all_only_if_it_knows_all() {
        let whole = record(&[(written("alpha"), 3), (model("beta", Some(Phase::Review)), 0)]);
        let origins = LineOrigins::new(Some(whole.clone()), true, &[], &unknown());
        assert_eq!(at(&origins, 1), (written("alpha"), Basis::Commit));
        let mut partly = whole.clone();
        partly.unknown.added = 1;
        let origins = LineOrigins::new(Some(partly), true, &[], &unknown());
        assert_eq!(at(&origins, 1), (Origin::Unknown, Basis::Several));
        let both = record(&[(written("alpha"), 3), (Origin::Human, 1)]);
        let origins = LineOrigins::new(Some(both), true, &[], &unknown());
        assert_eq!(at(&origins, 1), (Origin::Unknown, Basis::Several));
    }

    #[test]
    fn a_declared_nothing_is_human() {
        let human = CommitReading::new(Class::Human, Vec::new());
        let origins = LineOrigins::new(None, true, &[], &human);
        assert_eq!(at(&origins, 1), (Origin::Human, Basis::Commit));
    }
}
