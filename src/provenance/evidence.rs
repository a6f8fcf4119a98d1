//! Evidence: what a coding agent says that it did, and which of its models did it.
//!
//! An agent's adapter reads hooks and session files into these words; the journal keeps them until the commit.

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ModelName;

/// The agent's name of one sitting, as it writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub String);

/// The agent's name of one call of a tool; the same in its hooks and its session file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub String);

/// The agent's name of one prompt of a person, under which any number of calls are made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PromptId(pub String);

impl fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One answer of a model: who answered, and who had been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The model that answered, with the effort where the agent tells it.
    pub model: ModelName,
    /// The model that was asked for, where it is another one.
    pub requested: Option<ModelName>,
    /// Why another model answered (`overloaded`, `refusal`), where the agent says so.
    pub trigger: Option<String>,
    /// The agent's name of the answer; all calls of one answer share it, and its tokens count once.
    pub answer: String,
    /// What the answer cost.
    pub tokens: Tokens,
}

/// Numbers of tokens of one or several answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// Read as a prompt, not from a cache.
    #[serde(default)]
    pub input: u64,
    /// Written by the model.
    #[serde(default)]
    pub output: u64,
    /// Read from the provider's cache.
    #[serde(default)]
    pub cache_read: u64,
    /// Written into the provider's cache.
    #[serde(default)]
    pub cache_write: u64,
}

/// A run of lines that an edit replaced.
///
/// The numbers count from 1; a side without lines names the line before it, as in a unified diff. Both are 0, and the
/// first and the last line may be a part of one, where the agent tells the texts alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// The first line before the edit.
    pub old_start: u32,
    /// The first line after it.
    pub new_start: u32,
    /// The lines, each with a space (kept), `-` or `+` in front and without its line break.
    pub lines: Vec<String>,
}

/// The content of a file at one moment, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// There was no such file.
    Absent,
    /// This was in it. Agents write LF for CRLF.
    Content(Vec<u8>),
    /// Nobody told.
    Unknown,
}

/// A change that one call of a tool made to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    /// The file, absolute.
    pub path: PathBuf,
    /// What was in it when the call began.
    pub before: FileState,
    /// What was in it when the call had ended.
    pub after: FileState,
    /// What the agent says it replaced; empty where only whole contents are known.
    pub hunks: Vec<Hunk>,
}

/// The thread of a session that an agent started for a part of the work.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subagent {
    /// The agent's name of the thread.
    pub id: String,
    /// What kind of helper it is (`Explore`, `code-reviewer`); empty where nobody says.
    pub kind: String,
}

/// Who approved a plan, as the agent shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApprovedBy {
    /// Somebody at the agent's dialog.
    Person,
    /// A mode of the agent, or a program that drives it.
    Automation,
}

/// What happened at one moment of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The session, or the process that goes on with it, began.
    Started,
    /// The session opened with the text of a plan that another one had made.
    OpenedWithPlan {
        /// The text.
        text: String,
        /// The session that made it, where a link says so.
        from: Option<SessionId>,
        /// Who opened it so, and by that approved the plan.
        by: ApprovedBy,
    },
    /// A person, or a program in their name, typed something; never kept.
    Prompted {
        /// The text.
        text: String,
        /// Who typed it.
        by: ApprovedBy,
    },
    /// A tool changed files.
    Edited(Vec<FileEdit>),
    /// A shell command, or another tool that may change any file, is about to run.
    ShellStarted {
        /// Whether what changes meanwhile is others' work: the command fetches it (`git stash pop`, `patch`), or only looks
        /// (`cargo test`), so that somebody else must have written it.
        others_work: bool,
    },
    /// It ended, or failed.
    ShellEnded {
        /// Whether it goes on in the background, so that its changes are still to come.
        in_background: bool,
    },
    /// A call that had begun was refused before it ran, by a person or a rule: nothing of it happened.
    CallRefused,
    /// The agent showed a plan and asked for approval; whether it got it may stand elsewhere.
    PlanShown {
        /// The text as the model wrote it.
        text: String,
    },
    /// The plan was approved.
    PlanApproved {
        /// The text that was approved.
        text: String,
        /// The text that the model wrote, where a person changed it before the approval.
        written: Option<String>,
        /// Who approved.
        by: ApprovedBy,
    },
    /// The plan was not approved, as far as this session shows.
    PlanRefused,
    /// The agent went into plan mode.
    PlanModeEntered,
    /// A command, skill or helper with a name of its own was at work.
    Ran {
        /// Its name (`security-review`).
        what: String,
    },
    /// Another model gave advice in the middle of an answer.
    Advised {
        /// The adviser.
        model: ModelName,
        /// What the advice cost.
        tokens: Tokens,
    },
    /// A model answered, with or without calls of tools; told once for each answer, for its tokens.
    Answered,
    /// A turn ended: the agent waits for the next prompt.
    Stopped,
    /// A hint that the session file has more to tell.
    Hint,
}

/// One event of an agent's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentEvent {
    /// The session.
    pub session: SessionId,
    /// The session's own file, where the agent names it.
    pub session_file: Option<PathBuf>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The directory of the agent at that moment, absolute.
    pub folder: Option<PathBuf>,
    /// The prompt under which it happened.
    pub prompt: Option<PromptId>,
    /// The thread, if it is not the session's main one.
    pub subagent: Option<Subagent>,
    /// The call of a tool, if it is one.
    pub call: Option<CallId>,
    /// The answer that made the call; `None` where the session file has not told yet.
    pub turn: Option<Turn>,
    /// Whether the agent was in plan mode.
    pub in_plan_mode: bool,
    /// What happened.
    pub action: Action,
}

impl Tokens {
    /// Adds the numbers of another.
    pub fn add(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cache_read = self.cache_read.saturating_add(other.cache_read);
        self.cache_write = self.cache_write.saturating_add(other.cache_write);
    }
}
