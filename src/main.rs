//! The program `git-model`: parse, run, exit code.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use git_model::cli::log::{self, LogArgs};
use git_model::history::{NoteProblem, Sources};
use git_model::terminal::Terminal;

/// Record which AI model planned, wrote and reviewed each change
#[derive(clap::Parser)]
#[command(name = "git-model", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Log(LogArgs),
}

fn main() -> ExitCode {
    let terminal = Terminal::detect();
    let Command::Log(args) = Cli::parse().command;
    let sources =
        Sources { marks: |_| Vec::new(), is_bot: |_| false, note: |_| Err(NoteProblem::Damaged) };
    log::run(Path::new("."), sources, &terminal, &args).unwrap_or_else(|error| {
        terminal.error(&error.to_string());
        ExitCode::from(2)
    })
}
