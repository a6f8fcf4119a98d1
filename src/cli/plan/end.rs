//! `git model plan done` and `plan abandon`: nothing more is to come of a plan.

use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::provenance::PlanState;

/// Say that a plan is carried out
///
/// Commits made from now on do not follow it any more. A plan that asked for no commit may be done without one.
#[derive(Debug, clap::Args)]
pub(super) struct Done {
    /// The plan (default: the one followed here, or the only one that is approved)
    id: Option<String>,
}

/// Give a plan up
#[derive(Debug, clap::Args)]
pub(super) struct Abandon {
    /// The plan
    id: String,

    /// Why
    #[arg(long, short = 'r')]
    reason: Option<String>,
}

/// Ends a plan well.
pub(super) fn done(context: &Context, args: &Done) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let going = [PlanState::Implementing, PlanState::Approved];
    let plan = pick::pick(context, &repo, args.id.as_deref(), &going)?;
    let changed = pick::workflow(context, &repo)?.finish(&plan)?;
    pick::tell_meanwhile(context, &changed);
    let was = if changed.is_new { "" } else { " already" };
    context.say(&format!("plan {} \"{}\": done{was}", plan.id, plan.title))?;
    Ok(ExitCode::SUCCESS)
}

/// Ends a plan that is given up.
pub(super) fn abandon(context: &Context, args: &Abandon) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let plan = pick::pick(context, &repo, Some(&args.id), &[])?;
    let reason = args.reason.as_deref().map(pick::reason).transpose()?;
    let changed = pick::workflow(context, &repo)?.abandon(&plan, reason)?;
    pick::tell_meanwhile(context, &changed);
    let was = if changed.is_new { "" } else { " already" };
    context.say(&format!("plan {} \"{}\": abandoned{was}", plan.id, plan.title))?;
    Ok(ExitCode::SUCCESS)
}
