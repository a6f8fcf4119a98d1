//! `git model escalate`: send a plan back to the planning model.

use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::{pick, show};
use crate::git;
use crate::provenance::{CommitId, PlanState, Planner};
use crate::settings::{Role, Settings};
use crate::workflow::correction_text;

/// Send a plan that turned out wrong back to the planning model
///
/// The plan becomes a draft again, as a new version; the older one, the reason and the commits so far are kept with it.
/// Prints the text for the planning model on standard output: the reason, what was done so far, the plan.
#[derive(Debug, clap::Args)]
pub struct EscalateArgs {
    /// The plan (default: the one followed here, or the only one)
    id: Option<String>,

    /// What turned out wrong
    #[arg(long, short = 'r')]
    reason: String,

    /// The model that plans from here on (default: the plan's own planner, or model.planner)
    #[arg(long, value_name = "MODEL")]
    to: Option<String>,

    /// Put the text into the clipboard too
    #[arg(long)]
    copy: bool,
}

/// Sends a plan back.
pub fn run(context: &Context, args: &EscalateArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let reason = pick::reason(&args.reason)?;
    let wanted = [PlanState::Implementing, PlanState::Approved];
    let plan = pick::pick(context, &repo, args.id.as_deref(), &wanted)?;
    let to = match (&args.to, &plan.planner) {
        (Some(name), _) => pick::planner(Some(name))?,
        (None, Some(_)) => None,
        (None, None) => {
            let planner = Settings::of(&repo).role(Role::Planner)?;
            pick::planner(planner.as_ref().map(crate::provenance::ModelName::id))?
        }
    };
    let commits = so_far(&plan)?;
    let workflow = pick::workflow(context, &repo)?;
    let implementer = plan.implementer().cloned();
    let changed = workflow.escalate(&plan, reason, to.as_ref(), &commits)?;
    pick::tell_meanwhile(context, &changed);
    let plan = changed.plan;
    let mut done = git::stat_of(&commits);
    let work = git::stat_of_work(repo.work_tree());
    if !work.is_empty() {
        done.extend(["\nNot committed:\n", &work]);
    }
    let text = correction_text(&plan, reason, implementer.as_ref(), &done);
    let written = context.terminal.print(None, |out| out.write_all(text.as_bytes()));
    written.map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))?;
    if args.copy && context.terminal.copy(&text).is_none() {
        context.terminal.warning("not copied: no program for the clipboard took the text");
    }
    let planner = plan.planner.as_ref().map(|Planner { model, .. }| model.display());
    let planner = planner.map(|name| format!(", with {name}")).unwrap_or_default();
    pick::note(context, &plan, &format!("sent back, version {} is a draft{planner}", plan.version));
    context.terminal.hint(&format!("the new text: git model plan edit {} FILE", plan.id));
    context.terminal.hint(&format!("then: git model approve {}", plan.id));
    Ok(ExitCode::SUCCESS)
}

/// Returns the commits that followed this version of a plan.
fn so_far(plan: &crate::provenance::Plan) -> Result<Vec<CommitId>, CommandError> {
    let commits = show::commits(plan)?.into_iter();
    Ok(commits.filter(|one| one.followed.version == plan.version).map(|one| one.id).collect())
}
