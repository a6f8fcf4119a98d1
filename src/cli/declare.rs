//! `git model use`: say who works from now on.

use std::process::ExitCode;

use chrono::TimeDelta;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::git::Repo;
use crate::provenance::{ModelName, Phase};
use crate::settings::Settings;
use crate::store::{Declaration, Declared, Entry, Journal};

/// Say which model works from now on, or that you work by hand
///
/// Holds in this worktree and on this branch until it is cleared, for at most 12 hours (model.useExpires: 30m, 8h,
/// 2d, never). It speaks for the lines that a commit changes and that no better evidence covers; never for lines that
/// come from other commits. `GIT_MODEL` and `GIT_MODEL_PHASE` win over it.
#[derive(Debug, clap::Args)]
pub struct UseArgs {
    /// The model, in any spelling (claude-sonnet-5-5, "Opus 5.5"), or: human
    #[arg(value_name = "MODEL", required_unless_present = "clear", conflicts_with = "clear")]
    who: Option<String>,

    /// What it does: implementation, architecture (or planning), or a word of your own
    #[arg(long, value_name = "PHASE", conflicts_with = "clear")]
    phase: Option<String>,

    /// Nobody is declared any more on this branch
    #[arg(long)]
    clear: bool,
}

/// Declares.
pub fn run(context: &Context, args: &UseArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if repo.work_tree().is_none() {
        return Err(CommandError::refusal("a bare repository has no commits to be made")
            .with_hint("declare in a clone or a worktree"));
    }
    context.say(&declare(context, &repo, declared(args)?)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Declares somebody on the branch of a worktree, or nobody, and says so in words.
pub(super) fn declare(
    context: &Context,
    repo: &Repo,
    who: Option<Declared>,
) -> Result<String, CommandError> {
    let branch = repo.head()?.branch;
    let expires = Settings::of(repo).use_expires()?;
    let now = context.now();
    let declaration = Declaration {
        branch: branch.clone(),
        who: who.clone(),
        at: now.timestamp(),
        expires: expires.filter(|_| who.is_some()).map(|seconds| now.timestamp() + seconds),
    };
    let end = declaration.expires;
    Journal::of(repo.git_dir()).append(&Entry::Use(declaration))?;
    let place =
        branch.map_or_else(|| "a detached HEAD".to_owned(), |branch| format!("branch {branch}"));
    let until = end.map_or_else(
        || "until you clear it".to_owned(),
        |end| {
            let local = context.now() + TimeDelta::seconds(end - now.timestamp());
            format!("until {}", local.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M"))
        },
    );
    Ok(match who {
        None => format!("nobody is declared on {place}"),
        Some(Declared::Human) => format!("on {place}, {until}: you, by hand"),
        Some(Declared::Model { name, phase }) => {
            let model = ModelName::parse(&name)
                .map_err(|error| CommandError::refusal(error.to_string()))?;
            format!("on {place}, {until}: {} ({phase})", model.display())
        }
    })
}

fn declared(args: &UseArgs) -> Result<Option<Declared>, CommandError> {
    let Some(who) = args.who.as_deref().filter(|_| !args.clear) else { return Ok(None) };
    if who.trim() == "human" {
        if args.phase.is_some() {
            return Err(
                CommandError::refusal("a person has no phase").with_hint("git model use human")
            );
        }
        return Ok(Some(Declared::Human));
    }
    let model = ModelName::parse(who).map_err(|error| {
        CommandError::refusal(error.to_string())
            .with_hint("for example: git model use claude-sonnet-5-5")
    })?;
    let phase = phase_for_declaration(args.phase.as_deref(), model.display())?;
    Ok(Some(Declared::Model { name: model.raw().to_owned(), phase }))
}

fn phase_for_declaration(word: Option<&str>, model: &str) -> Result<Phase, CommandError> {
    let Some(word) = word else { return Ok(Phase::Implementation) };
    match Phase::parse(word) {
        Some(Phase::Review) => Err(CommandError::refusal(
            "a review cannot be declared for commits that are still to come",
        )
        .with_hint(format!(
            "after the commit: git model record COMMIT --model '{model}' --phase review"
        ))),
        Some(phase) => Ok(phase),
        None => Err(CommandError::refusal(format!(
            "`{}` is not the name of a phase",
            word.escape_debug()
        ))
        .with_hint("one word, such as implementation or architecture")),
    }
}
