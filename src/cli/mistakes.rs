//! The three mistakes: who is in the team here, which are wanted, and how they are said.

use crate::cli::error::CommandError;
use crate::git::Repo;
use crate::provenance::{Mistake, MistakeKind, ModelName, Phase, PlanState, Team, Usage, catalog};
use crate::report::MistakeLine;
use crate::settings::{Role, Settings};
use crate::store::Plans;

/// So many approved plans say who plans where no setting does.
const LAST_PLANS: usize = 3;

/// So many plans say which models are in use.
const PLANS_OF_MODELS: usize = 20;

/// Returns who works on a repository, as its settings and plans say.
pub(super) fn team(repo: &Repo) -> Result<Team, CommandError> {
    let settings = Settings::of(repo);
    let mut team = Team {
        planner: settings.role(Role::Planner)?,
        implementer: settings.role(Role::Implementer)?,
        ..Team::default()
    };
    team.in_use.extend(team.implementer.clone());
    for head in Plans::of(repo).list()?.into_iter().filter_map(|listed| listed.head) {
        let is_approved =
            matches!(head.state, PlanState::Approved | PlanState::Implementing | PlanState::Done);
        if is_approved && team.last_planners.len() < LAST_PLANS {
            team.last_planners.extend(head.planner.clone());
        }
        team.in_use.extend(head.planner.into_iter().chain(head.implementer));
        if team.in_use.len() > PLANS_OF_MODELS * 2 {
            break;
        }
    }
    Ok(team)
}

/// Returns the kinds that nobody silenced.
pub(super) fn wanted(repo: &Repo) -> Result<Vec<MistakeKind>, CommandError> {
    let settings = Settings::of(repo);
    let mut wanted = Vec::new();
    for kind in MistakeKind::ALL {
        if settings.tells(kind)? {
            wanted.push(kind);
        }
    }
    Ok(wanted)
}

/// Says a mistake in a sentence; `usage` is what the work cost, as far as it is known.
pub(super) fn line(mistake: &Mistake, usage: &[Usage]) -> MistakeLine {
    let text = match mistake {
        Mistake::WeakPlanner { model, stronger, lines: None } => {
            format!("planned by {}, where {} is stronger", model.display(), stronger.display())
        }
        Mistake::WeakPlanner { model, stronger, lines: Some(lines) } => format!(
            "{lines} lines by {} without a plan, where {} plans",
            model.display(),
            stronger.display()
        ),
        Mistake::NoPlan { model, lines } => {
            format!("{lines} lines by {} without an approved plan", model.display())
        }
        Mistake::CostlyImplementer { model, lower } => {
            let more = cost_more(model, lower, usage).map(|more| format!(", {more} more so far"));
            format!(
                "carried out by {}, where {} is in use{}",
                model.display(),
                lower.display(),
                more.unwrap_or_default()
            )
        }
    };
    MistakeLine { kind: mistake.kind(), text }
}

/// Returns what a model cost more than another would have with the same tokens, at list prices.
fn cost_more(model: &ModelName, lower: &ModelName, usage: &[Usage]) -> Option<String> {
    let price = |model: &ModelName| catalog::find(model.id())?.price;
    let (own, other) = (price(model)?, price(lower)?);
    let spent = usage
        .iter()
        .filter(|one| one.model == *model && one.phase == Phase::Implementation)
        .fold((0, 0), |(input, output), one| {
            (input + one.tokens.input, output + one.tokens.output)
        });
    let more =
        own.cost_micros(spent.0, spent.1).checked_sub(other.cost_micros(spent.0, spent.1))?;
    (more > 0).then(|| crate::report::dollars(more))
}
