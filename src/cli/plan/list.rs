//! `git model plan list`: all plans of a repository, one object read for each.

use std::process::ExitCode;

use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::format::{self, Canvas};
use crate::git;
use crate::provenance::PlanState;
use crate::report::{PlanListReport, PlanRow};
use crate::store::{Following, Journal, Plans};

/// List the plans, the one that changed last first
///
/// Those that are done, rejected or abandoned are left out unless asked for.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Those that are over, too
    #[arg(long, short = 'a')]
    all: bool,

    #[command(flatten)]
    format: FormatArgs,

    /// Do not page the output
    #[arg(long)]
    no_pager: bool,
}

/// Lists.
pub(super) fn run(context: &Context, args: &List) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let here = pick::followed_here(context, &repo)?;
    let entries = Journal::of(repo.git_dir()).read()?.entries;
    let last = Following::latest(&entries);
    let mut report = PlanListReport::default();
    for listed in Plans::of(&repo).list()? {
        let Some(head) = listed.head else {
            context.terminal.warning(&format!(
                "the plan {} is damaged: its last commit does not say what it is",
                listed.id
            ));
            context.terminal.hint(&format!(
                "look at it: git log -p {}",
                crate::store::plan::reference(&listed.id)
            ));
            continue;
        };
        if head.state.is_over() && !args.all {
            report.left_out += 1;
            continue;
        }
        let last = last.get(&listed.id).copied().unwrap_or(0).max(head.changed.timestamp());
        let is_going_on = head.state == PlanState::Implementing;
        report.rows.push(PlanRow {
            is_here: here.contains(&listed.id) && is_going_on,
            is_idle: is_going_on && Following::is_idle(last, context.now()),
            id: listed.id,
            title: head.title,
            state: head.state,
            version: head.version,
            planner: head.planner,
            implementer: head.implementer,
            steps: head.steps,
            changed: head.changed,
        });
    }
    let format = format::find(&args.format.format).unwrap_or(format::ALL[0]);
    let terminal = &context.terminal;
    let is_paged = format.is_for_people() && terminal.is_interactive() && !args.no_pager;
    let pager = if is_paged { git::pager() } else { None };
    let canvas = Canvas { width: terminal.width(), colour: terminal.colour() };
    terminal
        .print(pager.as_deref(), |out| {
            if format.is_for_people() {
                report.write_lines(format, &canvas, out)
            } else {
                format.report(&report, &canvas, out)
            }
        })
        .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))?;
    Ok(ExitCode::SUCCESS)
}
