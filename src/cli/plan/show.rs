//! `git model plan show`: one plan, its story, the commits that followed it, its text.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::capture::record_of;
use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::format::{self, Canvas};
use crate::git::{self, HistoryReader, Repo};
use crate::history::{PlanCommit, plan_commits};
use crate::provenance::{Plan, PlanState};
use crate::report::PlanReport;
use crate::store::note::REFERENCE as NOTES;
use crate::store::{Following, Journal, Plans};

/// Show a plan: its story, the commits that followed it, its text
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The plan (default: the one followed here, or the only one)
    id: Option<String>,

    /// The plan that this commit followed
    #[arg(long = "for", value_name = "COMMIT", conflicts_with = "id")]
    commit: Option<String>,

    /// Only the text, as it is kept
    #[arg(long, conflicts_with = "format")]
    text: bool,

    /// With --text: that of this version
    #[arg(long, value_name = "N", requires = "text")]
    version: Option<u32>,

    #[command(flatten)]
    format: FormatArgs,

    /// Do not page the output
    #[arg(long)]
    no_pager: bool,
}

/// Shows one plan.
pub(super) fn run(context: &Context, args: &Show) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let wanted = [PlanState::Implementing, PlanState::Approved, PlanState::Draft];
    let plan = match &args.commit {
        Some(revision) => plan_of(&repo, revision)?,
        None => pick::pick(context, &repo, args.id.as_deref(), &wanted)?,
    };
    if args.text {
        let text = match args.version {
            Some(version) => text_of(&repo, &plan, version)?,
            None => plan.text,
        };
        let written = context.terminal.print(None, |out| out.write_all(text.as_bytes()));
        written.map_err(|error| CommandError::refusal(format!("cannot write: {error}")))?;
        return Ok(ExitCode::SUCCESS);
    }
    let commits = commits(&plan)?;
    print(context, &report(context, &repo, plan, commits)?, (&args.format, args.no_pager))?;
    Ok(ExitCode::SUCCESS)
}

/// Finds the commits of all branches that followed a plan.
pub(in crate::cli) fn commits(plan: &Plan) -> Result<Vec<PlanCommit>, CommandError> {
    let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let reader = HistoryReader::open(&directory, NOTES)?;
    Ok(plan_commits(&reader, &plan.id, plan.created())?)
}

/// Makes the report of a plan, with where it is followed.
pub(super) fn report(
    context: &Context,
    repo: &Repo,
    plan: Plan,
    commits: Vec<PlanCommit>,
) -> Result<PlanReport, CommandError> {
    let is_going_on = plan.state == PlanState::Implementing;
    let is_here = is_going_on && pick::followed_here(context, repo)?.contains(&plan.id);
    let entries = Journal::of(repo.git_dir()).read()?.entries;
    let last = Following::latest(&entries).get(&plan.id).copied().unwrap_or(0);
    let last = commits.iter().map(|commit| commit.seconds).chain([last, plan.changed()]).max();
    let is_idle = is_going_on && Following::is_idle(last.unwrap_or(0), context.now());
    let branch = repo.head()?.branch.unwrap_or_else(|| "a detached HEAD".to_owned());
    Ok(PlanReport { plan, commits, followed_on: is_here.then_some(branch), is_idle })
}

/// Prints the report of a plan, through a pager where a person looks.
pub(super) fn print(
    context: &Context,
    report: &PlanReport,
    (args, no_pager): (&FormatArgs, bool),
) -> Result<(), CommandError> {
    let format = format::find(&args.format).unwrap_or(format::ALL[0]);
    let terminal = &context.terminal;
    let is_paged = format.is_for_people() && terminal.is_interactive() && !no_pager;
    let pager = if is_paged { git::pager() } else { None };
    let canvas = Canvas { width: terminal.width(), colour: terminal.colour() };
    terminal
        .print(pager.as_deref(), |out| format.report(report, &canvas, out))
        .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))
}

/// Reads the text that a version of a plan ended with.
fn text_of(repo: &Repo, plan: &Plan, version: u32) -> Result<String, CommandError> {
    let last = plan.events.iter().rfind(|event| event.version == version);
    let text = last.and_then(|event| Plans::of(repo).text(event.hash));
    text.ok_or_else(|| {
        CommandError::refusal(format!("the plan {} has no version {version} here", plan.id))
            .with_hint(format!("its story: git model plan show {}", plan.id))
    })
}

fn plan_of(repo: &Repo, revision: &str) -> Result<Plan, CommandError> {
    let commit = repo.resolve(revision)?;
    let record = record_of(repo, commit)?.unwrap_or_default();
    let Some(followed) = record.plans.first() else {
        return Err(CommandError::answer(format!(
            "the record of {} names no plan",
            commit.short()
        ))
        .with_hint(format!("all that is known of it: git model show {}", commit.short())));
    };
    match Plans::of(repo).read(&followed.id)? {
        Some(kept) => Ok(kept.plan),
        None => Err(CommandError::refusal(format!(
            "{} followed the plan {}, which is not here",
            commit.short(),
            followed.id
        ))
        .with_hint(crate::report::how_to_get_plans())),
    }
}
