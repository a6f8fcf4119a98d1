//! Which plans commits followed, and who worked how on them: what is needed to judge how work is shared.

use std::collections::HashMap;

use crate::history::{CommitFacts, CommitReading};
use crate::provenance::{LineCounts, ModelName, Phase, PlanId, Work};

/// Counts of plans and of ways of working; those of several threads are merged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanCounts {
    /// The plans that commits followed.
    pub plans: HashMap<PlanId, PlanSpan>,
    /// The commits of each way of working: who planned, who wrote, whether much, whether by an approved plan.
    pub works: HashMap<Work, u64>,
}

/// The commits that followed one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSpan {
    /// How many.
    pub commits: u64,
    /// The committer's time of the first and of the last, in seconds since 1970.
    pub first: i64,
    /// See `first`.
    pub last: i64,
    /// The models that wrote them, by their ids.
    pub writers: Vec<ModelName>,
}

impl PlanSpan {
    fn merge(&mut self, other: Self) {
        self.commits += other.commits;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.writers.extend(other.writers);
        self.writers.sort_by(|one, other| one.id().cmp(other.id()));
        self.writers.dedup();
    }
}

impl PlanCounts {
    pub(super) fn add(&mut self, facts: &CommitFacts<'_>) {
        let writers = facts
            .reading
            .parts
            .iter()
            .filter(|part| part.lines.is_some_and(|lines| lines.changed() > 0));
        let writers = writers.map(|part| part.model.clone()).collect::<Vec<_>>();
        for plan in &facts.reading.plans {
            let (first, last) = (facts.seconds, facts.seconds);
            let span = PlanSpan { commits: 1, first, last, writers: writers.clone() };
            self.add_span(&plan.id, span);
        }
        if let Some(work) = work_of(facts.reading) {
            *self.works.entry(work).or_default() += 1;
        }
    }

    fn add_span(&mut self, plan: &PlanId, span: PlanSpan) {
        match self.plans.get_mut(plan) {
            Some(known) => known.merge(span),
            None => drop(self.plans.insert(plan.clone(), span)),
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (plan, span) in other.plans {
            self.add_span(&plan, span);
        }
        for (work, count) in other.works {
            *self.works.entry(work).or_default() += count;
        }
    }
}

/// Returns how a commit was worked on, as far as its record counts lines; sizes are rounded, so that few are unlike.
fn work_of(reading: &CommitReading) -> Option<Work> {
    let mut work = Work {
        is_approved: reading.plans.iter().any(|plan| plan.approved_by.is_some()),
        ..Work::default()
    };
    for part in &reading.parts {
        if part.phase == Some(Phase::Architecture) && !work.planners.contains(&part.model) {
            work.planners.push(part.model.clone());
        }
        let lines = part.lines.map_or(0, LineCounts::changed);
        if lines > 0 {
            work.add_writer(&part.model, lines);
        }
    }
    if work.writers.is_empty() {
        return None;
    }
    work.round();
    Some(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Class, Part};
    use crate::provenance::{ApprovedBy, CommitId, FollowedPlan, Grade, LARGE_CHANGE, LineCounts};

    fn reading(lines: u32) -> CommitReading {
        let part = |model: &str, phase, added| Part {
            model: ModelName::parse(model).unwrap(),
            phase: Some(phase),
            agent: None,
            grade: Grade::Observed,
            lines: Some(LineCounts { added, ..LineCounts::default() }),
            requested: None,
        };
        let parts = vec![
            part("claude-opus-5-5", Phase::Architecture, 0),
            part("claude-sonnet-5-5", Phase::Implementation, lines),
            part("claude-haiku-5-5", Phase::Implementation, 7),
        ];
        let mut reading = CommitReading::new(Class::Recorded(Grade::Observed), parts);
        reading.plans = vec![FollowedPlan {
            id: "7f3a9c1b".parse().unwrap(),
            version: 1,
            hash: CommitId::from_bytes(&[0; 20]).unwrap(),
            approved_by: Some(ApprovedBy::Person),
            steps: None,
            grade: Grade::Observed,
        }];
        reading
    }

    #[test]
    fn commits_of_one_size_are_one_way_of_working() {
        let id = CommitId::from_bytes(&[0; 20]).unwrap();
        let mut counts = PlanCounts::default();
        for (lines, seconds) in [(10, 50), (20, 40), (LARGE_CHANGE, 60)] {
            let reading = reading(lines);
            let mut other = PlanCounts::default();
            other.add(&CommitFacts::new(id, &reading, seconds));
            counts.merge(other);
        }
        let mut sizes = counts.works.values().copied().collect::<Vec<_>>();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 2]);
        assert!(counts.works.keys().all(|work| work.is_approved && work.planners.len() == 1));
        let span = counts.plans.values().next().unwrap();
        assert_eq!((span.commits, span.first, span.last), (3, 40, 60));
    }
}
