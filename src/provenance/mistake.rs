//! The three mistakes in sharing work among models of unlike strength; told, and never in the way.

use super::{CommitRecord, ModelName, Origin, Phase, Strength, compare_strength};

/// A change of so many lines should have a plan.
pub const LARGE_CHANGE: u32 = 200;

/// A mistake in who does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A model planned, or made a large change without a plan, where a stronger one was to plan.
    WeakPlanner {
        /// The model that planned, or began without.
        model: ModelName,
        /// The stronger one.
        stronger: ModelName,
        /// The lines of a change without a plan; `None` for a plan.
        lines: Option<u32>,
    },
    /// A large change by models without an approved plan.
    NoPlan {
        /// The model with most lines of it.
        model: ModelName,
        /// The lines by models.
        lines: u32,
    },
    /// An approved plan is carried out by a model of the planner's tier, or a higher one, where a lower one is in use.
    CostlyImplementer {
        /// The model that carries it out.
        model: ModelName,
        /// The model of a lower tier.
        lower: ModelName,
    },
}

/// Which of the three a mistake is; each can be silenced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MistakeKind {
    /// See [`Mistake::WeakPlanner`].
    WeakPlanner,
    /// See [`Mistake::NoPlan`].
    NoPlan,
    /// See [`Mistake::CostlyImplementer`].
    CostlyImplementer,
}

/// Who works on a repository, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Team {
    /// Who is to plan (`model.planner`).
    pub planner: Option<ModelName>,
    /// Who is to carry plans out (`model.implementer`).
    pub implementer: Option<ModelName>,
    /// The planners of the last approved plans.
    pub last_planners: Vec<ModelName>,
    /// All models that are in use.
    pub in_use: Vec<ModelName>,
}

/// A piece of work: a commit, a coming one, or a plan that is carried out.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The models that planned it.
    pub planners: Vec<ModelName>,
    /// The models that wrote it, each with its changed lines.
    pub writers: Vec<(ModelName, u32)>,
    /// It follows an approved plan.
    pub is_approved: bool,
}

impl MistakeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::WeakPlanner, Self::NoPlan, Self::CostlyImplementer];

    /// Returns the word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WeakPlanner => "weak-planner",
            Self::NoPlan => "no-plan",
            Self::CostlyImplementer => "costly-implementer",
        }
    }

    /// Returns the key of Git's configuration that silences it.
    pub fn key(self) -> &'static str {
        match self {
            Self::WeakPlanner => "model.mistake.weakPlanner",
            Self::NoPlan => "model.mistake.noPlan",
            Self::CostlyImplementer => "model.mistake.costlyImplementer",
        }
    }
}

impl Mistake {
    /// Returns which one it is.
    pub fn kind(&self) -> MistakeKind {
        match self {
            Self::WeakPlanner { .. } => MistakeKind::WeakPlanner,
            Self::NoPlan { .. } => MistakeKind::NoPlan,
            Self::CostlyImplementer { .. } => MistakeKind::CostlyImplementer,
        }
    }
}

impl Team {
    /// Returns who is to plan: whom the settings name, else the strongest of the last planners.
    fn expected_planner(&self) -> Option<&ModelName> {
        self.planner.as_ref().or_else(|| {
            let mut last = self.last_planners.iter();
            let first = last.next()?;
            Some(last.fold(first, |best, one| if is_lower(best, one) { one } else { best }))
        })
    }

    /// Finds the mistakes in a piece of work.
    pub fn mistakes_in(&self, work: &Work) -> Vec<Mistake> {
        let mut found = Vec::new();
        found.extend(self.weak_planner(work));
        let lines = work.lines();
        if lines >= LARGE_CHANGE
            && !work.is_approved
            && let Some(model) = work.main_writer()
        {
            found.push(Mistake::NoPlan { model: model.clone(), lines });
        }
        found.extend(self.costly_implementer(work));
        found
    }

    fn weak_planner(&self, work: &Work) -> Option<Mistake> {
        let expected = self.expected_planner();
        if work.planners.is_empty() {
            let (model, stronger) = (work.main_writer()?, expected?);
            let is_weak = work.lines() >= LARGE_CHANGE && is_lower(model, stronger);
            return is_weak.then(|| Mistake::WeakPlanner {
                model: model.clone(),
                stronger: stronger.clone(),
                lines: Some(work.lines()),
            });
        }
        work.planners.iter().find_map(|planner| {
            // Whoever is set to plan is meant to, also where those that carry out are stronger.
            let is_meant = self.planner.as_ref().is_some_and(|set| !is_lower(planner, set));
            let writers = work.writers.iter().map(|(model, _)| model);
            let stronger = expected
                .filter(|expected| is_lower(planner, expected))
                .or_else(|| writers.clone().find(|one| !is_meant && is_lower(planner, one)))?;
            Some(Mistake::WeakPlanner {
                model: planner.clone(),
                stronger: stronger.clone(),
                lines: None,
            })
        })
    }

    fn costly_implementer(&self, work: &Work) -> Option<Mistake> {
        let planner = work.planners.first().filter(|_| work.is_approved)?;
        let writers = work.writers.iter().filter(|(_, lines)| *lines > 0).map(|(model, _)| model);
        let mut costly = writers.filter(|model| {
            let is_meant = self.implementer.as_ref().is_some_and(|set| is_same_line(model, set));
            !is_meant && (is_same_line(model, planner) || is_lower(planner, model))
        });
        let model = costly.next()?;
        // The strongest of those below: nobody would be asked to do with less.
        let lower = self.in_use.iter().filter(|one| is_lower(one, planner));
        let lower = lower.reduce(|best, one| if is_lower(best, one) { one } else { best })?;
        Some(Mistake::CostlyImplementer { model: model.clone(), lower: lower.clone() })
    }
}

impl Work {
    /// Reads it off the record of a commit.
    pub fn of(record: &CommitRecord) -> Self {
        let mut work = Self {
            is_approved: record.plans.iter().any(|plan| plan.approved_by.is_some()),
            ..Self::default()
        };
        for one in &record.contributions {
            let Origin::Model { model, phase, .. } = &one.origin else { continue };
            if *phase == Some(Phase::Architecture) && !work.planners.contains(model) {
                work.planners.push(model.clone());
            }
            let lines = one.lines.changed();
            if lines > 0 {
                match work.writers.iter_mut().find(|(known, _)| known == model) {
                    Some((_, sum)) => *sum = sum.saturating_add(lines),
                    None => work.writers.push((model.clone(), lines)),
                }
            }
        }
        work
    }

    fn lines(&self) -> u32 {
        self.writers.iter().fold(0, |sum, (_, lines)| sum.saturating_add(*lines))
    }

    fn main_writer(&self) -> Option<&ModelName> {
        self.writers.iter().max_by_key(|(_, lines)| *lines).map(|(model, _)| model)
    }
}

/// Says whether a model is of a lower tier than another; two versions of one line are of one tier.
fn is_lower(model: &ModelName, other: &ModelName) -> bool {
    !is_same_line(model, other) && compare_strength(model, other) == Strength::Weaker
}

fn is_same_line(model: &ModelName, other: &ModelName) -> bool {
    model == other || (model.line().is_some() && model.line() == other.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ModelName {
        ModelName::parse(text).unwrap()
    }

    fn names(texts: &[&str]) -> Vec<ModelName> {
        texts.iter().map(|text| name(text)).collect()
    }

    fn work(planners: &[&str], writers: &[(&str, u32)], is_approved: bool) -> Work {
        let writers = writers.iter().map(|(model, lines)| (name(model), *lines)).collect();
        Work { planners: names(planners), writers, is_approved }
    }

    fn told(team: &Team, work: &Work) -> String {
        let words = team.mistakes_in(work).into_iter().map(|mistake| match mistake {
            Mistake::WeakPlanner { model, stronger, lines } => {
                format!("weak {} < {} {lines:?}", model.display(), stronger.display())
            }
            Mistake::NoPlan { model, lines } => format!("no plan {} {lines}", model.display()),
            Mistake::CostlyImplementer { model, lower } => {
                format!("costly {} > {}", model.display(), lower.display())
            }
        });
        words.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_plan_by_a_weaker_model_than_the_planner_is_told() {
        let team = Team { planner: Some(name("Opus 5.5")), ..Team::default() };
        let weak = work(&["Sonnet 5.5"], &[("Sonnet 5.5", 20)], true);
        assert_eq!(told(&team, &weak), "weak Sonnet 5.5 < Opus 5.5 None");
        assert_eq!(told(&team, &work(&["Opus 5.2"], &[("Sonnet 5.5", 20)], true)), "");
        assert_eq!(told(&team, &work(&["Fable 5.2"], &[("Sonnet 5.5", 20)], true)), "");
        // Nobody set a planner, and nobody planned before.
        assert_eq!(told(&Team::default(), &weak), "");
    }

    #[test]
    fn without_a_setting_the_strongest_of_the_last_planners_is_meant() {
        let team = Team {
            last_planners: names(&["Sonnet 5.5", "Fable 5.2", "Opus 5.5"]),
            ..Team::default()
        };
        let plan = |planner: &str| work(&[planner], &[("Haiku 5.5", 20)], true);
        assert_eq!(told(&team, &plan("Opus 5.5")), "weak Opus 5.5 < Fable 5.2 None");
        assert_eq!(told(&team, &plan("Fable 5.2")), "");
        let unplanned = work(&[], &[("Opus 5.5", 150), ("Sonnet 5.5", 60)], false);
        assert_eq!(
            told(&team, &unplanned),
            "weak Opus 5.5 < Fable 5.2 Some(210); no plan Opus 5.5 210"
        );
        assert_eq!(told(&team, &work(&[], &[("Opus 5.5", 199)], false)), "");
    }

    #[test]
    fn a_planner_below_its_implementer_is_told_unless_it_was_set() {
        let reversed = work(&["Sonnet 5.5"], &[("Opus 5.5", 20)], true);
        let mut team = Team { in_use: names(&["Sonnet 5.5", "Opus 5.5"]), ..Team::default() };
        assert_eq!(told(&team, &reversed), "weak Sonnet 5.5 < Opus 5.5 None");
        team.planner = Some(name("Sonnet 5.5"));
        assert_eq!(told(&team, &reversed), "");
    }

    #[test]
    fn a_large_change_without_an_approved_plan_is_told() {
        let team = Team::default();
        assert_eq!(told(&team, &work(&[], &[("Opus 5.5", 200)], false)), "no plan Opus 5.5 200");
        assert_eq!(
            told(&team, &work(&["Opus 5.5"], &[("Opus 5.5", 200)], false)),
            "no plan Opus 5.5 200"
        );
        assert_eq!(told(&team, &work(&["Opus 5.5"], &[("Opus 5.5", 200)], true)), "");
        assert_eq!(told(&team, &work(&[], &[], false)), "");
    }

    #[test]
    fn carrying_out_with_the_planner_s_tier_is_told_where_a_lower_one_is_in_use() {
        let mut team =
            Team { in_use: names(&["Opus 5.5", "Haiku 5.5", "Sonnet 5.5"]), ..Team::default() };
        let own = work(&["Opus 5.5"], &[("Opus 5.5", 20)], true);
        assert_eq!(told(&team, &own), "costly Opus 5.5 > Sonnet 5.5");
        assert_eq!(told(&team, &work(&["Opus 5.5"], &[("Sonnet 5.5", 20)], true)), "");
        assert_eq!(told(&team, &work(&["Opus 5.5"], &[("Opus 5.5", 20)], false)), "");
        // A team with one model has no other, and who was set to carry out is meant to.
        let alone = Team { in_use: names(&["Opus 5.5"]), ..Team::default() };
        assert_eq!(told(&alone, &own), "");
        team.implementer = Some(name("Opus 5.5"));
        assert_eq!(told(&team, &own), "");
    }
}
