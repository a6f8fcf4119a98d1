//! The attribution of a change: each added line gets its origin, file by file.
//!
//! Lines that came from other commits (amended, picked, squashed, reverted ones: the *sources*) keep what those
//! commits' records say. Then counts what agents were observed to write. What is left is the declared one's, if
//! somebody was declared, else unknown.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::attribute::Owner;
use crate::attribute::carried::{Carried, Claim};
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

/// Lines of a file, from 0, that other commits gave it, each with the part that has it there; `None`: nobody's.
pub type Traces = HashMap<u32, Option<Contribution>>;

/// Collects the attribution of one commit.
#[derive(Debug)]
pub struct Attribution<'a> {
    sources: &'a [CommitRecord],
    /// Of each source, whether it was made on top of each other one; empty: each of those behind it.
    lineage: Vec<Vec<bool>>,
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

/// What the sources say of a line.
#[derive(Debug, Clone, Copy)]
enum Found<'r> {
    Of(&'r Contribution),
    /// Either of two may have given it.
    Doubt,
    /// It is from a source whose record does not say whose it is.
    Nobodys,
    NotThere,
}

impl Found<'_> {
    fn is_open(&self) -> bool {
        matches!(self, Self::Nobodys | Self::NotThere)
    }
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
            lineage: Vec::new(),
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

    /// Adds for each source whether it was made on top of each other one.
    ///
    /// Of two that both claim a line, and of which none was, neither gets it.
    #[must_use]
    pub fn with_lineage(self, lineage: Vec<Vec<bool>>) -> Self {
        Self { lineage, ..self }
    }

    /// Counts a change that has no lines (binary content, a mode, a submodule) to the declared one.
    pub fn add_change_without_lines(&mut self) {
        self.declared_is_earned = true;
    }

    /// Attributes the lines of one file.
    ///
    /// Of lines that no source's record gives to somebody, `trace` may tell whose they are; it is asked once.
    pub fn add_file(&mut self, file: &ChangedFile, trace: impl FnOnce(&[u32]) -> Traces) {
        let diff = LineDiff::between(&file.base, &file.new);
        let mut added = diff.added().collect::<Vec<_>>();
        for parent in &file.other_parents {
            let kept = LineDiff::between(parent, &file.new).kept();
            added.retain(|line| kept.get(*line as usize).is_some_and(Option::is_none));
        }
        let carried = file.sources.iter().map(|source| {
            source.as_ref().map(|one| Carried::between(&one.path, &one.content, &file.new))
        });
        let carried = carried.collect::<Vec<_>>();
        let new_lines = lines(&file.new).collect::<Vec<_>>();
        let is_trivial = |line: u32| new_lines.get(line as usize).is_some_and(|it| is_trivial(it));
        let found = added.iter().map(|line| self.found((*line, is_trivial(*line)), &carried));
        let found = found.collect::<Vec<_>>();
        let open = added.iter().zip(&found).filter(|(_, found)| found.is_open());
        let open = open.map(|(line, _)| *line).collect::<Vec<_>>();
        let traces = if open.is_empty() { Traces::new() } else { trace(&open) };
        let mut whose = Vec::with_capacity(added.len());
        for (line, found) in added.into_iter().zip(found) {
            let part = self.part_of(line, found, file, traces.get(&line));
            let trivial = u32::from(is_trivial(line));
            self.count(part, LineCounts { added: 1, deleted: 0, trivial });
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

    /// Finds what the sources say of a line.
    fn found(&self, (line, is_trivial): (u32, bool), carried: &[Option<Carried>]) -> Found<'a> {
        let mut is_from_source = false;
        let mut found = None::<(usize, &Contribution)>;
        for (index, carried) in carried.iter().enumerate() {
            let Some(carried) = carried else { continue };
            match (carried.claim(&self.sources[index], line), found) {
                (Claim::NotThere, _) => {}
                (Claim::Either, _) if !is_trivial => return Found::Doubt,
                (Claim::Nobodys | Claim::Either, _) => is_from_source = true,
                (Claim::Of(contribution), None) => found = Some((index, contribution)),
                (Claim::Of(other), Some((first, known))) => {
                    let is_doubtful =
                        other.origin != known.origin && !self.came_after(first, index);
                    if is_doubtful && !is_trivial {
                        return Found::Doubt; // Either may have given it; the nearer is no better.
                    }
                }
            }
        }
        match found {
            Some((_, contribution)) => Found::Of(contribution),
            None if is_from_source => Found::Nobodys,
            None => Found::NotThere,
        }
    }

    fn part_of(
        &mut self,
        line: u32,
        found: Found<'_>,
        file: &ChangedFile,
        trace: Option<&Option<Contribution>>,
    ) -> Part {
        match (found, trace) {
            (Found::Doubt, _) => return Part::Unknown,
            (Found::Of(contribution), _) | (_, Some(Some(contribution))) => {
                return Part::Contribution(self.place(contribution));
            }
            _ => {}
        }
        let observed =
            file.observed.as_ref().and_then(|observed| observed.owners.get(line as usize));
        if let Some(part) = observed.and_then(|owner| self.observed_part(*owner, &file.path)) {
            return part;
        }
        let is_from_elsewhere = matches!(found, Found::Nobodys) || trace.is_some();
        if is_from_elsewhere { Part::Unknown } else { self.declared_part() }
    }

    /// Says whether a source was made on top of another one, so that it tells the latest of a line.
    fn came_after(&self, later: usize, earlier: usize) -> bool {
        self.lineage.get(later).is_none_or(|row| row.get(earlier).copied().unwrap_or(true))
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
mod tests;
