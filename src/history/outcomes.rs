//! What came of commits: who planned for whom, how many were reverted, and what else a full report tells.
//!
//! Counts are over equal windows: a commit is judged by its first thirty days, and only if it is that old.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::git::AgentFile;
use crate::history::{Class, CommitFacts, CommitReading};
use crate::provenance::{CommitId, ModelName, Phase};

/// How long a commit is watched for a revert.
const WINDOW_SECONDS: i64 = 30 * SECONDS_PER_DAY;

const SECONDS_PER_DAY: i64 = 86_400;

/// By these words `git revert` names the commit that it takes back.
const REVERTS: &str = "This reverts commit ";

/// Of whom an outcome is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Made {
    /// Planned by one model and written by another, or by the same one; ids.
    Planned {
        /// The planner.
        planner: String,
        /// The implementer.
        implementer: String,
    },
    /// Recorded, with nobody who planned.
    WithoutPlan,
    /// With any part of a model; its id.
    By(String),
    /// Without a model or tool that is named, bots left out: what the others are compared with.
    WithoutModel,
}

/// Outcomes of a part of a history; those of several threads are merged.
#[derive(Debug, Clone, Default)]
pub struct Outcomes {
    made: HashMap<Made, BTreeMap<i64, u64>>,
    names: HashMap<String, String>,
    reverts: HashMap<CommitId, i64>,
    /// The first eight bytes of every counted id, to know whether a reverted commit is among them.
    seen: Vec<u64>,
    newest: i64,
    days: BTreeMap<i64, u64>,
    bots: HashMap<String, u64>,
    asked: HashMap<(String, String), u64>,
}

/// What a full report tells beside models and phases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Full {
    /// Outcomes, those with most commits first.
    pub outcomes: Vec<Outcome>,
    /// The names of authors that are programs and no AI, with their commits, most first.
    pub bots: Vec<(String, u64)>,
    /// The model that was asked for, the one that answered, and in how many commits; most first.
    pub asked: Vec<(String, String, u64)>,
    /// The agent configuration file that was added first.
    pub agent_file: Option<AgentFile>,
    /// Commits before the day of that file.
    pub before_agent_file: u64,
    /// Commits before the day of the first mark.
    pub before_first_mark: u64,
}

/// Commits of one kind and how many of them were reverted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Of whom.
    pub made: Made,
    /// The display names of the models, the planner's first.
    pub names: Vec<String>,
    /// How many commits.
    pub commits: u64,
    /// Of these: at least thirty days older than the newest commit.
    pub judged: u64,
    /// Of these: reverted in their first thirty days.
    pub reverted: u64,
}

impl Outcomes {
    pub(super) fn add(&mut self, facts: &CommitFacts<'_>) {
        let day = facts.seconds.div_euclid(SECONDS_PER_DAY);
        self.newest = self.newest.max(facts.seconds);
        self.seen.push(short(facts.id));
        *self.days.entry(day).or_default() += 1;
        for id in reverted_ids(facts.message) {
            let first = self.reverts.entry(id).or_insert(facts.seconds);
            *first = facts.seconds.min(*first);
        }
        let reading = facts.reading;
        if reading.bot && reading.class == Class::Unknown {
            *self.bots.entry(facts.author.name.to_owned()).or_default() += 1;
        }
        let mut asked: Vec<(&ModelName, &ModelName)> = Vec::new();
        for part in &reading.parts {
            self.names
                .entry(part.model.id().to_owned())
                .and_modify(|name| {
                    if part.model.display() < name.as_str() {
                        part.model.display().clone_into(name);
                    }
                })
                .or_insert_with(|| part.model.display().to_owned());
            if let Some(requested) = &part.requested
                && !asked.contains(&(requested, &part.model))
            {
                asked.push((requested, &part.model));
            }
        }
        for (requested, answered) in asked {
            let pair = (requested.display().to_owned(), answered.display().to_owned());
            *self.asked.entry(pair).or_default() += 1;
        }
        for made in made(reading) {
            *self.made.entry(made).or_default().entry(day).or_default() += 1;
        }
    }

    /// Adds the counts of another thread.
    pub(super) fn merge(&mut self, other: Self) {
        self.newest = self.newest.max(other.newest);
        self.seen.extend(other.seen);
        for (made, days) in other.made {
            let own = self.made.entry(made).or_default();
            for (day, count) in days {
                *own.entry(day).or_default() += count;
            }
        }
        for (id, seconds) in other.reverts {
            let first = self.reverts.entry(id).or_insert(seconds);
            *first = seconds.min(*first);
        }
        for (id, name) in other.names {
            let own = self.names.entry(id).or_insert_with(|| name.clone());
            if name < *own {
                *own = name;
            }
        }
        other.days.into_iter().for_each(|(day, count)| *self.days.entry(day).or_default() += count);
        other.bots.into_iter().for_each(|(bot, count)| *self.bots.entry(bot).or_default() += count);
        other
            .asked
            .into_iter()
            .for_each(|(two, count)| *self.asked.entry(two).or_default() += count);
    }

    /// Returns the counted commits that were reverted, with the time of their first revert.
    pub(super) fn reverted(&self) -> Vec<(CommitId, i64)> {
        let mut wanted: HashSet<u64> = self.reverts.keys().map(|id| short(*id)).collect();
        let seen: HashSet<u64> = self.seen.iter().copied().filter(|id| wanted.remove(id)).collect();
        let reverts = self.reverts.iter().map(|(id, seconds)| (*id, *seconds));
        reverts.filter(|(id, _)| seen.contains(&short(*id))).collect()
    }

    /// Ends the count; `reverted` are the readings and times of the reverted commits, with the time of the revert.
    pub(super) fn finish(
        self,
        reverted: &[(CommitReading, i64, i64)],
        first_mark: Option<i64>,
        agent_file: Option<AgentFile>,
    ) -> Full {
        let last_day = (self.newest - WINDOW_SECONDS).div_euclid(SECONDS_PER_DAY);
        let mut counts: HashMap<Made, u64> = HashMap::new();
        for (reading, committed, reverted) in reverted {
            let is_judged = committed.div_euclid(SECONDS_PER_DAY) <= last_day;
            if is_judged && reverted - committed <= WINDOW_SECONDS {
                for made in made(reading) {
                    *counts.entry(made).or_default() += 1;
                }
            }
        }
        let name = |id: &String| self.names.get(id).unwrap_or(id).clone();
        let mut outcomes: Vec<Outcome> = self
            .made
            .iter()
            .map(|(made, days)| Outcome {
                names: match made {
                    Made::Planned { planner, implementer } => {
                        vec![name(planner), name(implementer)]
                    }
                    Made::By(model) => vec![name(model)],
                    Made::WithoutPlan | Made::WithoutModel => Vec::new(),
                },
                commits: days.values().sum(),
                judged: days.range(..=last_day).map(|(_, count)| count).sum(),
                reverted: counts.get(made).copied().unwrap_or(0),
                made: made.clone(),
            })
            .collect();
        outcomes
            .sort_unstable_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.made.cmp(&b.made)));
        let before = |day: i64| self.days.range(..day).map(|(_, count)| count).sum();
        let agent_day = agent_file.as_ref().map(|file| file.seconds.div_euclid(SECONDS_PER_DAY));
        let mut bots: Vec<_> = self.bots.into_iter().collect();
        bots.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut asked: Vec<_> = self.asked.into_iter().map(|((a, b), n)| (a, b, n)).collect();
        asked.sort_unstable_by(|a, b| b.2.cmp(&a.2).then_with(|| a.cmp(b)));
        Full {
            outcomes,
            bots,
            asked,
            agent_file,
            before_agent_file: agent_day.map_or(0, before),
            before_first_mark: first_mark.map_or(0, before),
        }
    }
}

/// Says under what a commit counts.
fn made(reading: &CommitReading) -> HashSet<Made> {
    let of_phase = |phase: Phase| {
        let parts = reading.parts.iter().filter(move |part| part.phase.as_ref() == Some(&phase));
        parts.map(|part| part.model.id().to_owned()).collect::<HashSet<_>>()
    };
    let planners = of_phase(Phase::Architecture);
    let implementers = of_phase(Phase::Implementation);
    let mut made: HashSet<Made> =
        reading.parts.iter().map(|part| Made::By(part.model.id().to_owned())).collect();
    for planner in &planners {
        made.extend(implementers.iter().map(|implementer| Made::Planned {
            planner: planner.clone(),
            implementer: implementer.clone(),
        }));
    }
    match reading.class {
        Class::Recorded(_) if planners.is_empty() => {
            made.insert(Made::WithoutPlan);
        }
        Class::Unknown if reading.bot => {}
        Class::Unknown | Class::Human => {
            made.insert(Made::WithoutModel);
        }
        Class::Recorded(_) | Class::MarksOnly => {}
    }
    made
}

fn reverted_ids(message: &str) -> impl Iterator<Item = CommitId> + '_ {
    message.match_indices(REVERTS).filter_map(|(at, words)| {
        let rest = &message[at + words.len()..];
        let end = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
        rest[..end].parse().ok()
    })
}

fn short(id: CommitId) -> u64 {
    id.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Part;
    use crate::provenance::Grade;

    const DAY: i64 = SECONDS_PER_DAY;

    fn id(number: u8) -> CommitId {
        CommitId::from_bytes(&[number; 20]).unwrap()
    }

    fn planned() -> CommitReading {
        let part = |name: &str, phase| {
            Part::new(ModelName::parse(name).unwrap(), Some(phase), Grade::Observed)
        };
        let parts = vec![part("alpha", Phase::Architecture), part("beta", Phase::Implementation)];
        CommitReading::new(Class::Recorded(Grade::Observed), parts)
    }

    #[test]
    fn a_commit_is_judged_by_its_first_thirty_days_and_only_if_it_is_that_old() {
        let reading = planned();
        let unknown = CommitReading::new(Class::Unknown, Vec::new());
        let mut outcomes = Outcomes::default();
        for (number, day) in [(1, 0), (2, 0), (3, 80)] {
            outcomes.add(&CommitFacts::new(id(number), &reading, day * DAY));
        }
        let mut other = Outcomes::default();
        for (reverted, day) in [(1, 29), (2, 31), (3, 81), (9, 81)] {
            let message = format!("Revert x\n\n{REVERTS}{}.\n", id(reverted));
            let facts = CommitFacts::new(id(100 + reverted), &unknown, day * DAY);
            other.add(&CommitFacts { message: &message, ..facts });
        }
        outcomes.merge(other);
        let mut reverted = outcomes.reverted();
        reverted.sort_unstable();
        assert_eq!(reverted, [(id(1), 29 * DAY), (id(2), 31 * DAY), (id(3), 81 * DAY)]);
        let at = [0, 0, 80 * DAY];
        let reverted: Vec<_> = reverted
            .into_iter()
            .zip(at)
            .map(|((_, reverted), committed)| (reading.clone(), committed, reverted))
            .collect();
        let full = outcomes.finish(&reverted, Some(80), None);
        let counts = |outcome: &Outcome| (outcome.commits, outcome.judged, outcome.reverted);
        let planned = |outcome: &&Outcome| matches!(outcome.made, Made::Planned { .. });
        let pair = full.outcomes.iter().find(planned).unwrap();
        assert_eq!(counts(pair), (3, 2, 1));
        assert_eq!(pair.names, ["alpha", "beta"]);
        assert_eq!(full.before_first_mark, 4);
    }
}
