//! `git model sync [REMOTE]`: records to and from another repository.

use std::process::ExitCode;
use std::time::Duration;

use crate::capture::Moment;
use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::format::counted;
use crate::git::{Remote, Repo};
use crate::provenance::Synced;
use crate::report::SyncReport;
use crate::review;
use crate::settings::{Settings, SyncAt};
use crate::store::sync::{self, HeldBack, HoldBack, Sync, SyncWish};
use crate::store::{Error, note};

/// How long a hook waits for the remote, for each command.
const PATIENCE_OF_HOOK: Duration = Duration::from_secs(20);

/// Take the records of another repository, and give it those of this one
///
/// Notes in refs/notes/model are fetched, combined with those that are here, and pushed, never by force. A commit that was
/// recorded on both sides keeps what both know of it, line by line. Nothing is removed: a note that is missing on one side
/// comes back from the other. Plans travel too, with `git config model.syncPlans true`.
#[derive(Debug, clap::Args)]
pub struct SyncArgs {
    /// The name of a remote, or an address; default: the one that this branch is pushed to, or origin
    remote: Option<String>,

    /// Take records, and give none
    #[arg(long, visible_alias = "no-push")]
    fetch_only: bool,

    /// Only say what would be taken and given
    #[arg(long, short = 'n')]
    dry_run: bool,

    #[command(flatten)]
    format: FormatArgs,
}

/// Syncs.
pub fn run(context: &Context, args: &SyncArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let remote = remote(&repo, args.remote.as_deref())?;
    if !args.dry_run {
        for warning in Moment::new(&repo, context.now()).write_waiting()?.warnings {
            context.terminal.warning(&warning);
        }
    }
    let plans = Settings::of(&repo).sync_plans()?;
    let hold_back: HoldBack<'_> = &hold_back;
    let wish = SyncWish {
        pushes: !args.fetch_only,
        is_dry: args.dry_run,
        plans: plans.then_some(hold_back),
    };
    let name = remote.name.clone();
    let synced = Sync::new(&repo, remote).run(wish)?;
    warn(context, &name, &synced);
    let is_whole = synced.plans.iter().flatten().all(|plan| plan.fate.is_settled());
    let report = SyncReport { remote: name, pushes: wish.pushes, is_dry: wish.is_dry, synced };
    context.print(&report, &args.format.format)?;
    Ok(ExitCode::from(u8::from(!is_whole)))
}

/// Syncs with the remote that somebody pushes to, where `model.sync` says so; a hook that fails stops no push.
pub(super) fn at_push(repo: &Repo, remote: &str) -> Result<(), Error> {
    let settings = Settings::of(repo);
    if settings.sync_at()? != SyncAt::Push || remote.is_empty() {
        return Ok(());
    }
    let hold_back: HoldBack<'_> = &hold_back;
    let plans = settings.sync_plans()?.then_some(hold_back);
    let remote = Remote { patience: Some(PATIENCE_OF_HOOK), ..repo.remote(remote)? };
    Sync::new(repo, remote).run(SyncWish { pushes: true, is_dry: false, plans })?;
    Ok(())
}

/// Returns the remote that may have the records which are missing here: the one that `git model sync` would ask, as long
/// as it was not asked.
pub(super) fn unasked_remote(repo: &Repo) -> Option<String> {
    let name = repo.default_remote().ok().flatten()?;
    let remote = repo.remote(&name).ok()?;
    let was_asked = sync::was_asked(repo, &remote).ok()?;
    (!was_asked).then_some(name)
}

fn remote(repo: &Repo, named: Option<&str>) -> Result<Remote, CommandError> {
    if let Some(name) = named {
        return Ok(repo.remote(name)?);
    }
    match repo.default_remote()? {
        Some(name) => Ok(repo.remote(&name)?),
        None if repo.remotes()?.is_empty() => Err(CommandError::refusal(
            "this repository has no remote",
        )
        .with_hint("add one: git remote add origin ADDRESS; or name it: git model sync ADDRESS")),
        None => {
            Err(CommandError::refusal("this repository has several remotes, and none is chosen")
                .with_hint("name one: git model sync REMOTE; list them: git remote -v"))
        }
    }
}

/// Says what was left aside, and why.
fn warn(context: &Context, remote: &str, synced: &Synced) {
    let reference = note::REFERENCE;
    for (number, noun, what) in [
        (synced.too_large, "note", "larger than 16 MiB"),
        (synced.missing, "note", "their contents are not on this machine"),
        (synced.strange, "entry", "no notes of commits"),
    ] {
        if number > 0 {
            let noun = if number > 1 { noun.replace("entry", "entrie") } else { noun.to_owned() };
            let left = counted(number, &noun);
            context
                .terminal
                .warning(&format!("{left} in {reference} of `{remote}` left aside: {what}"));
        }
    }
    if synced.foreign > 0 {
        context.terminal.warning(&format!(
            "{} of a newer git-model or another program stand beside ours, as they were",
            counted(synced.foreign, "note")
        ));
    }
}

/// Says whether a text of a plan stays here: one with something that looks like a secret does.
fn hold_back(text: &str) -> HeldBack {
    match review::scan("the plan", text).first() {
        None => HeldBack::No,
        Some(secret) => HeldBack::Yes(format!("line {} looks like {}", secret.line, secret.kind)),
    }
}
