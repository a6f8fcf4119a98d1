//! What `git model log --full` says of plans, and of mistakes in sharing work.

use chrono::Duration;
use serde::Serialize;

use crate::format::{Fact, thousands};
use crate::provenance::MistakeKind;

/// What became of the plans that commits followed, and how often work was shared badly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanFacts {
    /// Plans that commits followed.
    pub followed: u64,
    /// Of these: approved before the first commit.
    pub approved_before: u64,
    /// Of these: approved after it.
    pub approved_after: u64,
    /// Of these: never approved.
    pub never_approved: u64,
    /// Of these: not in this repository.
    pub not_here: u64,
    /// Plans that are here and that no commit followed.
    pub without_commits: u64,
    /// How often a plan went back to its planner.
    pub corrections: u64,
    /// Plans that another model than the planner carried out, where nobody said that it was handed over.
    pub missing_handoffs: u64,
    /// Of each model that carried plans out: its name, how many, and the median time from approval to the last commit.
    pub times: Vec<(String, u64, i64)>,
    /// How many commits have each mistake; those that were silenced left out.
    pub mistakes: Vec<(MistakeKind, u64)>,
}

impl PlanFacts {
    /// Returns it for people; nothing where there is nothing to tell.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        facts.extend(self.plans());
        let lines = self.times.iter().map(|(name, plans, seconds)| {
            let noun = if *plans == 1 { "plan" } else { "plans" };
            let time = duration(*seconds);
            format!("{name}: {time} from approval to the last commit, {} {noun}", thousands(*plans))
        });
        let lines = lines.collect::<Vec<_>>();
        if !lines.is_empty() {
            facts.push(Fact { label: "Time".to_owned(), lines });
        }
        let told = self.mistakes.iter().filter(|(_, commits)| *commits > 0);
        let lines = told
            .map(|(kind, commits)| format!("{} {}", thousands(*commits), words(*kind, *commits)));
        let lines = lines.collect::<Vec<_>>();
        if !lines.is_empty() {
            facts.push(Fact { label: "Mistakes".to_owned(), lines });
        }
        facts
    }

    fn plans(&self) -> Option<Fact> {
        if self.followed + self.without_commits == 0 {
            return None;
        }
        let counted = [
            (self.approved_before, "approved before the first commit"),
            (self.approved_after, "after it"),
            (self.never_approved, "never"),
            (self.not_here, "not here"),
        ];
        let parts = counted.iter().filter(|(number, _)| *number > 0);
        let parts = parts.map(|(number, words)| format!("{} {words}", thousands(*number)));
        let mut lines = vec![format!(
            "{} followed by commits: {}",
            thousands(self.followed),
            parts.collect::<Vec<_>>().join(", ")
        )];
        if self.followed == 0 {
            lines.clear();
        }
        let more = [
            (self.without_commits, "without a commit", "without a commit"),
            (self.corrections, "course correction", "course corrections"),
            (self.missing_handoffs, "handoff missing", "handoffs missing"),
        ];
        let parts = more.iter().filter(|(number, ..)| *number > 0).map(|(number, one, several)| {
            format!("{} {}", thousands(*number), if *number == 1 { one } else { several })
        });
        let parts = parts.collect::<Vec<_>>();
        lines.extend((!parts.is_empty()).then(|| parts.join(", ")));
        Some(Fact { label: "Plans".to_owned(), lines })
    }
}

fn words(kind: MistakeKind, commits: u64) -> &'static str {
    match (kind, commits) {
        (MistakeKind::WeakPlanner, 1) => {
            "commit planned by a weaker model, or begun by one without a plan"
        }
        (MistakeKind::WeakPlanner, _) => {
            "commits planned by a weaker model, or begun by one without a plan"
        }
        (MistakeKind::NoPlan, 1) => "commit of 200 lines or more without an approved plan",
        (MistakeKind::NoPlan, _) => "commits of 200 lines or more without an approved plan",
        (MistakeKind::CostlyImplementer, 1) => {
            "commit that carries a plan out with the planner's own tier"
        }
        (MistakeKind::CostlyImplementer, _) => {
            "commits that carry a plan out with the planner's own tier"
        }
    }
}

/// Writes a time in its two largest units.
fn duration(seconds: i64) -> String {
    let time = Duration::seconds(seconds.max(0));
    let (days, hours, minutes) = (time.num_days(), time.num_hours() % 24, time.num_minutes() % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h {minutes} min"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}

/// What a full report says of plans on the wire.
#[derive(Debug, Serialize)]
pub(super) struct PlansJson<'a> {
    followed: u64,
    approved_before_first_commit: u64,
    approved_after: u64,
    never_approved: u64,
    not_here: u64,
    without_commits: u64,
    course_corrections: u64,
    handoffs_missing: u64,
    times: Vec<TimeJson<'a>>,
}

#[derive(Debug, Serialize)]
struct TimeJson<'a> {
    implementer: &'a str,
    plans: u64,
    median_seconds: i64,
}

/// A mistake on the wire, and in how many commits it is.
#[derive(Debug, Serialize)]
pub(super) struct MistakeCountJson {
    kind: &'static str,
    commits: u64,
    setting: &'static str,
}

pub(super) fn json(facts: &PlanFacts) -> PlansJson<'_> {
    PlansJson {
        followed: facts.followed,
        approved_before_first_commit: facts.approved_before,
        approved_after: facts.approved_after,
        never_approved: facts.never_approved,
        not_here: facts.not_here,
        without_commits: facts.without_commits,
        course_corrections: facts.corrections,
        handoffs_missing: facts.missing_handoffs,
        times: facts
            .times
            .iter()
            .map(|(implementer, plans, seconds)| TimeJson {
                implementer,
                plans: *plans,
                median_seconds: *seconds,
            })
            .collect(),
    }
}

pub(super) fn mistakes_json(facts: &PlanFacts) -> Vec<MistakeCountJson> {
    let row = |(kind, commits): &(MistakeKind, u64)| MistakeCountJson {
        kind: kind.as_str(),
        commits: *commits,
        setting: kind.key(),
    };
    facts.mistakes.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_units() {
        assert_eq!([59, 3700, 200_000].map(duration), ["0 min", "1 h 1 min", "2 d 7 h"]);
    }
}
