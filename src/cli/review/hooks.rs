//! The hook that reviews before a commit or a push: there only while `model.review.gate` wants it.

use std::path::Path;

use crate::cli::error::CommandError;
use crate::git::{HookState, HooksFolder, Installed, REFUSING, Repo};
use crate::settings::{ReviewGate, Settings};

/// Returns the hook that a gate needs.
fn hook_of(gate: ReviewGate) -> Option<&'static str> {
    match gate {
        ReviewGate::Off => None,
        ReviewGate::Commit => Some("pre-commit"),
        ReviewGate::Push => Some("pre-push"),
    }
}

/// Installs the hook that the settings want and removes the other one; says what it did, where it did anything.
pub(in crate::cli) fn settle(
    repo: &Repo,
    folder: &HooksFolder,
    program: &Path,
) -> Result<Vec<String>, CommandError> {
    let wanted = hook_of(Settings::of(repo).review_gate()?);
    let mut lines = Vec::new();
    for hook in REFUSING {
        if Some(hook) == wanted {
            let how = match folder.install(hook, program)? {
                Installed::New => "installed",
                Installed::BesideAnother => "installed beside yours, which still runs first",
                Installed::Updated => "installed anew",
                Installed::Unchanged => continue,
            };
            lines.push(format!(
                "{}: {hook} {how}: a review is due before each {}",
                repo.name(),
                moment(hook)
            ));
        } else if folder.uninstall(hook)? {
            lines.push(format!(
                "{}: {hook} removed: no review is due before a {}",
                repo.name(),
                moment(hook)
            ));
        }
    }
    Ok(lines)
}

fn moment(hook: &str) -> &str {
    hook.trim_start_matches("pre-")
}

/// Says what `settle` would do.
pub(in crate::cli) fn announced(
    repo: &Repo,
    folder: &HooksFolder,
    program: &Path,
) -> Result<Vec<String>, CommandError> {
    let wanted = hook_of(Settings::of(repo).review_gate()?);
    let what = |hook: &'static str| match (folder.state(hook, program), Some(hook) == wanted) {
        (HookState::Absent, true) => Some("new"),
        (HookState::OursOutdated, true) => Some("ours, to be written anew"),
        (HookState::Foreign, true) => Some("beside the hook that is there, which still runs"),
        (HookState::Ours | HookState::OursBehindAnother, true) => Some("there already"),
        (HookState::Ours | HookState::OursOutdated | HookState::OursBehindAnother, false) => {
            Some("ours, to be removed")
        }
        (HookState::Absent | HookState::Foreign, false) => None,
    };
    let line = |hook: &'static str| Some(format!("  {hook}: {}", what(hook)?));
    Ok(REFUSING.into_iter().filter_map(line).collect())
}

/// Says where hooks and settings do not agree; `None` where they do.
pub(in crate::cli) fn complaint(
    repo: &Repo,
    program: &Path,
) -> Result<Option<String>, CommandError> {
    let gate = Settings::of(repo).review_gate()?;
    let Some(hook) = hook_of(gate) else { return Ok(None) };
    let is_there = match repo.hooks_folder()?.state(hook, program) {
        HookState::Ours | HookState::OursOutdated | HookState::OursBehindAnother => true,
        HookState::Absent | HookState::Foreign => false,
    };
    let word = gate.as_str();
    Ok((!is_there).then(|| {
        format!("model.review.gate is `{word}` and its hook {hook} is not installed: nothing is reviewed (git model init)")
    }))
}
