//! `git model status`: who works, what the next commit would say, whether recording works.

use std::process::ExitCode;

use crate::capture::{DeclaredNow, Moment, Preview, declared_origin};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::current::current;
use crate::cli::plan::show::commits;
use crate::cli::{FormatArgs, init, init_agents, mistakes, review};
use crate::format::printable;
use crate::git::Repo;
use crate::provenance::{Mistake, Origin, Plan, PlanState, Usage, Work};
use crate::report::{self, Due, MistakeLine, NextCommit, PlanStatus, StatusReport};
use crate::settings::{self, Role, Settings};
use crate::store::{Declaration, Declared, Entry, Standing};

/// Show the plan, whose turn it is, and what the next commit would say
///
/// Also tells whether the hooks that Git will run here record, and what went wrong in who does what. Writes nothing.
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// Print the phase and whose turn it is, for a prompt or a status line
    #[arg(long, conflicts_with = "format")]
    short: bool,

    #[command(flatten)]
    format: FormatArgs,
}

/// Shows the state of this worktree.
pub fn run(context: &Context, args: &StatusArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if repo.work_tree().is_none() {
        return Err(CommandError::refusal("a bare repository has no next commit")
            .with_hint("its history: git model log"));
    }
    let head = repo.head()?;
    let (declared, journal) = context.declared(&repo)?;
    let moment = Moment::new(&repo, context.now()).within(settings::surroundings());
    let plan = current(context, &repo, &moment)?;
    if args.short {
        return short(context, &repo, plan.as_ref(), &declared);
    }
    let pending = moment.pending()?;
    let program = context.program()?;
    let mut recording = init::recording(&repo, &program)?;
    let now = context.now().timestamp_millis();
    recording.extend(init_agents::recording(&repo, &program, &pending, now));
    let preview = moment.preview(declared.who.clone())?;
    let standing =
        preview.as_ref().map(|_| review::standing(context, &repo)).transpose()?.flatten();
    let is_reviewed = standing.as_ref().is_some_and(|standing| standing.state == "pass");
    let due = due(&repo, plan.as_ref(), preview.is_some() && !is_reviewed)?;
    let mistakes = mistakes_here(&repo, plan.as_ref(), preview.as_ref())?;
    let plan = plan.map(with_commits).transpose()?;
    let next = preview.map(|preview| {
        let mut parts = preview
            .record
            .contributions
            .iter()
            .map(|one| (one.origin.clone(), one.lines))
            .collect::<Vec<_>>();
        if preview.record.unknown.changed() > 0 {
            parts.push((Origin::Unknown, preview.record.unknown));
        }
        NextCommit { files: preview.files, trailers: preview.trailers, parts, review: standing }
    });
    let mut remarks = declared.complaint.iter().cloned().collect::<Vec<_>>();
    if pending.damaged > 0 {
        remarks
            .push(format!("{} damaged lines of what agents told were left aside", pending.damaged));
    }
    let waiting = Entry::waiting_notes(&journal.entries).len();
    if waiting > 0 {
        let records = if waiting == 1 { "record waits" } else { "records wait" };
        remarks.push(format!(
            "{waiting} {records} for the lock of refs/notes/model, until the next commit"
        ));
    }
    let report = StatusReport {
        branch: head.branch.unwrap_or_else(|| "a detached HEAD".to_owned()),
        next,
        declared: in_words(&declared),
        declared_origin: declared.who.as_ref().and_then(declared_origin),
        recording,
        pending,
        plan,
        due,
        mistakes,
        remarks,
    };
    context.print(&report, &args.format.format)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints one short line.
fn short(
    context: &Context,
    repo: &Repo,
    plan: Option<&Plan>,
    declared: &DeclaredNow,
) -> Result<ExitCode, CommandError> {
    let due = plan.map_or(Ok(None), |plan| due(repo, Some(plan), false))?;
    let declared = declared.who.as_ref().and_then(declared_origin);
    let line = report::short(plan, due.as_ref(), declared.as_ref());
    let printed = context.terminal.print(None, |out| writeln!(out, "{}", printable(&line)));
    printed.map_err(|error| CommandError::refusal(format!("cannot write: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Says whose turn it is: the planner's while a plan is a draft, then the implementer's, and the reviewer's on what is
/// staged, where one is set.
fn due(repo: &Repo, plan: Option<&Plan>, is_staged: bool) -> Result<Option<Due>, CommandError> {
    let settings = Settings::of(repo);
    let reviewer = settings.role(Role::Reviewer)?;
    if is_staged && reviewer.is_some() {
        return Ok(Some(Due { role: "reviewer", model: reviewer }));
    }
    let Some(plan) = plan else { return Ok(None) };
    Ok(Some(match plan.state {
        PlanState::Draft | PlanState::Rejected => {
            let planner = plan.planner.as_ref().map(|planner| planner.model.clone());
            let model = settings.role(Role::Planner)?.or(planner);
            Due { role: "planner", model }
        }
        _ => {
            let model = plan.implementer().cloned();
            let model =
                model.map_or_else(|| settings.role(Role::Implementer), |one| Ok(Some(one)))?;
            Due { role: "implementer", model }
        }
    }))
}

/// Counts the commits that followed a plan.
fn with_commits(plan: Plan) -> Result<PlanStatus, CommandError> {
    let commits = match plan.state {
        PlanState::Draft if plan.version == 1 => 0,
        _ => commits(&plan)?.len(),
    };
    Ok(PlanStatus { plan, commits })
}

/// Finds the mistakes in the plan, and in what is staged.
fn mistakes_here(
    repo: &Repo,
    plan: Option<&Plan>,
    preview: Option<&Preview>,
) -> Result<Vec<MistakeLine>, CommandError> {
    let mut team = mistakes::team(repo)?;
    let mut work = Work::default();
    let mut usage = Vec::new();
    if let Some(plan) = plan {
        work.is_approved = plan.approved().is_some();
        work.planners.extend(plan.planner.as_ref().map(|planner| planner.model.clone()));
        // Who was handed the plan, and has written nothing yet.
        work.writers.extend(plan.implementer().map(|model| (model.clone(), 0)));
    }
    if let Some(Preview { record, .. }) = preview {
        let staged = Work::of(record);
        let follows = record.plans.iter().any(|one| plan.is_some_and(|plan| plan.id == one.id));
        team.in_use.extend(staged.writers.iter().map(|(model, _)| model.clone()));
        usage.clone_from(&record.usage);
        if follows || plan.is_none() {
            work = staged;
        } else {
            // It has nothing to do with the plan: both are looked at.
            let mut found = team.mistakes_in(&staged);
            found.extend(team.mistakes_in(&work));
            return lines(repo, &found, &usage);
        }
    }
    lines(repo, &team.mistakes_in(&work), &usage)
}

fn lines(
    repo: &Repo,
    found: &[Mistake],
    usage: &[Usage],
) -> Result<Vec<MistakeLine>, CommandError> {
    let wanted = mistakes::wanted(repo)?;
    let told = found.iter().filter(|mistake| wanted.contains(&mistake.kind()));
    Ok(told.map(|mistake| mistakes::line(mistake, usage)).collect())
}

fn in_words(declared: &DeclaredNow) -> String {
    match (&declared.who, &declared.standing) {
        (Some(who), _) if declared.by_environment => format!("{} by the environment", name(who)),
        (Some(who), Standing::Holds(declaration)) => format!("{}{}", name(who), until(declaration)),
        (Some(who), _) => name(who),
        (None, Standing::Expired(declaration)) => {
            format!(
                "nothing: {} has expired (git model use MODEL, or: use human)",
                was(declaration)
            )
        }
        (None, Standing::Sleeps(declaration)) => format!(
            "nothing here: {} holds on {} (git model use MODEL, or: use human)",
            was(declaration),
            declaration.branch.as_deref().unwrap_or("a detached HEAD")
        ),
        (None, _) => "nothing (git model use MODEL, or: use human)".to_owned(),
    }
}

fn was(declaration: &Declaration) -> String {
    declaration.who.as_ref().map_or_else(|| "nobody".to_owned(), name)
}

fn name(who: &Declared) -> String {
    match declared_origin(who) {
        Some(Origin::Model { model, phase: Some(phase), .. }) => {
            format!("{} ({phase})", model.display())
        }
        _ => "you, by hand".to_owned(),
    }
}

fn until(declaration: &Declaration) -> String {
    match declaration.expires.and_then(|end| chrono::DateTime::from_timestamp(end, 0)) {
        Some(end) => {
            format!(", until {}", end.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M"))
        }
        None => ", until you clear it".to_owned(),
    }
}
