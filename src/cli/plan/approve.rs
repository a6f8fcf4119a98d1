//! `git model approve`: read a plan, and say yes to it.

use std::process::ExitCode;

use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::{pick, show};
use crate::provenance::{Actor, Plan, PlanAction, PlanState, Steps};
use crate::workflow::approval_answer;

/// Approve a plan, or some of its steps
///
/// Shows the plan and asks; --yes is for those who have read it. What is kept: the hash of the text, who, and when.
/// Inside of a coding agent the approval is one by automation, never a person's.
#[derive(Debug, clap::Args)]
pub struct ApproveArgs {
    /// The plan (default: the only draft)
    id: Option<String>,

    /// Only these steps: 2, 1-3 or 1,3-4
    #[arg(long, value_name = "A-B")]
    steps: Option<Steps>,

    /// Do not show it and do not ask
    #[arg(long, short = 'y')]
    yes: bool,

    /// Also if its text did not change since it was sent back
    #[arg(long)]
    same_text: bool,
}

/// Approves a plan.
pub fn run(context: &Context, args: &ApproveArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    pick::need_name(&repo)?;
    let waiting = [PlanState::Draft];
    let plan = match pick::pick(context, &repo, args.id.as_deref(), &waiting) {
        // Without a draft, more steps of one that is on its way may be meant.
        Err(error) if args.id.is_none() && args.steps.is_some() && error.is_answer() => {
            let going = [PlanState::Approved, PlanState::Implementing];
            pick::pick(context, &repo, None, &going)?
        }
        picked => picked?,
    };
    if !args.yes {
        if !context.terminal.can_ask() {
            return Err(CommandError::refusal("nobody can be asked here: this is no terminal")
                .with_hint(format!(
                    "read it: git model plan show {0}\nthen: git model approve {0} --yes",
                    plan.id
                )));
        }
        let report = show::report(context, &repo, plan.clone(), Vec::new())?;
        let format = FormatArgs { format: "text".to_owned() };
        show::print(context, &report, (&format, false))?;
        let what = args.steps.as_ref().map(|steps| format!("{} of ", steps.in_words()));
        let question = format!(
            "Approve {}plan {}, version {}?",
            what.unwrap_or_default(),
            plan.id,
            plan.version
        );
        if !context.terminal.ask(&question) {
            return Err(CommandError::answer("not approved").with_hint(format!(
                "change it: git model plan edit {0}\nor turn it down: git model plan reject {0} --reason TEXT",
                plan.id
            )));
        }
    }
    let workflow = pick::workflow(context, &repo)?;
    let changed = workflow.approve(&plan, args.steps.as_ref(), args.same_text)?;
    pick::tell_meanwhile(context, &changed);
    context.say(&approval_answer(&changed.plan))?;
    if !changed.is_new {
        tell_known(context, &changed.plan);
        return Ok(ExitCode::SUCCESS);
    }
    tell_how(context, &changed.plan);
    Ok(ExitCode::SUCCESS)
}

fn tell_known(context: &Context, plan: &Plan) {
    if let Some((event, _)) = plan.approvals().next() {
        pick::note(context, plan, &format!("was approved already, by {}", event.by));
    }
}

/// Tells what a reader of the record will see, and what comes next.
fn tell_how(context: &Context, plan: &Plan) {
    let last = plan.events.last();
    if let Some(Actor::Automation { agent }) = last.map(|event| &event.by) {
        context.terminal.warning(&format!(
            "recorded as approved by automation ({agent}), not by a person; a person runs this outside of the agent"
        ));
    }
    if let Some(planner) = &plan.planner
        && let Some(requested) = &planner.requested
    {
        context.terminal.warning(&format!(
            "{} was asked for this plan, and {} answered",
            requested.display(),
            planner.model.display()
        ));
    }
    let is_approved = last.is_some_and(|event| matches!(event.action, PlanAction::Approved { .. }));
    if is_approved {
        let id = &plan.id;
        context.terminal.hint(&format!("hand it off: git model handoff {id} --to MODEL --use"));
    }
}
