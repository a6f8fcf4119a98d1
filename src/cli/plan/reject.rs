//! `git model plan reject`: say no to a plan.

use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::provenance::PlanState;

/// Turn a plan down, with a reason
///
/// Editing a plan that was turned down makes it a draft again.
#[derive(Debug, clap::Args)]
pub(super) struct Reject {
    /// The plan (default: the only draft)
    id: Option<String>,

    /// Why
    #[arg(long, short = 'r')]
    reason: String,
}

/// Turns a plan down.
pub(super) fn run(context: &Context, args: &Reject) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let reason = pick::reason(&args.reason)?;
    let plan = pick::pick(context, &repo, args.id.as_deref(), &[PlanState::Draft])?;
    let changed = pick::workflow(context, &repo)?.reject(&plan, reason)?;
    pick::tell_meanwhile(context, &changed);
    context.say(&format!("plan {} \"{}\": rejected", plan.id, plan.title))?;
    context.terminal.hint(&format!("write it anew: git model plan edit {}", plan.id));
    Ok(ExitCode::SUCCESS)
}
