//! The program `git-model`: parse, run, exit code.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use git_model::cli::log::{self, LogArgs};
use git_model::history::Sources;
use git_model::provenance::{CommitText, Grade, Mark, model_trailers};
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
    let sources = Sources { marks: trailers_alone, is_bot: |_| false };
    log::run(Path::new("."), sources, &terminal, &args).unwrap_or_else(|error| {
        terminal.error(&error.to_string());
        ExitCode::from(2)
    })
}

/// Stands in for the readers of marks: finds our own trailers.
fn trailers_alone(text: &CommitText<'_>) -> Vec<Mark> {
    let trailers = model_trailers(text.message).into_iter();
    let marks = trailers.map(|trailer| Mark {
        kind: "model",
        text: trailer.text,
        line: trailer.line,
        tool: None,
        model: Some(trailer.model),
        phase: trailer.phase,
        grade: Grade::Declared,
    });
    marks.collect()
}
