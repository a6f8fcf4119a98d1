//! What the files were when an agent's shell command began, kept until it ends.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::provenance::{Action, AgentEvent, CallId, CommitId, PromptId, SessionId, Subagent};
use crate::store::Error;
use crate::store::contents::ContentId;
use crate::store::evidence::{EXPIRES_AFTER, KeptState};
use crate::store::framed::write_replacing;

/// The format of the file; another version is not used.
const VERSION: u32 = 1;

/// One command that runs, or that nobody saw ending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShellWatch {
    version: u32,
    /// The id of the agent.
    pub agent: String,
    /// The session.
    pub session: SessionId,
    /// The session's own file, which names the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_file: Option<PathBuf>,
    /// The prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<PromptId>,
    /// The thread, if it is not the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subagent: Option<Subagent>,
    /// Whether the agent was in plan mode.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_plan_mode: bool,
    /// The call.
    pub call: CallId,
    /// When it began: milliseconds since 1970.
    pub began: i64,
    /// `HEAD` then: files that do not stand below were as it has them.
    pub head: Option<CommitId>,
    /// Whether the command brings in work from elsewhere (`git stash pop`), so that its changes are nobody's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub brings_in: bool,
    /// The files that differed from it, by path.
    pub files: Vec<(String, KeptState)>,
}

impl ShellWatch {
    /// Begins to watch a command that an event of an agent announces; `None` if it names no call.
    pub fn new(
        agent: &str,
        event: &AgentEvent,
        began: i64,
        head: Option<CommitId>,
    ) -> Option<Self> {
        Some(Self {
            version: VERSION,
            agent: agent.to_owned(),
            session: event.session.clone(),
            session_file: event.session_file.clone(),
            prompt: event.prompt.clone(),
            subagent: event.subagent.clone(),
            in_plan_mode: event.in_plan_mode,
            call: event.call.clone()?,
            began,
            head,
            brings_in: matches!(event.action, Action::ShellStarted { brings_in: true }),
            files: Vec::new(),
        })
    }

    /// Returns what is known of a file at the beginning; `None`: it was as `HEAD` had it.
    pub fn file(&self, path: &str) -> Option<KeptState> {
        let place = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok()?;
        Some(self.files[place].1)
    }
}

/// The commands that run in one worktree.
#[derive(Debug, Clone)]
pub struct ShellWatches {
    folder: PathBuf,
}

impl ShellWatches {
    /// Names the commands of a worktree by its git directory; nothing is opened or made.
    pub fn of(git_dir: &Path) -> Self {
        Self { folder: git_dir.join("model").join("shell") }
    }

    fn path(&self, call: &CallId) -> PathBuf {
        self.folder.join(ContentId::of(call.0.as_bytes()).to_string())
    }

    /// Keeps a command, or what is known of it by now.
    pub fn write(&self, watch: &ShellWatch) -> Result<(), Error> {
        fs::create_dir_all(&self.folder)
            .map_err(|source| Error::Write { path: self.folder.clone(), source })?;
        let json = serde_json::to_vec(watch).expect("it has only text, numbers and lists");
        write_replacing(&self.path(&watch.call), &json)
    }

    /// Reads a command; `None` if nobody saw it beginning.
    pub fn read(&self, call: &CallId) -> Option<ShellWatch> {
        parse(&fs::read(self.path(call)).ok()?).filter(|watch| watch.call == *call)
    }

    /// Returns the commands that were not seen ending, oldest first, but for what expired.
    pub fn open(&self, now: i64) -> Vec<ShellWatch> {
        let mut open = Vec::new();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let watch = fs::read(entry.path()).ok().and_then(|bytes| parse(&bytes));
            open.extend(watch.filter(|watch| now.saturating_sub(watch.began) < EXPIRES_AFTER));
        }
        open.sort_by_key(|watch| watch.began);
        open
    }

    /// Ends a command.
    pub fn remove(&self, call: &CallId) {
        let _ = fs::remove_file(self.path(call));
    }
}

fn parse(bytes: &[u8]) -> Option<ShellWatch> {
    let watch = serde_json::from_slice::<ShellWatch>(bytes).ok()?;
    (watch.version == VERSION).then_some(watch)
}
