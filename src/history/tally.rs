//! Counting commits by how much is known of them, and models by phase.
//!
//! Holds the table only, never commits, so that memory does not grow with the history.

mod model_counts;

use std::collections::HashMap;

use self::model_counts::ModelCounts;
pub use self::model_counts::{Cell, ModelRow};
use crate::history::{
    Class, CommitFacts, CommitReading, Cost, Full, GroupTable, LineSums, Measures, Noted, Outcomes,
    Part, PlanCounts, ReviewCounts,
};
use crate::provenance::{Grade, Phase};

/// 2021-06-01 as a day number. The first public AI tool for code came that month, so an earlier mark has a wrong date
/// or is no mark; it is counted, but does not say when AI came to the repository.
const FIRST_POSSIBLE_DAY: i64 = 18_779;

const SECONDS_PER_DAY: i64 = 86_400;

/// Counts of a part of a history; those of several threads are merged.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    seen: u64,
    commits: u64,
    observed: u64,
    declared: u64,
    inferred: u64,
    marks_only: u64,
    human: u64,
    unknown: u64,
    bots: u64,
    mismatches: u64,
    missing_notes: u64,
    newer_notes: u64,
    damaged_notes: u64,
    first_mark: Option<i64>,
    days: HashMap<i64, Day>,
    models: HashMap<String, ModelCounts>,
    tool_only: ModelCounts,
    lines: Option<ClassLines>,
    groups: Option<GroupTable>,
    outcomes: Option<Outcomes>,
    cost: Option<Cost>,
    plans: Option<PlanCounts>,
    reviews: Option<ReviewCounts>,
}

/// Commits of one day that need the day of the first mark to be judged.
#[derive(Debug, Clone, Copy, Default)]
struct Day {
    unknown: u64,
    human: u64,
}

/// Changed lines by how the provenance of their commits is known; all zero where lines are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClassLines {
    /// Of commits where a note or trailer names a model.
    pub recorded: LineSums,
    /// Of commits with nothing but marks.
    pub marks_only: LineSums,
    /// Of commits declared to be without a model.
    pub human: LineSums,
    /// Of commits without evidence.
    pub unknown: LineSums,
}

/// All counts of a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Commits that were read.
    pub seen: u64,
    /// Commits that were wanted and are counted below.
    pub commits: u64,
    /// How much is known of them.
    pub coverage: Coverage,
    /// The day of the first evidence that a model had a part.
    pub first_mark_day: Option<i64>,
    /// The models, the one with most commits first.
    pub models: Vec<ModelRow>,
    /// Commits that name a tool and no model.
    pub tool_only: ModelRow,
    /// Changed lines, where they are counted.
    pub lines: Option<ClassLines>,
    /// The groups that were asked for.
    pub groups: Option<GroupTable>,
    /// What a full report tells more.
    pub full: Option<Full>,
    /// What the commits cost, where that is asked for.
    pub cost: Option<Cost>,
    /// Plans and ways of working, where they are asked for.
    pub plans: Option<PlanCounts>,
    /// What reviews came to, where that is asked for.
    pub reviews: Option<ReviewCounts>,
    /// Commits of which a weaker source names another model.
    pub mismatches: u64,
    /// Commits with trailers of ours of which no note is here.
    pub missing_notes: u64,
    /// Notes in a format newer than ours.
    pub newer_notes: u64,
    /// Notes that could not be read.
    pub damaged_notes: u64,
}

/// How much is known, in commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// A note or trailer names a model.
    pub recorded: u64,
    /// Of these: by observation.
    pub observed: u64,
    /// Of these: by declaration.
    pub declared: u64,
    /// Only marks in messages name a model or a tool.
    pub marks_only: u64,
    /// Declared to be without a model.
    pub human: u64,
    /// No evidence.
    pub unknown: u64,
    /// Of these: by programs that are no AI.
    pub bots: u64,
    /// Of the others: before the first mark.
    pub before_first_mark: u64,
    /// Commits declared human before the first mark.
    pub human_before_first_mark: u64,
}

impl Tally {
    /// Makes an empty count of what is asked for.
    pub fn of(measures: Measures) -> Self {
        Self {
            groups: measures.by.map(GroupTable::new),
            lines: measures.lines.then(ClassLines::default),
            outcomes: measures.full.then(Outcomes::default),
            cost: measures.cost.then(Cost::default),
            plans: measures.full.then(PlanCounts::default),
            reviews: measures.full.then(ReviewCounts::default),
            ..Self::default()
        }
    }

    /// Returns how many commits are counted so far.
    pub fn commits(&self) -> u64 {
        self.commits
    }

    /// Counts a commit that was read and is not wanted.
    pub fn skip(&mut self) {
        self.seen += 1;
    }

    /// Counts a commit.
    pub fn add(&mut self, facts: &CommitFacts<'_>) {
        let day = facts.seconds.div_euclid(SECONDS_PER_DAY);
        self.count(facts.reading, day, facts.lines());
        if let Some(groups) = &mut self.groups {
            groups.add(groups.by().groups(facts), day);
        }
        if let Some(outcomes) = &mut self.outcomes {
            outcomes.add(facts);
        }
        if let Some(cost) = &mut self.cost {
            cost.add(facts.reading);
        }
        if let Some(plans) = &mut self.plans {
            plans.add(facts);
        }
        if let Some(reviews) = &mut self.reviews {
            reviews.add(facts);
        }
    }

    fn count(&mut self, reading: &CommitReading, day: i64, lines: LineSums) {
        if let Some(sums) = &mut self.lines {
            sums.of_class(reading.class).add(lines);
        }
        self.seen += 1;
        self.commits += 1;
        self.mismatches += u64::from(!reading.mismatches.is_empty());
        self.missing_notes += u64::from(reading.note == Noted::Missing);
        match reading.class {
            Class::Recorded(Grade::Observed) => self.observed += 1,
            Class::Recorded(Grade::Declared) => self.declared += 1,
            Class::Recorded(Grade::Inferred | Grade::Unknown) => self.inferred += 1,
            Class::MarksOnly => self.marks_only += 1,
            Class::Human => {
                self.human += 1;
                self.days.entry(day).or_default().human += 1;
            }
            Class::Unknown if reading.bot => {
                self.unknown += 1;
                self.bots += 1;
            }
            Class::Unknown => {
                self.unknown += 1;
                self.days.entry(day).or_default().unknown += 1;
            }
        }
        if matches!(reading.class, Class::Recorded(_) | Class::MarksOnly) {
            if day >= FIRST_POSSIBLE_DAY {
                self.first_mark = Some(self.first_mark.map_or(day, |first| first.min(day)));
            }
            self.add_parts(reading, day, lines);
        }
    }

    /// Counts a note in a format newer than ours.
    pub fn add_newer_note(&mut self) {
        self.newer_notes += 1;
    }

    /// Counts a note that cannot be read.
    pub fn add_damaged_note(&mut self) {
        self.damaged_notes += 1;
    }

    fn add_parts(&mut self, reading: &CommitReading, day: i64, lines: LineSums) {
        if reading.parts.is_empty() {
            self.tool_only.commits += 1;
            self.tool_only.other_phase +=
                u64::from(!reading.tool_phases.iter().all(Phase::is_main));
            let mut phases: Vec<_> = reading.tool_phases.iter().map(Some).collect();
            if phases.is_empty() {
                phases.push(None);
            }
            for phase in phases {
                self.tool_only.cells.add(phase, Cell::one(day, lines));
            }
        }
        // Where a record tells the lines of one model, a part without any wrote none.
        let has_own_lines = reading.parts.iter().any(|part| part.lines.is_some());
        for (place, part) in reading.parts.iter().enumerate() {
            let earlier = &reading.parts[..place];
            let counts = match self.models.get_mut(part.model.id()) {
                Some(counts) => counts,
                None => self
                    .models
                    .entry(part.model.id().to_owned())
                    .or_insert_with(|| ModelCounts::new(&part.model)),
            };
            if !earlier.iter().any(|other| other.model.id() == part.model.id()) {
                counts.commits += 1;
                let mut phases =
                    reading.parts.iter().filter(|other| other.model.id() == part.model.id());
                let is_other =
                    phases.any(|one| one.phase.as_ref().is_some_and(|phase| !phase.is_main()));
                counts.other_phase += u64::from(is_other);
            }
            let same =
                |other: &&Part| other.model.id() == part.model.id() && other.phase == part.phase;
            if !earlier.iter().any(|other| same(&other)) {
                let mut own = LineSums::default();
                let parts = reading.parts.iter().filter(same);
                parts.filter_map(|part| part.lines).for_each(|lines| own.add(lines.into()));
                let lines = if has_own_lines { own } else { lines };
                counts.cells.add(part.phase.as_ref(), Cell::one(day, lines));
            }
            // Threads meet spellings in any order; the result must not depend on it.
            if part.model.display() < counts.display.as_str() {
                part.model.display().clone_into(&mut counts.display);
            }
        }
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: Self) {
        self.seen += other.seen;
        self.commits += other.commits;
        self.observed += other.observed;
        self.declared += other.declared;
        self.inferred += other.inferred;
        self.marks_only += other.marks_only;
        self.human += other.human;
        self.unknown += other.unknown;
        self.bots += other.bots;
        self.mismatches += other.mismatches;
        self.missing_notes += other.missing_notes;
        self.newer_notes += other.newer_notes;
        self.damaged_notes += other.damaged_notes;
        self.first_mark = self.first_mark.into_iter().chain(other.first_mark).min();
        for (day, counts) in other.days {
            let own = self.days.entry(day).or_default();
            own.unknown += counts.unknown;
            own.human += counts.human;
        }
        for (id, counts) in other.models {
            match self.models.get_mut(&id) {
                Some(own) => own.merge(counts),
                None => {
                    self.models.insert(id, counts);
                }
            }
        }
        self.tool_only.merge(other.tool_only);
        match (&mut self.lines, other.lines) {
            (Some(own), Some(other)) => own.merge(&other),
            (own, other) => *own = own.or(other),
        }
        match (&mut self.groups, other.groups) {
            (Some(own), Some(other)) => own.merge(other),
            (own, other) => *own = own.take().or(other),
        }
        match (&mut self.outcomes, other.outcomes) {
            (Some(own), Some(other)) => own.merge(other),
            (own, other) => *own = own.take().or(other),
        }
        match (&mut self.cost, other.cost) {
            (Some(own), Some(other)) => own.merge(&other),
            (own, other) => *own = own.take().or(other),
        }
        match (&mut self.plans, other.plans) {
            (Some(own), Some(other)) => own.merge(other),
            (own, other) => *own = own.take().or(other),
        }
        match (&mut self.reviews, other.reviews) {
            (Some(own), Some(other)) => own.merge(other),
            (own, other) => *own = own.take().or(other),
        }
    }

    /// Takes out what a full report needs; the rest of the count goes on without it.
    pub(super) fn take_outcomes(&mut self) -> Option<Outcomes> {
        self.outcomes.take()
    }

    /// Ends the count.
    pub fn finish(self) -> Summary {
        let before =
            self.days.iter().filter(|(day, _)| self.first_mark.is_some_and(|first| **day < first));
        let (before_first_mark, human_before_first_mark) = before
            .fold((0, 0), |(unknown, human), (_, day)| (unknown + day.unknown, human + day.human));
        let coverage = Coverage {
            recorded: self.observed + self.declared + self.inferred,
            observed: self.observed,
            declared: self.declared,
            marks_only: self.marks_only,
            human: self.human,
            unknown: self.unknown,
            bots: self.bots,
            before_first_mark,
            human_before_first_mark,
        };
        let mut models: Vec<_> =
            self.models.into_iter().map(|(id, counts)| counts.row(id)).collect();
        models.sort_unstable_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.id.cmp(&b.id)));
        Summary {
            seen: self.seen,
            commits: self.commits,
            coverage,
            first_mark_day: self.first_mark,
            models,
            tool_only: self.tool_only.row(String::new()),
            lines: self.lines,
            groups: self.groups,
            full: None,
            cost: self.cost,
            plans: self.plans,
            reviews: self.reviews,
            mismatches: self.mismatches,
            missing_notes: self.missing_notes,
            newer_notes: self.newer_notes,
            damaged_notes: self.damaged_notes,
        }
    }
}

impl Summary {
    /// Adds the counts of another repository. What a full report tells more stays with each.
    pub fn merge(&mut self, other: &Self) {
        self.seen += other.seen;
        self.commits += other.commits;
        self.coverage.merge(&other.coverage);
        self.first_mark_day = self.first_mark_day.into_iter().chain(other.first_mark_day).min();
        self.mismatches += other.mismatches;
        self.missing_notes += other.missing_notes;
        self.newer_notes += other.newer_notes;
        self.damaged_notes += other.damaged_notes;
        self.full = None;
        self.plans = None;
        self.reviews = None;
        for row in &other.models {
            match self.models.iter_mut().find(|own| own.id == row.id) {
                Some(own) => own.merge(row),
                None => self.models.push(row.clone()),
            }
        }
        self.models
            .sort_unstable_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.id.cmp(&b.id)));
        self.tool_only.merge(&other.tool_only);
        match (&mut self.lines, &other.lines) {
            (Some(own), Some(other)) => own.merge(other),
            (own, other) => *own = own.or(*other),
        }
        match (&mut self.groups, &other.groups) {
            (Some(own), Some(other)) => own.merge(other.clone()),
            (own, other) => *own = own.take().or_else(|| other.clone()),
        }
        match (&mut self.cost, &other.cost) {
            (Some(own), Some(other)) => own.merge(other),
            (own, other) => *own = own.take().or_else(|| other.clone()),
        }
    }
}

impl Coverage {
    fn merge(&mut self, other: &Self) {
        self.recorded += other.recorded;
        self.observed += other.observed;
        self.declared += other.declared;
        self.marks_only += other.marks_only;
        self.human += other.human;
        self.unknown += other.unknown;
        self.bots += other.bots;
        self.before_first_mark += other.before_first_mark;
        self.human_before_first_mark += other.human_before_first_mark;
    }

    /// Returns the commits since the first mark of which something is known.
    pub fn known_since_first_mark(&self) -> u64 {
        self.recorded + self.marks_only + self.human - self.human_before_first_mark
    }

    /// Returns the commits since the first mark that are unknown and by no bot.
    pub fn unknown_since_first_mark(&self) -> u64 {
        self.unknown - self.bots - self.before_first_mark
    }
}

impl ClassLines {
    /// Returns the lines of all commits.
    pub fn all(&self) -> LineSums {
        let mut all = LineSums::default();
        for class in [self.recorded, self.marks_only, self.human, self.unknown] {
            all.add(class);
        }
        all
    }

    fn of_class(&mut self, class: Class) -> &mut LineSums {
        match class {
            Class::Recorded(_) => &mut self.recorded,
            Class::MarksOnly => &mut self.marks_only,
            Class::Human => &mut self.human,
            Class::Unknown => &mut self.unknown,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.recorded.add(other.recorded);
        self.marks_only.add(other.marks_only);
        self.human.add(other.human);
        self.unknown.add(other.unknown);
    }
}

#[cfg(test)]
mod tests;
