//! What an adapter of a coding agent can do.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::hook_settings::{HookState, Removal, SettingsError};
use crate::os::OpenFolders;
use crate::provenance::{AgentEvent, CallId, SessionId, Subagent, Turn};

/// Where an agent keeps its files on this machine, and what its process passed on.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The variables of the environment that adapters ask for by name, see [`Agent::variables`].
    pub variables: Vec<(String, String)>,
}

impl Surroundings {
    /// Returns a variable of the environment, unless it is empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Whose settings a hook stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One person's, in one repository; not tracked by Git.
    Local,
    /// Everybody's in one repository; tracked.
    Shared,
    /// One person's, in every repository.
    Global,
}

/// A file with an agent's settings, as it is now.
#[derive(Debug, Clone, Copy)]
pub struct SettingsFile<'a> {
    /// Where it is; for messages only, nothing is read or written.
    pub path: &'a Path,
    /// Its text; `None` where there is no file.
    pub text: Option<&'a str>,
}

/// How far a session file was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Cursor {
    /// The bytes that were read, always up to the end of a line.
    pub offset: u64,
    /// What the adapter must remember of the part before, in its own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memory: String,
}

/// What the appended part of a session file told.
#[derive(Debug, Default)]
pub struct SessionPart {
    /// The events, in the order of the file.
    pub events: Vec<AgentEvent>,
    /// How far the file was read.
    pub cursor: Cursor,
    /// Lines that could not be read.
    pub broken_lines: usize,
}

/// A coding agent. Facts about one stand in its own file and nowhere else.
pub trait Agent: Sync {
    /// Returns the id, as in the corpus of marks (`claude-code`).
    fn id(&self) -> &'static str;

    /// Returns the name for people (`Claude Code`).
    fn name(&self) -> &'static str;

    /// Names the variables of the environment that this adapter reads.
    fn variables(&self) -> &'static [&'static str] {
        &[]
    }

    /// Says whether the agent is on this machine: its home folder exists, or its program is in `PATH`.
    fn is_found(&self, around: &Surroundings) -> bool;

    /// Reads what the agent wrote to its hook; `None` for an event that tells nothing, or that is another program's.
    ///
    /// `now` is the time of the event where the agent does not write one. Must not wait, and must not read any
    /// file but to see whether a session file is this agent's.
    fn read_hook(
        &self,
        around: &Surroundings,
        now: DateTime<Utc>,
        payload: &[u8],
    ) -> Option<AgentEvent>;

    /// Finds the answer that made a call, looking from the end of the session's files; `None` if it is not there yet.
    ///
    /// Reads at most a few MiB.
    fn find_turn(
        &self,
        session_file: &Path,
        subagent: Option<&Subagent>,
        call: &CallId,
    ) -> Option<Turn>;

    /// Reads what was appended to a session file (a session's own, or a helper's) since a cursor, a part at a time.
    ///
    /// Must hold only a few MiB at once: of a large file it reads a part, and the returned cursor says where to go on.
    /// All is read when the cursor's place stays where it was.
    fn read_session(&self, file: &Path, from: &Cursor) -> io::Result<SessionPart>;

    /// Returns the folders that hold the session files of a worktree; a computed path, nothing is searched.
    fn session_folders(&self, around: &Surroundings, worktree: &Path) -> Vec<PathBuf>;

    /// Returns the session files of the sessions that are open now in a worktree, and of the one that runs us.
    fn open_sessions(&self, around: &Surroundings, worktree: &Path) -> Vec<PathBuf>;

    /// Returns the session that runs us, as the environment tells; `None` outside of any.
    fn running_session(&self, around: &Surroundings) -> Option<SessionId>;

    /// Lists the files of the helpers that a session started, beside its own file.
    fn helper_files(&self, session_file: &Path, folders: &mut OpenFolders) -> Vec<PathBuf>;

    /// Lists the session files in a session folder, helpers' included; not recursive beyond what the agent makes.
    fn files_in(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Returns the file that holds the hooks of a scope; `None` where the agent has none there.
    fn settings_file(
        &self,
        around: &Surroundings,
        worktree: &Path,
        scope: Scope,
    ) -> Option<PathBuf>;

    /// Returns the settings with our hooks, which run `command`; those of an older command are replaced.
    ///
    /// Must not change a byte that is not ours, and must give the same text when run again.
    fn with_hooks(&self, file: SettingsFile<'_>, command: &str) -> Result<String, SettingsError>;

    /// Returns the settings without our hooks, as they were before.
    fn without_hooks(&self, file: SettingsFile<'_>) -> Result<Removal, SettingsError>;

    /// Says whether our hooks are in the settings, all of them and with this command.
    fn hook_state(&self, file: SettingsFile<'_>, command: &str)
    -> Result<HookState, SettingsError>;
}
