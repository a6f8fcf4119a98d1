//! What became of the plans of a repository: for a full log.

use std::collections::BTreeMap;

use crate::cli::error::CommandError;
use crate::cli::mistakes;
use crate::git::Repo;
use crate::history::{PlanSpan, Summary};
use crate::provenance::{ModelName, Plan, PlanAction};
use crate::report::PlanFacts;
use crate::store::Plans;

/// Joins what commits followed with what is kept of the plans; `None` where nothing was counted.
pub(in crate::cli) fn facts(
    repo: &Repo,
    summary: &Summary,
) -> Result<Option<PlanFacts>, CommandError> {
    let Some(counts) = &summary.plans else { return Ok(None) };
    let plans = Plans::of(repo);
    let mut facts = PlanFacts { followed: counts.plans.len() as u64, ..PlanFacts::default() };
    let mut times = BTreeMap::<String, Vec<i64>>::new();
    let mut here = 0;
    for listed in plans.list()? {
        // One that cannot be read counts as not here.
        let Ok(Some(kept)) = plans.read(&listed.id) else { continue };
        let plan = kept.plan;
        facts.corrections += plan.escalations() as u64;
        let Some(span) = counts.plans.get(&listed.id) else {
            facts.without_commits += 1;
            continue;
        };
        here += 1;
        match first_approval(&plan) {
            None => facts.never_approved += 1,
            Some(at) if at <= span.first => facts.approved_before += 1,
            Some(_) => facts.approved_after += 1,
        }
        facts.missing_handoffs += u64::from(is_handoff_missing(&plan, span));
        let implementer = span.writers.first().or_else(|| plan.implementer());
        if let (Some(approved), Some(model)) = (first_approval(&plan), implementer) {
            let time = span.last.saturating_sub(approved).max(0);
            times.entry(model.display().to_owned()).or_default().push(time);
        }
    }
    facts.not_here = facts.followed.saturating_sub(here);
    facts.times = times.into_iter().map(|(name, times)| of_model(name, times)).collect();
    facts.times.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    let mut team = mistakes::team(repo)?;
    let known = summary.models.iter().filter(|row| row.commits > 0);
    team.in_use.extend(known.filter_map(|row| ModelName::parse(&row.id).ok()));
    for kind in mistakes::wanted(repo)? {
        let has = |work| team.mistakes_in(work).iter().any(|mistake| mistake.kind() == kind);
        let commits = counts.works.iter().filter(|(work, _)| has(work)).map(|(_, count)| count);
        facts.mistakes.push((kind, commits.sum()));
    }
    Ok(Some(facts))
}

fn first_approval(plan: &Plan) -> Option<i64> {
    let approved =
        plan.events.iter().find(|event| matches!(event.action, PlanAction::Approved { .. }));
    approved.map(|event| event.at)
}

/// Says whether another model than the planner wrote, and nobody said that it was handed over.
fn is_handoff_missing(plan: &Plan, span: &PlanSpan) -> bool {
    let Some(planner) = &plan.planner else { return false };
    let is_handed =
        plan.events.iter().any(|event| matches!(event.action, PlanAction::HandedOff { .. }));
    !is_handed && span.writers.iter().any(|writer| *writer != planner.model)
}

/// Returns a model with its number of plans and the median of its times.
fn of_model(name: String, mut times: Vec<i64>) -> (String, u64, i64) {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or(0);
    (name, times.len() as u64, median)
}
