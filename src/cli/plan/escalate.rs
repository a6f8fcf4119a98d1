//! `git model escalate`: send a plan back to the planning model.

use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::run::{Planning, RunArgs};
use crate::cli::plan::{pick, show};
use crate::git::{self, Repo};
use crate::provenance::{CommitId, Plan, PlanState, Planner};
use crate::settings::{Role, Settings};
use crate::workflow::{self, Attachment, correction_request, correction_text};

/// Send a plan that turned out wrong back to the planning model
///
/// The plan becomes a draft again, as a new version; the older one, the reason and the commits so far are kept with it.
/// Prints the text for the planning model on standard output: the reason, what was done so far, the plan. With --run that
/// model is asked for the next version at once, which is kept as a draft.
#[derive(Debug, clap::Args)]
pub struct EscalateArgs {
    /// The plan (default: the one followed here, or the only one)
    id: Option<String>,

    /// What turned out wrong
    #[arg(long, short = 'r')]
    reason: String,

    /// The model that plans from here on (default: the plan's own planner, or model.planner); with --run the one that is
    /// asked, [BACKEND:]MODEL (default: model.planner)
    #[arg(long, value_name = "MODEL", alias = "model")]
    to: Option<String>,

    /// Put the text into the clipboard too
    #[arg(long, conflicts_with = "run")]
    copy: bool,

    /// Ask the planning model for the next version, with what was changed so far
    #[arg(long)]
    run: bool,

    #[command(flatten)]
    asking: RunArgs,
}

/// Sends a plan back.
pub fn run(context: &Context, args: &EscalateArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let reason = pick::reason(&args.reason)?;
    let wanted = [PlanState::Implementing, PlanState::Approved];
    let plan = pick::pick(context, &repo, args.id.as_deref(), &wanted)?;
    if args.run {
        return run_planner(context, &repo, args, (&plan, reason));
    }
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
    let done = done_so_far(&repo, &commits);
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

/// Asks the planning model for the next version of a plan; the plan is sent back when there is an answer, and not before.
fn run_planner(
    context: &Context,
    repo: &Repo,
    args: &EscalateArgs,
    (plan, reason): (&Plan, &str),
) -> Result<ExitCode, CommandError> {
    let named = args.to.clone().or(own_planner(repo, plan)?);
    let planning = Planning::prepare(context, repo, named.as_deref(), &args.asking)?;
    let commits = so_far(plan)?;
    let mut next = plan.clone();
    next.version += 1;
    next.planner = Some(planning.planner());
    let patch = git::patches_of(&commits) + &git::patch_of_work(repo.work_tree());
    let changed = Attachment { name: "what was changed so far".to_owned(), text: patch };
    planning.refuse_secrets_in(std::slice::from_ref(&changed))?;
    let done = done_so_far(repo, &commits);
    let by = plan.implementer();
    let (attached, boundary) = (planning.attached(), planning.boundary());
    let text = correction_request((&next, reason, by), (&done, &changed.text), attached, boundary);
    let Some(answer) = planning.ask(context, text)? else { return Ok(ExitCode::SUCCESS) };
    let workflow = pick::workflow(context, repo)?;
    let planner = Some(&answer.planner);
    let rescue = |error: workflow::Error| answer.rescue(context, error.into());
    let back = workflow.escalate(plan, reason, planner, &commits).map_err(rescue)?;
    pick::tell_meanwhile(context, &back);
    let changed = workflow.edit(&back.plan, Some(&answer.text), None, planner).map_err(rescue)?;
    let plan = changed.plan;
    context.terminal.note(&answer.cost);
    context.say(&format!(
        "plan {} \"{}\": sent back, version {} is a draft, planned by {}",
        plan.id,
        plan.title,
        plan.version,
        answer.planner.model.display()
    ))?;
    if !changed.is_new {
        context.terminal.warning("the planning model answered with the same text");
    }
    context.terminal.hint(&format!("read and approve it: git model approve {}", plan.id));
    Ok(ExitCode::SUCCESS)
}

/// Returns the plan's own planner, where the user has set none to be asked.
fn own_planner(repo: &Repo, plan: &Plan) -> Result<Option<String>, CommandError> {
    if Settings::of(repo).role(Role::Planner)?.is_some() {
        return Ok(None);
    }
    Ok(plan.planner.as_ref().map(|planner| planner.model.id().to_owned()))
}

/// Lists what was done so far: commits, and what is not committed.
fn done_so_far(repo: &Repo, commits: &[CommitId]) -> String {
    let mut done = git::stat_of(commits);
    let work = git::stat_of_work(repo.work_tree());
    if !work.is_empty() {
        done.extend(["\nNot committed:\n", &work]);
    }
    done
}

/// Returns the commits that followed this version of a plan.
fn so_far(plan: &Plan) -> Result<Vec<CommitId>, CommandError> {
    let commits = show::commits(plan)?.into_iter();
    Ok(commits.filter(|one| one.followed.version == plan.version).map(|one| one.id).collect())
}
