//! The part of `git model init` and `git model deinit` that is about the settings of coding agents.

use std::fs;
use std::path::{Path, PathBuf};

use crate::agents::{self, Agent, HookState, Removal, Scope, SettingsFile, Surroundings};
use crate::capture::Pending;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::git::{InstallError, Repo};
use crate::settings;
use crate::store::{AgentHooks, Installation};

/// The settings of one agent that is on this machine.
struct Found {
    agent: &'static dyn Agent,
    file: PathBuf,
    text: Option<String>,
}

/// Puts our hooks into the settings of the agents that are on this machine.
///
/// Settings that cannot be read are left alone, and that is said: Git's own hooks record without them.
pub(super) fn install(
    context: &Context,
    repo: &Repo,
    program: &Path,
    scope: Scope,
    installation: &mut Installation,
) -> Result<(), CommandError> {
    let name = repo.name();
    if let Some(before) = Installation::read(repo.common_dir()) {
        installation.agents = before.agents;
    }
    for found in found(repo, scope)? {
        let what = found.agent.name();
        let (file, text) = (&found.file, found.text.as_deref());
        if scope == Scope::Local && repo.is_tracked(file) {
            context.terminal.warning(&format!(
                "{what} is not hooked: `{}` is tracked here (git model init --shared)",
                relative(repo, file)
            ));
            continue;
        }
        let command = command(program, found.agent);
        let made = match found.agent.with_hooks(SettingsFile { path: file, text }, &command) {
            Ok(made) => made,
            Err(error) => {
                context.terminal.warning(&format!("{what} is not hooked: {error}"));
                continue;
            }
        };
        let is_new = text != Some(made.as_str());
        if is_new {
            write(file, &made)?;
        }
        let excluded = if scope == Scope::Local { repo.exclude(file)? } else { Vec::new() };
        remember(installation, found.agent, file, excluded);
        context.say(&match (is_new, scope) {
            (false, _) => format!("{name}: {what} is hooked already"),
            (true, Scope::Local) => format!("{name}: {what} hooked, for this repository only"),
            (true, Scope::Shared) => {
                format!("{name}: {what} hooked in {} (commit it)", relative(repo, file))
            }
            (true, Scope::Global) => {
                format!("{what} hooked for every repository where git model init was run")
            }
        })?;
    }
    Ok(())
}

/// Says what `install` would do.
pub(super) fn announce(
    context: &Context,
    repo: &Repo,
    program: &Path,
    scope: Scope,
) -> Result<(), CommandError> {
    for found in found(repo, scope)? {
        let file = SettingsFile { path: &found.file, text: found.text.as_deref() };
        let state = found.agent.hook_state(file, &command(program, found.agent));
        let what = match state {
            Ok(HookState::Installed) => "there already".to_owned(),
            Ok(HookState::Outdated) => "to be written anew".to_owned(),
            Ok(HookState::Absent) => "new".to_owned(),
            Err(error) => format!("left alone: {error}"),
        };
        context.say(&format!(
            "hooks of {} in {}: {what}",
            found.agent.name(),
            found.file.display()
        ))?;
    }
    Ok(())
}

/// Takes our hooks out of the settings into which they were put.
pub(super) fn uninstall(
    context: &Context,
    repo: &Repo,
    with_global: bool,
) -> Result<(), CommandError> {
    let Some(installation) = Installation::read(repo.common_dir()) else { return Ok(()) };
    let around = settings::surroundings();
    for hooks in installation.agents {
        let Some(agent) = agents::ALL.iter().find(|agent| agent.id() == hooks.agent) else {
            continue;
        };
        let is_global = is_global(*agent, &around, &hooks.file);
        if is_global && !with_global {
            context.say(&format!(
                "{} stays hooked by your own settings, for other repositories (git model deinit --global)",
                agent.name()
            ))?;
            continue;
        }
        let Ok(text) = fs::read_to_string(&hooks.file) else { continue };
        let file = SettingsFile { path: &hooks.file, text: Some(&text) };
        match agent.without_hooks(file) {
            Ok(Removal::Unchanged) => {}
            Ok(Removal::Text(rest)) => write(&hooks.file, &rest)?,
            Ok(Removal::DeleteFile) => {
                fs::remove_file(&hooks.file)
                    .map_err(|source| InstallError::Write { path: hooks.file.clone(), source })?;
                // Its folder was made for it, unless something else is in it.
                let _ = hooks.file.parent().map(fs::remove_dir);
            }
            Err(error) => {
                context.terminal.warning(&format!("{} keeps hooks of ours: {error}", agent.name()));
            }
        }
        repo.include_again(&hooks.excluded)?;
    }
    Ok(())
}

/// Says in words whether agents tell what they do here, a line each.
pub(super) fn recording(repo: &Repo, program: &Path, pending: &Pending, now: i64) -> Vec<String> {
    let Some(installation) = Installation::read(repo.common_dir()) else { return Vec::new() };
    let mut lines = Vec::new();
    for hooks in &installation.agents {
        let Some(agent) = agents::ALL.iter().find(|agent| agent.id() == hooks.agent) else {
            continue;
        };
        let text = fs::read_to_string(&hooks.file).ok();
        let file = SettingsFile { path: &hooks.file, text: text.as_deref() };
        let state = match agent.hook_state(file, &command(program, *agent)) {
            Ok(HookState::Installed) => "hooked",
            Ok(HookState::Outdated) => "hooked by another version (git model init)",
            Ok(HookState::Absent) => "not hooked any more (git model init)",
            Err(_) => "not hooked: its settings cannot be read",
        };
        let heard = pending.heard.iter().find(|(id, _)| *id == hooks.agent);
        let seen = heard.map_or("not seen yet".to_owned(), |(_, at)| ago(now - at));
        lines.push(format!("{} {state}, {seen}", agent.name()));
    }
    lines
}

/// Says how long ago something was, in milliseconds, as people do.
fn ago(milliseconds: i64) -> String {
    let minutes = milliseconds / 60_000;
    match minutes {
        ..1 => "seen just now".to_owned(),
        1..120 => format!("seen {minutes} min ago"),
        120..2880 => format!("seen {} hours ago", minutes / 60),
        _ => format!("seen {} days ago", minutes / 1440),
    }
}

/// Finds the agents that are on this machine, and their settings of a scope.
fn found(repo: &Repo, scope: Scope) -> Result<Vec<Found>, CommandError> {
    let around = settings::surroundings();
    let Some(top) = repo.work_tree() else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for agent in agents::ALL.iter().filter(|agent| agent.is_found(&around)) {
        let Some(file) = agent.settings_file(&around, top, scope) else { continue };
        let text = match fs::read_to_string(&file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let what = format!("cannot read `{}`: {error}", file.display());
                return Err(CommandError::refusal(what).with_hint("git model init --no-agents"));
            }
        };
        all.push(Found { agent: *agent, file, text });
    }
    Ok(all)
}

fn is_global(agent: &dyn Agent, around: &Surroundings, file: &Path) -> bool {
    agent.settings_file(around, Path::new(""), Scope::Global).as_deref() == Some(file)
}

/// Returns the command that the agent's shell runs; with `exec` it starts one process less, half a millisecond of CPU.
fn command(program: &Path, agent: &dyn Agent) -> String {
    let program = program.to_string_lossy().replace('\'', r"'\''");
    format!("exec '{program}' agent-hook {}", agent.id())
}

fn remember(
    installation: &mut Installation,
    agent: &dyn Agent,
    file: &Path,
    excluded: Vec<String>,
) {
    match installation.agents.iter_mut().find(|known| known.file == file) {
        Some(known) => known.excluded.extend(excluded),
        None => installation.agents.push(AgentHooks {
            agent: agent.id().to_owned(),
            file: file.to_path_buf(),
            excluded,
        }),
    }
}

fn relative(repo: &Repo, file: &Path) -> String {
    let top = repo.work_tree().unwrap_or(Path::new(""));
    file.strip_prefix(top).unwrap_or(file).display().to_string()
}

/// Writes settings so that an agent never reads a half of them; a link stays one.
fn write(file: &Path, text: &str) -> Result<(), CommandError> {
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let failed = |source| InstallError::Write { path: file.clone(), source };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let temporary = file.with_extension("json.git-model");
    let permissions = fs::metadata(&file).map(|data| data.permissions());
    let write = fs::write(&temporary, text)
        .and_then(|()| {
            permissions.map_or(Ok(()), |as_before| fs::set_permissions(&temporary, as_before))
        })
        .and_then(|()| fs::rename(&temporary, &file));
    write.map_err(|source| {
        let _ = fs::remove_file(&temporary);
        failed(source)
    })?;
    Ok(())
}
