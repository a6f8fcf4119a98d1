//! `git model review`: a model that is stronger than the author reads a change before it is committed.

mod background;
mod change;
mod dismiss;
pub(super) mod gate;
mod import;
mod push;
mod round;
mod standing;

pub(super) use background::begin as begin_in_background;
pub(super) use push::before_push;
pub(super) use standing::standing;

use std::process::ExitCode;

use crate::capture::Moment;
use crate::cli::ask::Asked;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::{init, wanted_hooks};
use crate::git::Repo;
use crate::provenance::Verdict;
use crate::review::{self, Demand, Outcome};
use crate::settings::Settings;
use background::Ahead;
use change::{Kind, Target};
use round::Round;

/// How long the command itself waits for all answers, in seconds: somebody looks on, and can stop it.
const PATIENCE_SECONDS: u64 = 15 * 60;

/// Have a model that is stronger than the author read a change, before it is committed
///
/// Reads what is staged, or what is named, and holds it against the approved plan. The model is asked what is wrong,
/// each finding is checked to lie in the change, and the model is then asked to refute it; what stands and is bad and
/// sure enough blocks. The verdict holds for exactly this change: its commit gets the trailer `Model: NAME (review)`.
/// This sends the change to whoever serves the model; --dry-run shows what would be sent and sends nothing.
///
/// Exit codes: 0 nothing blocks, 1 something does, 2 it was not reviewed, or not to the end.
#[derive(Debug, clap::Args)]
pub struct ReviewArgs {
    #[command(flatten)]
    what: WhatArgs,

    /// Who reviews, as [BACKEND:]MODEL, in place of model.reviewer
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,

    #[command(flatten)]
    how: HowArgs,

    #[command(flatten)]
    from: import::FromArgs,

    #[command(flatten)]
    dismissal: dismiss::DismissArgs,

    /// Send the change although something in it looks like a secret
    #[arg(long)]
    allow_secrets: bool,

    /// From now on a review is due before each commit or push here, or no more; nothing is reviewed now
    #[arg(long, value_name = "WHEN", value_parser = ["commit", "push", "off"],
        conflicts_with_all = ["named", "working", "background", "dry_run", "model"])]
    gate: Option<String>,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text",
        value_parser = ["text", "json", "sarif", "markdown", "github"])]
    format: String,
}

/// What is reviewed.
#[derive(Debug, clap::Args)]
struct WhatArgs {
    /// A commit, or a range such as main..topic, in place of what is staged
    #[arg(value_name = "COMMIT|RANGE", conflicts_with = "working")]
    named: Option<String>,

    /// All that is not committed, staged or not, new files too
    #[arg(long)]
    working: bool,
}

/// How it is reviewed.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
struct HowArgs {
    /// Print what would be sent, and where to; send nothing
    #[arg(long)]
    dry_run: bool,

    /// Ask again, whatever was answered before
    #[arg(long)]
    again: bool,

    /// Review in the background; the hook of the commit waits for the answer
    #[arg(long, conflicts_with_all = ["dry_run", "named"])]
    background: bool,

    /// This process is the one in the background
    #[arg(long, hide = true)]
    ahead: bool,
}

/// Reviews a change.
pub fn run(context: &Context, args: &ReviewArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if let Some(gate) = &args.gate {
        return set_gate(context, &repo, gate);
    }
    let target = target(&repo, args)?;
    if target.is_empty() {
        let hint = match target.kind {
            Kind::Staged(_) => {
                "stage it: git add; or all that is not committed: git model review --working"
            }
            _ => "name a commit or a range that changes something",
        };
        let nothing = match target.kind {
            Kind::Staged(_) => "nothing is staged".to_owned(),
            _ => format!("nothing changes in {}", target.words()),
        };
        return Err(CommandError::refusal(nothing).with_hint(hint));
    }
    if let Some(file) = &args.from.import {
        return import::run(context, &repo, args, file, target);
    }
    if let Some(place) = &args.dismissal.dismiss {
        return dismiss::run(context, &repo, args, place, target);
    }
    if args.how.background {
        // Who cannot be asked is said now, when somebody reads it.
        let setting = round::reviewer(&repo, args.model.as_deref())?;
        Asked::choose(context, &repo, &setting, PATIENCE_SECONDS, None)?;
        return background::start(
            context,
            &repo,
            args.model.as_deref(),
            &target,
            args.what.working,
        );
    }
    let ahead = if args.how.ahead { Ahead::begin(&repo, &target)? } else { None };
    if args.how.ahead && ahead.is_none() {
        return Ok(ExitCode::SUCCESS);
    }
    let mut round = Round::of(context, &repo, target)?;
    let setting = round::reviewer(&repo, args.model.as_deref());
    if !args.how.again && !args.how.dry_run {
        let known = setting.as_ref().ok().map(|setting| &setting.model);
        if !args.how.ahead && round.answered(known).is_none() {
            round.wait_for_another(PATIENCE_SECONDS)?;
        }
        if let Some(outcome) = round.answered(known) {
            return tell(context, &round, outcome, Source::Kept, args);
        }
    }
    let setting = setting?;
    let asked = Asked::choose(context, &repo, &setting, PATIENCE_SECONDS, None)?;
    // Who names a weaker reviewer wants just that one.
    let demand = if args.model.is_some() { Demand::Any } else { Demand::default() };
    let request = round.request(&setting, &asked.chosen.name, demand, args.allow_secrets)?;
    if args.how.dry_run {
        for question in review::prepare(&request) {
            let (to, body) = asked.chosen.ask.would_send(&question);
            context.say(&format!("to {to}:"))?;
            context.say_as_is(&body)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let outcome = round.ask(&asked, &request, PATIENCE_SECONDS)?;
    record(context, &repo, &round, &outcome)?;
    tell(context, &round, outcome, Source::Asked, args)
}

fn target(repo: &Repo, args: &ReviewArgs) -> Result<Target, CommandError> {
    match &args.what.named {
        Some(text) => Target::named(repo, text),
        None if args.what.working => Target::working(repo),
        None => Target::staged(repo),
    }
}

/// Where an outcome comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Asked,
    Kept,
}

/// Adds a verdict on a commit that is there already to its record.
fn record(
    context: &Context,
    repo: &Repo,
    round: &Round<'_>,
    outcome: &Outcome,
) -> Result<(), CommandError> {
    let Kind::Commit(id) = round.target.kind else { return Ok(()) };
    if outcome.verdict == Verdict::NotRun {
        return Ok(());
    }
    let done = Moment::new(repo, context.now()).add_verdict(id, outcome.review())?;
    for warning in done.warnings {
        context.terminal.warning(&warning);
    }
    Ok(())
}

/// Prints a verdict and returns the exit code that it means.
fn tell(
    context: &Context,
    round: &Round<'_>,
    outcome: Outcome,
    source: Source,
    args: &ReviewArgs,
) -> Result<ExitCode, CommandError> {
    let code = match outcome.verdict {
        Verdict::Pass => 0,
        Verdict::Block => 1,
        Verdict::NotRun => 2,
    };
    let report = round.report(outcome);
    let report = if source == Source::Kept { report.kept() } else { report };
    match args.format.as_str() {
        "sarif" => context.say_as_is(&report.sarif())?,
        "github" => context.say_as_is(&report.github())?,
        name => context.print(&report, name)?,
    }
    Ok(ExitCode::from(code))
}

/// Sets `model.review.gate` in this repository, and installs or removes its hook.
fn set_gate(context: &Context, repo: &Repo, gate: &str) -> Result<ExitCode, CommandError> {
    let folder = init::own_folder(repo)?;
    repo.set_setting("model.review.gate", gate)?;
    // The configuration was read before it changed.
    let repo = context.repo()?;
    let program = context.program()?;
    let lines = wanted_hooks::settle(&repo, &folder, &program)?;
    let now = Settings::of(&repo).review_gate()?;
    if now.as_str() != gate {
        return Err(CommandError::answer(format!(
            "model.review.gate stays `{}`: your own configuration says so, and a repository does not loosen it",
            now.as_str()
        ))
        .with_hint("see where: git config --show-origin --get-all model.review.gate"));
    }
    if lines.is_empty() {
        context.say(&format!("{}: model.review.gate is `{gate}`, as it was", repo.name()))?;
    }
    for line in lines {
        context.say(&line)?;
    }
    if !crate::store::Installation::is_there(repo.common_dir()) && gate == "commit" {
        context.terminal.warning(
            "the hooks that record are not installed, so no commit will say that it was reviewed",
        );
        context.terminal.hint("git model init");
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use crate::format;

    #[test]
    fn formats_of_other_commands_have_the_same_names() {
        for name in ["text", "json", "markdown"] {
            assert!(format::find(name).is_some(), "{name}");
        }
    }
}
