//! The attribution of a change: each added line gets its origin, file by file.
//!
//! Lines that came from other commits (amended, picked, squashed, reverted ones: the *sources*) keep what those
//! commits' records say. Then counts what agents were observed to write. What is left is the declared one's, if
//! somebody was declared, else unknown.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::attribute::Owner;
use crate::attribute::line_diff::{LineDiff, is_trivial, lines};
use crate::provenance::{
    AttributedRange, CommitRecord, Contribution, FileAttribution, LineCounts, Origin,
};

/// One file as a commit changes it.
#[derive(Debug, Clone, Default)]
pub struct ChangedFile {
    /// The path in the new version.
    pub path: String,
    /// Its content in the first parent; empty for a new file.
    pub base: Vec<u8>,
    /// Its content in the commit; empty for a deleted one.
    pub new: Vec<u8>,
    /// Its contents in the other parents of a merge.
    pub other_parents: Vec<Vec<u8>>,
    /// The file in each source, in the order of the sources; `None` where it has no such file.
    pub sources: Vec<Option<SourceFile>>,
    /// What evidence tells of it, if there is any.
    pub observed: Option<ObservedFile>,
}

/// What the replay of the evidence found out about a file.
#[derive(Debug, Clone, Default)]
pub struct ObservedFile {
    /// The content at which the replay began.
    pub start: Vec<u8>,
    /// Whose each line of it was; empty where nothing is remembered.
    pub start_owners: Vec<Owner>,
    /// Whose each line of the new version is.
    pub owners: Vec<Owner>,
    /// Who deleted lines of the start: the line's number from 0, and the writer.
    pub deleted: Vec<(u32, Owner)>,
}

/// A file as one source has it.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// The path there.
    pub path: String,
    /// The content there.
    pub content: Vec<u8>,
}

/// Collects the attribution of one commit.
#[derive(Debug)]
pub struct Attribution<'a> {
    sources: &'a [CommitRecord],
    /// The parts of those whom evidence shows, by their numbers; without lines.
    writers: &'a [Contribution],
    declared: Option<Origin>,
    contributions: Vec<Contribution>,
    files: Vec<FileAttribution>,
    unknown: LineCounts,
    /// Deleted lines that a source had deleted too.
    deleted_by_sources: u32,
    declared_is_earned: bool,
    /// The observed writers that have lines, each with their files.
    used: BTreeMap<u32, BTreeSet<String>>,
}

/// Whose a line is, while it is being found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Contribution(usize),
    /// It came from another commit whose record does not say whose it is, or nobody was declared.
    Unknown,
}

impl<'a> Attribution<'a> {
    /// Begins with the records of the sources (an empty one for a source without record), those whom evidence
    /// shows, and who was declared.
    pub fn new(
        sources: &'a [CommitRecord],
        writers: &'a [Contribution],
        declared: Option<Origin>,
    ) -> Self {
        Self {
            sources,
            writers,
            declared,
            contributions: Vec::new(),
            files: Vec::new(),
            unknown: LineCounts::default(),
            deleted_by_sources: 0,
            declared_is_earned: false,
            used: BTreeMap::new(),
        }
    }

    /// Counts a change that has no lines (binary content, a mode, a submodule) to the declared one.
    pub fn add_change_without_lines(&mut self) {
        self.declared_is_earned = true;
    }

    /// Attributes the lines of one file.
    pub fn add_file(&mut self, file: &ChangedFile) {
        let diff = LineDiff::between(&file.base, &file.new);
        let mut added = diff.added().collect::<Vec<_>>();
        for parent in &file.other_parents {
            let kept = LineDiff::between(parent, &file.new).kept();
            added.retain(|line| kept.get(*line as usize).is_some_and(Option::is_none));
        }
        let kept = file
            .sources
            .iter()
            .map(|source| {
                source.as_ref().map(|source| LineDiff::between(&source.content, &file.new).kept())
            })
            .collect::<Vec<_>>();
        let new_lines = lines(&file.new).collect::<Vec<_>>();
        let mut whose = Vec::with_capacity(added.len());
        for line in added {
            let part = self.part_of(line, file, &kept);
            let is_trivial = new_lines.get(line as usize).is_some_and(|text| is_trivial(text));
            let counts = LineCounts { added: 1, deleted: 0, trivial: u32::from(is_trivial) };
            self.count(part, counts);
            whose.push((line, part));
        }
        if file.other_parents.is_empty() {
            self.count_deleted(file, &diff);
        }
        let ranges = ranges(&whose);
        if !ranges.is_empty() {
            self.files.push(FileAttribution { path: file.path.clone(), ranges });
        }
    }

    fn part_of(
        &mut self,
        line: u32,
        file: &ChangedFile,
        kept: &[Option<Vec<Option<u32>>>],
    ) -> Part {
        let mut is_from_source = false;
        for (index, kept) in kept.iter().enumerate() {
            let old = kept.as_ref().and_then(|kept| kept.get(line as usize).copied().flatten());
            let Some(old) = old else { continue };
            is_from_source = true;
            let path = file.sources[index].as_ref().map_or("", |source| &source.path);
            if let Some(contribution) = origin_in(&self.sources[index], path, old + 1) {
                return Part::Contribution(self.place(contribution));
            }
        }
        let observed =
            file.observed.as_ref().and_then(|observed| observed.owners.get(line as usize));
        if let Some(part) = observed.and_then(|owner| self.observed_part(*owner, &file.path)) {
            return part;
        }
        if is_from_source { Part::Unknown } else { self.declared_part() }
    }

    /// Returns the part of an observed writer; `None` for anybody else.
    fn observed_part(&mut self, owner: Owner, path: &str) -> Option<Part> {
        let Owner::Writer(number) = owner else { return None };
        let writer = self.writers.get(number as usize)?;
        let files = self.used.entry(number).or_default();
        if !files.contains(path) {
            files.insert(path.to_owned());
        }
        Some(Part::Contribution(self.place(writer)))
    }

    fn declared_part(&mut self) -> Part {
        match self.declared.clone() {
            Some(origin) => {
                self.declared_is_earned = true;
                Part::Contribution(self.place_of_origin(origin))
            }
            None => Part::Unknown,
        }
    }

    fn count_deleted(&mut self, file: &ChangedFile, diff: &LineDiff) {
        let mut deleted = diff.deleted().collect::<Vec<_>>();
        let all = deleted.len();
        for source in file
            .sources
            .iter()
            .map(|source| source.as_ref().map_or(&[][..], |source| &source.content))
        {
            let gone = LineDiff::between(&file.base, source).deleted().collect::<HashSet<_>>();
            deleted.retain(|line| !gone.contains(line));
        }
        let own = u32::try_from(deleted.len()).unwrap_or(u32::MAX);
        self.deleted_by_sources += u32::try_from(all).unwrap_or(u32::MAX) - own;
        let observed = file.observed.as_ref().map(|observed| deleters(&file.base, observed));
        for line in deleted {
            let owner = observed.as_ref().and_then(|observed| observed.get(&line)).copied();
            let part = owner.and_then(|owner| self.observed_part(owner, &file.path));
            let part = part.unwrap_or_else(|| self.declared_part());
            self.count(part, LineCounts { added: 0, deleted: 1, trivial: 0 });
        }
    }

    fn count(&mut self, part: Part, counts: LineCounts) {
        match part {
            Part::Contribution(place) => self.contributions[place].lines.add(counts),
            Part::Unknown => self.unknown.add(counts),
        }
    }

    /// Returns the place of a source's contribution in our list, making one without lines.
    fn place(&mut self, contribution: &Contribution) -> usize {
        let same = |known: &Contribution| {
            known.origin == contribution.origin
                && known.requested == contribution.requested
                && known.session == contribution.session
        };
        self.contributions.iter().position(same).unwrap_or_else(|| {
            self.contributions
                .push(Contribution { lines: LineCounts::default(), ..contribution.clone() });
            self.contributions.len() - 1
        })
    }

    fn place_of_origin(&mut self, origin: Origin) -> usize {
        self.place(&Contribution {
            origin,
            requested: None,
            session: None,
            lines: LineCounts::default(),
        })
    }

    /// Returns the observed writers that have lines so far, by their numbers, each with the paths of their files.
    pub fn used_writers(&self) -> &BTreeMap<u32, BTreeSet<String>> {
        &self.used
    }

    /// Ends the collection: parts without lines are kept from the sources, the rest is ordered as trailers are.
    pub fn finish(mut self) -> CommitRecord {
        self.settle_deleted_by_sources();
        let planned = self.sources.iter().flat_map(|record| &record.contributions);
        for contribution in planned.filter(|contribution| contribution.lines.changed() == 0) {
            self.place(contribution);
        }
        if self.declared_is_earned
            && let Some(origin) = self.declared.take()
        {
            self.place_of_origin(origin);
        }
        let mut record = CommitRecord {
            contributions: self.contributions,
            files: self.files,
            unknown: self.unknown,
            ..CommitRecord::default()
        };
        record.sort_contributions();
        record
    }

    /// Gives the lines that sources had deleted to whom their records give them, where that is certain.
    fn settle_deleted_by_sources(&mut self) {
        if self.deleted_by_sources == 0 {
            return;
        }
        let sources = self.sources;
        let recorded = sources
            .iter()
            .flat_map(|record| &record.contributions)
            .filter(|one| one.lines.deleted > 0);
        let unknown = sources.iter().map(|record| record.unknown.deleted).sum::<u32>();
        let recorded = recorded.collect::<Vec<_>>();
        let known = recorded.iter().map(|one| one.lines.deleted).sum::<u32>();
        let certain = known + unknown == self.deleted_by_sources;
        if !certain {
            self.unknown.deleted += self.deleted_by_sources;
            return;
        }
        self.unknown.deleted += unknown;
        for contribution in recorded {
            let place = self.place(contribution);
            self.contributions[place].lines.deleted += contribution.lines.deleted;
        }
    }
}

/// Finds whose a line is by the record of the commit that has it; the line counts from 1.
fn origin_in<'r>(record: &'r CommitRecord, path: &str, line: u32) -> Option<&'r Contribution> {
    let file = record.files.iter().find(|file| file.path == path)?;
    let range = file.ranges.iter().find(|range| (range.start..=range.end).contains(&line))?;
    record.contributions.get(range.contribution)
}

/// Finds who deleted lines of the base, by their numbers; the replay may have begun at another version.
///
/// What was gone by then, as a change that an earlier commit left out, was deleted by who wrote what stands in its place.
fn deleters(base: &[u8], observed: &ObservedFile) -> HashMap<u32, Owner> {
    let deleted = observed.deleted.iter().copied().collect::<HashMap<_, _>>();
    let diff = LineDiff::between(base, &observed.start);
    let kept = diff.kept();
    let pairs = kept.iter().zip(0_u32..).filter_map(|(base, start)| base.map(|base| (base, start)));
    let mut deleters = pairs
        .filter_map(|(base, start)| deleted.get(&start).map(|owner| (base, *owner)))
        .collect::<HashMap<_, _>>();
    for (before, after) in diff.hunks() {
        let after = after.start as usize..after.end as usize;
        let Some([first, others @ ..]) = observed.start_owners.get(after) else { continue };
        if others.iter().all(|owner| owner == first) {
            deleters.extend(before.map(|line| (line, *first)));
        }
    }
    deleters
}

/// Joins neighbouring lines of one contribution; unknown ones stand nowhere.
fn ranges(owned: &[(u32, Part)]) -> Vec<AttributedRange> {
    let mut ranges = Vec::<AttributedRange>::new();
    for (line, part) in owned {
        let Part::Contribution(contribution) = *part else { continue };
        let number = line + 1;
        match ranges.last_mut() {
            Some(last) if last.contribution == contribution && last.end + 1 == number => {
                last.end = number;
            }
            _ => ranges.push(AttributedRange { start: number, end: number, contribution }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{Grade, ModelName, Phase};

    fn model(name: &str) -> Origin {
        Origin::Model {
            model: ModelName::parse(name).unwrap(),
            phase: Some(Phase::Implementation),
            agent: None,
            grade: Grade::Declared,
        }
    }

    fn file(base: &str, new: &str) -> ChangedFile {
        ChangedFile {
            path: "f".into(),
            base: base.into(),
            new: new.into(),
            ..ChangedFile::default()
        }
    }

    fn attributed(
        file: &ChangedFile,
        sources: &[CommitRecord],
        declared: Option<&str>,
    ) -> CommitRecord {
        let mut attribution = Attribution::new(sources, &[], declared.map(model));
        attribution.add_file(file);
        attribution.finish()
    }

    /// Draws each added line's owner: the model's first letter, `?` where it stands nowhere.
    fn drawn(record: &CommitRecord) -> Vec<(u32, u32, String)> {
        let name = |range: &AttributedRange| match &record.contributions[range.contribution].origin
        {
            Origin::Model { model, .. } => model.display().to_owned(),
            other => format!("{other:?}"),
        };
        record
            .files
            .iter()
            .flat_map(|f| &f.ranges)
            .map(|range| (range.start, range.end, name(range)))
            .collect()
    }

    #[test]
    fn a_declared_model_gets_what_the_commit_changes() {
        let record = attributed(&file("a\nb\n", "a\nB\n}\n"), &[], Some("Opus 5.5"));
        assert_eq!(drawn(&record), [(2, 3, "Opus 5.5".into())]);
        assert_eq!(record.contributions[0].lines, LineCounts { added: 2, deleted: 1, trivial: 1 });
        assert_eq!(record.unknown, LineCounts::default());
    }

    #[test]
    fn without_evidence_lines_are_unknown() {
        let record = attributed(&file("a\n", "a\nb\n"), &[], None);
        assert_eq!(record.contributions, []);
        assert_eq!(record.unknown, LineCounts { added: 1, deleted: 0, trivial: 0 });
    }

    #[test]
    fn amended_lines_keep_their_origin_and_only_new_ones_are_declared() {
        let first = attributed(&file("a\n", "a\nb\n"), &[], Some("Opus 5.5"));
        let mut amended = file("a\n", "a\nnew\nb\n");
        amended.sources = vec![Some(SourceFile { path: "f".into(), content: "a\nb\n".into() })];
        let record = attributed(&amended, &[first], Some("Sonnet 5.5"));
        assert_eq!(drawn(&record), [(2, 2, "Sonnet 5.5".into()), (3, 3, "Opus 5.5".into())]);
    }

    #[test]
    fn lines_of_a_source_without_record_stay_unknown() {
        let mut picked = file("a\n", "a\nb\n");
        picked.sources = vec![Some(SourceFile { path: "f".into(), content: "z\nb\n".into() })];
        let record = attributed(&picked, &[CommitRecord::default()], Some("Sonnet 5.5"));
        assert_eq!((record.contributions.len(), record.unknown.added), (0, 1));
    }

    #[test]
    fn observed_lines_come_before_declared_ones_and_deletions_have_a_deleter() {
        let writer = Contribution {
            origin: model("Opus 5.5"),
            requested: None,
            session: None,
            lines: LineCounts::default(),
        };
        let mut changed = file("a\nb\nc\n", "a\nnew\nby hand\n");
        changed.observed = Some(ObservedFile {
            start: changed.base.clone(),
            start_owners: Vec::new(),
            owners: vec![Owner::Start, Owner::Writer(0), Owner::Nobody],
            deleted: vec![(1, Owner::Writer(0)), (2, Owner::Nobody)],
        });
        let writers = [writer];
        let mut attribution = Attribution::new(&[], &writers, None);
        attribution.add_file(&changed);
        let record = attribution.finish();
        assert_eq!(drawn(&record), [(2, 2, "Opus 5.5".into())]);
        assert_eq!(record.contributions[0].lines, LineCounts { added: 1, deleted: 1, trivial: 0 });
        assert_eq!(record.unknown, LineCounts { added: 1, deleted: 1, trivial: 0 });
    }

    #[test]
    fn what_an_earlier_commit_left_out_was_deleted_by_who_wrote_its_place() {
        let writers = [Contribution {
            origin: model("Opus 5.5"),
            requested: None,
            session: None,
            lines: LineCounts::default(),
        }];
        let mut changed = file("a\nold\n", "a\nnew\n");
        changed.observed = Some(ObservedFile {
            start: changed.new.clone(),
            start_owners: vec![Owner::Start, Owner::Writer(0)],
            owners: vec![Owner::Start, Owner::Writer(0)],
            deleted: Vec::new(),
        });
        let mut attribution = Attribution::new(&[], &writers, None);
        attribution.add_file(&changed);
        let record = attribution.finish();
        assert_eq!(record.contributions[0].lines, LineCounts { added: 1, deleted: 1, trivial: 0 });
        assert_eq!(record.unknown, LineCounts::default());
    }

    #[test]
    fn a_merge_counts_only_lines_that_no_parent_has() {
        let mut merged = file("a\nours\n", "a\nours\ntheirs\nresolved\n");
        merged.other_parents = vec![b"a\ntheirs\n".to_vec()];
        let record = attributed(&merged, &[], Some("Opus 5.5"));
        assert_eq!(drawn(&record), [(4, 4, "Opus 5.5".into())]);
    }

    #[test]
    fn a_plan_stays_with_the_amended_commit_and_deleted_lines_with_who_deleted_them() {
        let mut first = attributed(&file("a\nb\n", "a\n"), &[], Some("Opus 5.5"));
        let plan = Contribution {
            origin: model("Fable 5.1"),
            requested: None,
            session: None,
            lines: LineCounts::default(),
        };
        first.contributions.push(plan);
        let mut amended = file("a\nb\n", "");
        amended.sources = vec![Some(SourceFile { path: "f".into(), content: "a\n".into() })];
        let record = attributed(&amended, &[first], Some("Sonnet 5.5"));
        let parts = record.contributions.iter().map(|one| match &one.origin {
            Origin::Model { model, .. } => (model.display().to_owned(), one.lines.deleted),
            _ => unreachable!(),
        });
        let mut parts = parts.collect::<Vec<_>>();
        parts.sort();
        assert_eq!(
            parts,
            [("Fable 5.1".into(), 0), ("Opus 5.5".into(), 1), ("Sonnet 5.5".into(), 1)]
        );
    }
}
