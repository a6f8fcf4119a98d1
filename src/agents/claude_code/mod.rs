//! Claude Code: its hooks, its session files, and how its hooks are installed.
//!
//! What is said of its habits was seen with 2.1.110, 2.1.200 and 2.1.330. No hook names a model: only the line of
//! the session file that holds the call does.

mod answer;
mod command;
mod edit;
mod hook;
mod hooks;
mod line;
mod memory;
mod places;
mod session;
mod text;
mod told;
mod tool;
mod turn;

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::agent::{Agent, Cursor, Scope, SessionPart, SettingsFile, Surroundings};
use super::hook_settings::{HookState, Removal, SettingsError};
use crate::os::OpenFolders;
use crate::provenance::{AgentEvent, CallId, SessionId, Subagent, Turn};

/// The adapter.
#[derive(Debug)]
pub(super) struct ClaudeCode;

impl Agent for ClaudeCode {
    fn id(&self) -> &'static str {
        "claude-code"
    }

    fn name(&self) -> &'static str {
        "Claude Code"
    }

    fn variables(&self) -> &'static [&'static str] {
        &["PATH", places::CONFIG_FOLDER, places::SESSION, hook::ENTRYPOINT, hook::IS_ATTENDED]
    }

    fn is_found(&self, around: &Surroundings) -> bool {
        places::is_found(around)
    }

    fn read_hook(
        &self,
        around: &Surroundings,
        now: DateTime<Utc>,
        payload: &[u8],
    ) -> Option<AgentEvent> {
        hook::read(around, now, payload)
    }

    fn find_turn(
        &self,
        session_file: &Path,
        subagent: Option<&Subagent>,
        call: &CallId,
    ) -> Option<Turn> {
        turn::find(session_file, subagent, call)
    }

    fn read_session(&self, file: &Path, from: &Cursor) -> io::Result<SessionPart> {
        session::read(file, from)
    }

    fn session_folders(&self, around: &Surroundings, worktree: &Path) -> Vec<PathBuf> {
        places::session_folder(around, worktree).into_iter().collect()
    }

    fn open_sessions(&self, around: &Surroundings, worktree: &Path) -> Vec<PathBuf> {
        places::open_sessions(around, worktree)
    }

    fn running_session(&self, around: &Surroundings) -> Option<SessionId> {
        around.variable(places::SESSION).map(|session| SessionId(session.to_owned()))
    }

    fn helper_files(&self, session_file: &Path, folders: &mut OpenFolders) -> Vec<PathBuf> {
        places::helper_files(session_file, folders)
    }

    fn files_in(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        places::files_in(folder)
    }

    fn settings_file(
        &self,
        around: &Surroundings,
        worktree: &Path,
        scope: Scope,
    ) -> Option<PathBuf> {
        let folder = match scope {
            Scope::Local => return Some(worktree.join(".claude/settings.local.json")),
            Scope::Shared => worktree.join(".claude"),
            Scope::Global => places::config_folder(around)?,
        };
        Some(folder.join("settings.json"))
    }

    fn with_hooks(&self, file: SettingsFile<'_>, command: &str) -> Result<String, SettingsError> {
        hooks::SET.with(file, command)
    }

    fn without_hooks(&self, file: SettingsFile<'_>) -> Result<Removal, SettingsError> {
        hooks::SET.without(file)
    }

    fn hook_state(
        &self,
        file: SettingsFile<'_>,
        command: &str,
    ) -> Result<HookState, SettingsError> {
        hooks::SET.state(file, command)
    }
}
