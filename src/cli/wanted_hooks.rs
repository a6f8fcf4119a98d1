//! The hooks that are there only while a setting wants them: a review before a commit or a push, records synced at a push.

use std::path::Path;

use crate::cli::error::CommandError;
use crate::git::{HookState, HooksFolder, Installed, ON_REQUEST, Repo};
use crate::settings::{ReviewGate, Settings, SyncAt};

/// Says what a hook is wanted for; empty where nothing wants it.
fn reasons(repo: &Repo, hook: &str) -> Result<Vec<&'static str>, CommandError> {
    let settings = Settings::of(repo);
    let gate = hook_of(settings.review_gate()?) == Some(hook);
    let sync = hook == "pre-push" && settings.sync_at()? == SyncAt::Push;
    let review = if hook == "pre-commit" {
        "a review before each commit"
    } else {
        "a review before each push"
    };
    let wanted = [(gate, review), (sync, "records are synced at each push")];
    Ok(wanted.into_iter().filter_map(|(is_wanted, what)| is_wanted.then_some(what)).collect())
}

/// Returns the hook that a gate needs.
fn hook_of(gate: ReviewGate) -> Option<&'static str> {
    match gate {
        ReviewGate::Off => None,
        ReviewGate::Commit => Some("pre-commit"),
        ReviewGate::Push => Some("pre-push"),
    }
}

/// Installs the hooks that the settings want and removes the others; says what it did, where it did anything.
pub(in crate::cli) fn settle(
    repo: &Repo,
    folder: &HooksFolder,
    program: &Path,
) -> Result<Vec<String>, CommandError> {
    let name = repo.name();
    let mut lines = Vec::new();
    for hook in ON_REQUEST {
        let reasons = reasons(repo, hook)?;
        if !reasons.is_empty() {
            let how = match folder.install(hook, program)? {
                Installed::New => "installed",
                Installed::BesideAnother => "installed beside yours, which still runs first",
                Installed::Updated => "installed anew",
                Installed::Unchanged => continue,
            };
            lines.push(format!("{name}: {hook} {how}: {}", reasons.join(", and ")));
        } else if folder.uninstall(hook)? {
            lines.push(format!("{name}: {hook} removed, no setting wants it"));
        }
    }
    Ok(lines)
}

/// Says what `settle` would do.
pub(in crate::cli) fn announced(
    repo: &Repo,
    folder: &HooksFolder,
    program: &Path,
) -> Result<Vec<String>, CommandError> {
    let mut lines = Vec::new();
    for hook in ON_REQUEST {
        let is_wanted = !reasons(repo, hook)?.is_empty();
        let what = match (folder.state(hook, program), is_wanted) {
            (HookState::Absent, true) => "new",
            (HookState::OursOutdated, true) => "ours, to be written anew",
            (HookState::Foreign, true) => "beside the hook that is there, which still runs",
            (HookState::Ours | HookState::OursBehindAnother, true) => "there already",
            (HookState::Absent | HookState::Foreign, false) => continue,
            (_, false) => "ours, to be removed",
        };
        lines.push(format!("  {hook}: {what}"));
    }
    Ok(lines)
}

/// Says where hooks and settings do not agree; `None` where they do.
pub(in crate::cli) fn complaint(
    repo: &Repo,
    program: &Path,
) -> Result<Option<String>, CommandError> {
    let settings = Settings::of(repo);
    let gate = settings.review_gate()?;
    let is_missing = |hook: &str| {
        Ok::<_, CommandError>(match repo.hooks_folder()?.state(hook, program) {
            HookState::Ours | HookState::OursOutdated | HookState::OursBehindAnother => false,
            HookState::Absent | HookState::Foreign => true,
        })
    };
    let missing = |setting: String, hook: &str, what: &str| {
        format!("{setting} and its hook {hook} is not installed: {what} (git model init)")
    };
    if let Some(hook) = hook_of(gate)
        && is_missing(hook)?
    {
        let setting = format!("model.review.gate is `{}`", gate.as_str());
        return Ok(Some(missing(setting, hook, "nothing is reviewed")));
    }
    if settings.sync_at()? == SyncAt::Push && is_missing("pre-push")? {
        let setting = "model.sync is `push`".to_owned();
        return Ok(Some(missing(setting, "pre-push", "nothing is synced at a push")));
    }
    Ok(None)
}
