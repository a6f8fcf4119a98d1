//! `git model agent-hook AGENT`: what the hooks installed into agents call. It never stops an agent.

use std::ffi::OsString;
use std::io::Read as _;
use std::process::ExitCode;

use crate::agents::{self, Agent};
use chrono::{DateTime, Utc};

use crate::capture::{Error, Moment, keep_hook_event};
use crate::cli::hook::{chain, survive_panics};
use crate::cli::{agent_plans, review};
use crate::clock;
use crate::git::{Repo, Worktree};
use crate::provenance::{Action, AgentPlan};
use crate::settings::{self, Settings};
use crate::store::Installation;
use crate::terminal::Terminal;

/// The longest payload that is read, in bytes; agents put whole files into it.
const PAYLOAD_LIMIT: u64 = 64 << 20;

/// Keeps what an agent's hook tells on its standard input.
///
/// An agent or an event that is not known does nothing; the exit code is always 0 and standard output stays empty,
/// since agents read both as an answer. A failure is one line on standard error.
pub fn run(arguments: &[OsString]) -> ExitCode {
    survive_panics();
    // A program that reviews for us writes nothing, and what it reads is nobody's work.
    if settings::is_reviewing() {
        return ExitCode::SUCCESS;
    }
    let name = arguments.first().map(|word| word.to_string_lossy()).unwrap_or_default();
    if let Some(agent) = agents::ALL.iter().find(|agent| agent.id() == name)
        && let Err(error) = keep(*agent)
    {
        Terminal::detect()
            .warning(&format!("git-model: an edit is not recorded: {}", chain(&error)));
    }
    ExitCode::SUCCESS
}

/// Has what is not committed reviewed in the background, where the user wants that (`model.review.background`).
fn review_work(worktree: &Worktree, _: DateTime<Utc>) -> Result<(), Error> {
    let repo = Repo::open_for_hook(&worktree.top)?;
    if Settings::of(&repo).review_background()? {
        // One that cannot be started is no loss: the commit will be reviewed as any other.
        let _ = review::begin_in_background(&worktree.top, None, true);
    }
    Ok(())
}

/// Takes over the plan that was just approved.
fn take_plans(worktree: &Worktree, now: DateTime<Utc>) -> Result<(), Error> {
    let repo = Repo::open_for_hook(&worktree.top)?;
    let keep_plans = |plans: &[AgentPlan]| agent_plans::keep(&repo, now, plans);
    Moment::new(&repo, now).taking_plans(&keep_plans).take_agent_plans()
}

fn keep(agent: &dyn Agent) -> Result<(), Error> {
    let mut payload = Vec::new();
    // What cannot be read is as what the agent did not write.
    let _ = std::io::stdin().take(PAYLOAD_LIMIT).read_to_end(&mut payload);
    let now = clock::now();
    let around = settings::surroundings();
    match agent.read_hook(&around, now, &payload) {
        Some(event) => {
            keep_hook_event(agent, &event, now.timestamp_millis())?;
            let does = match event.action {
                Action::PlanApproved { .. } => take_plans,
                Action::Stopped => review_work,
                _ => return Ok(()),
            };
            match event.folder.as_deref().and_then(Worktree::of) {
                Some(worktree) if Installation::is_there(&worktree.common_dir) => {
                    does(&worktree, now)
                }
                _ => Ok(()),
            }
        }
        None => Ok(()),
    }
}
