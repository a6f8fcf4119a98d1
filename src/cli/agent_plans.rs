//! Plans that agents made and that were approved there: the capture finds them, the workflow keeps them.

use chrono::{DateTime, Utc};

use crate::cli::hook::chain;
use crate::git::Repo;
use crate::provenance::{Actor, AgentPlan};
use crate::terminal::Terminal;
use crate::workflow::Workflow;

/// Keeps plans of agents in a repository; one that cannot be kept is a warning.
pub(super) fn keep(repo: &Repo, now: DateTime<Utc>, plans: &[AgentPlan]) {
    for plan in plans {
        let actor = Actor::Automation { agent: plan.agent.clone() };
        if let Err(error) = Workflow::new(repo, actor, now).take_from_agent(plan) {
            let text =
                format!("git-model: a plan of {} is not kept: {}", plan.agent, chain(&error));
            Terminal::detect().warning(&text);
        }
    }
}
