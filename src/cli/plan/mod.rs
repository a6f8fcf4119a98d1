//! `git model plan`: the ways of a plan, a file each.

pub mod approve;
pub(super) mod current;
mod edit;
mod end;
pub mod escalate;
pub(super) mod facts;
pub mod handoff;
mod list;
mod new;
mod pick;
mod reject;
mod run;
pub(super) mod show;
mod start;

use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;

/// Keep plans: write them, approve them, hand them off, send them back
///
/// A plan is kept in Git (refs/model/plans/ID), with its whole story; ids may be shortened. Commits that follow it say
/// so in their record, and name the planning model in a trailer. The whole way on one page: docs/workflow.md.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct PlanArgs {
    #[command(subcommand)]
    command: Command,
}

/// What can be done with a plan.
#[derive(Debug, clap::Subcommand)]
enum Command {
    New(new::New),
    List(list::List),
    Show(show::Show),
    Edit(edit::Edit),
    Approve(approve::ApproveArgs),
    Reject(reject::Reject),
    Handoff(handoff::HandoffArgs),
    Escalate(escalate::EscalateArgs),
    Done(end::Done),
    Abandon(end::Abandon),
}

/// Does what was asked for.
pub fn run(context: &Context, args: &PlanArgs) -> Result<ExitCode, CommandError> {
    match &args.command {
        Command::New(args) => new::run(context, args),
        Command::List(args) => list::run(context, args),
        Command::Show(args) => show::run(context, args),
        Command::Edit(args) => edit::run(context, args),
        Command::Approve(args) => approve::run(context, args),
        Command::Reject(args) => reject::run(context, args),
        Command::Handoff(args) => handoff::run(context, args),
        Command::Escalate(args) => escalate::run(context, args),
        Command::Done(args) => end::done(context, args),
        Command::Abandon(args) => end::abandon(context, args),
    }
}
