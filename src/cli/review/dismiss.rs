//! `git model review --dismiss`: a person says that a finding does not count.

use std::process::ExitCode;

use crate::agents;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::review::change::Target;
use crate::cli::review::round::{self, Round};
use crate::cli::review::{ReviewArgs, Source, record, tell};
use crate::git::Repo;
use crate::settings;

/// What is dismissed, and why.
#[derive(Debug, clap::Args)]
pub(super) struct DismissArgs {
    /// Dismiss what the last review of this change found at a place; nobody is asked. It stays so while its code does
    #[arg(long, value_name = "PATH:LINE", requires = "because",
        conflicts_with_all = ["import", "background", "dry_run", "again", "allow_secrets"])]
    pub(super) dismiss: Option<String>,

    /// Why; with --dismiss
    #[arg(long, value_name = "REASON", requires = "dismiss")]
    pub(super) because: Option<String>,
}

/// Sets a finding aside, keeps that, and prints what the review says now.
pub(super) fn run(
    context: &Context,
    repo: &Repo,
    args: &ReviewArgs,
    place: &str,
    target: Target,
) -> Result<ExitCode, CommandError> {
    if let Some(agent) = agents::running_agent(&settings::surroundings()) {
        return Err(CommandError::refusal(format!(
            "this is {agent}'s shell, and only a person dismisses what a reviewer found"
        ))
        .with_hint("run it in a terminal of your own"));
    }
    let why = args.dismissal.because.as_deref().unwrap_or_default().trim();
    if why.is_empty() {
        return Err(CommandError::refusal("--because is empty").with_hint("say why in a few words"));
    }
    let named = args.model.as_deref();
    let setting = named.map(|name| round::reviewer(repo, Some(name))).transpose()?;
    let round = Round::of(context, repo, target)?;
    let outcome = round.dismiss(place, why, setting.as_ref().map(|setting| &setting.model))?;
    record(context, repo, &round, &outcome)?;
    tell(context, &round, outcome, Source::Kept, args)
}
