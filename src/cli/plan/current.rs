//! The plan that the work in a worktree is about now.

use crate::capture::Moment;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::git::Repo;
use crate::provenance::{Plan, PlanState};
use crate::store::{Following, Plans};

/// With more plans than this, only those that are followed here are looked at: a prompt must not wait.
const MOST_PLANS: usize = 200;

/// Finds the plan: handed off on this branch, else approved in an agent's session, else the last that was worked on.
///
/// A plan that is over, or idle, is none. One that cannot be read is as none.
pub(in crate::cli) fn current(
    context: &Context,
    repo: &Repo,
    moment: &Moment<'_>,
) -> Result<Option<Plan>, CommandError> {
    let plans = Plans::of(repo);
    let read = |id: &_| plans.read(id).ok().flatten().map(|kept| kept.plan);
    let is_open = |plan: &Plan| !plan.state.is_over();
    for id in pick::followed_here(context, repo)?.iter().rev() {
        if let Some(plan) = read(id).filter(is_open) {
            return Ok(Some(plan));
        }
    }
    let of_agent = moment.last_agent_plan()?.and_then(|id| read(&id)).filter(is_open);
    if of_agent.is_some() {
        return Ok(of_agent);
    }
    if plans.count()? > MOST_PLANS {
        return Ok(None);
    }
    let is_recent = |plan: &Plan| !Following::is_idle(plan.changed(), context.now());
    let listed = plans.list()?;
    let open = listed.iter().find(|listed| {
        // What is being implemented is so on another branch, or in another worktree.
        listed
            .head
            .as_ref()
            .is_some_and(|head| matches!(head.state, PlanState::Draft | PlanState::Approved))
    });
    Ok(open.and_then(|listed| read(&listed.id)).filter(is_recent))
}
