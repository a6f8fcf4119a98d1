//! A file per command; the only room that joins rooms.

pub mod agent_hook;
mod agent_plans;
pub mod ask;
pub mod blame;
pub mod classify;
pub mod context;
pub mod declare;
pub mod error;
pub mod hook;
pub mod init;
mod init_agents;
pub mod log;
mod mistakes;
pub mod plan;
pub mod record;
pub mod repair;
pub mod review;
mod selection;
pub mod show;
pub mod status;
pub mod sync;
mod wanted_hooks;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

pub use context::Context;
pub use error::CommandError;
pub use selection::SelectionArgs;

use crate::format;

/// Which AI model planned, wrote and reviewed each change, kept in Git
///
/// Installed hooks record which model made each change and add trailers such as `Model: Opus 5.5 (architecture)`;
/// `git model log` tells who planned, built and reviewed what, in any repository. No evidence is "unknown", never
/// "human". Nothing leaves this machine by itself.
#[derive(Debug, clap::Parser)]
#[command(name = "git-model", bin_name = "git model", version)]
pub struct Cli {
    /// Run as if started in this folder; may be given several times, as for git
    #[arg(short = 'C', value_name = "PATH")]
    folders: Vec<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

/// Every command, in the order of the help.
#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(init::InitArgs),
    Use(declare::UseArgs),
    Plan(plan::PlanArgs),
    Approve(plan::approve::ApproveArgs),
    Handoff(plan::handoff::HandoffArgs),
    Escalate(plan::escalate::EscalateArgs),
    Review(review::ReviewArgs),
    Status(status::StatusArgs),
    Log(Box<log::LogArgs>),
    Show(show::ShowArgs),
    Blame(Box<blame::BlameArgs>),
    Record(record::RecordArgs),
    Repair(repair::RepairArgs),
    Sync(sync::SyncArgs),
    Deinit(init::DeinitArgs),
    #[command(hide = true)]
    Classify(classify::ClassifyArgs),
}

/// How a command prints.
#[derive(Debug, Clone, clap::Args)]
pub struct FormatArgs {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_names())]
    format: String,
}

fn format_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(format::ALL.iter().map(|format| format.name()))
}

/// Runs the program with its arguments, the program's own name first.
///
/// Hooks are recognised before anything else: clap's set-up would cost each of them a tenth of a millisecond.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    if arguments.get(1).is_some_and(|word| word == "hook") {
        return hook::run(&arguments[2..]);
    }
    if arguments.get(1).is_some_and(|word| word == "agent-hook") {
        return agent_hook::run(&arguments[2..]);
    }
    let cli = match Cli::try_parse_from(blame::with_equals_signs(arguments)) {
        Ok(cli) => cli,
        Err(error) => {
            // Asking for help is no failure; a closed pipe is none either.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let context = Context::new();
    match cli.run(&context) {
        Ok(code) => code,
        Err(error) => error.print(&context.terminal),
    }
}

impl Cli {
    fn run(self, context: &Context) -> Result<ExitCode, CommandError> {
        for folder in &self.folders {
            std::env::set_current_dir(folder).map_err(|error| {
                CommandError::refusal(format!("cannot go to `{}`: {error}", folder.display()))
            })?;
        }
        match &self.command {
            Command::Init(args) => init::run(context, args),
            Command::Use(args) => declare::run(context, args),
            Command::Plan(args) => plan::run(context, args),
            Command::Approve(args) => plan::approve::run(context, args),
            Command::Handoff(args) => plan::handoff::run(context, args),
            Command::Escalate(args) => plan::escalate::run(context, args),
            Command::Review(args) => review::run(context, args),
            Command::Status(args) => status::run(context, args),
            Command::Log(args) => Ok(log::run(context, args)?),
            Command::Show(args) => show::run(context, args),
            Command::Blame(args) => blame::run(context, args),
            Command::Record(args) => record::run(context, args),
            Command::Repair(args) => repair::run(context, args),
            Command::Sync(args) => sync::run(context, args),
            Command::Deinit(args) => init::deinit(context, args),
            Command::Classify(args) => classify::run(context, args),
        }
    }
}

/// Returns the description of the command line, for the manual and the tests of the help.
pub fn command() -> clap::Command {
    Cli::command()
}
