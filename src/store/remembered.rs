//! What is remembered of a file after a commit: whose its lines are, so that later moves and leftovers keep theirs.
//!
//! One file for each path that agents edited; forgotten when nothing was committed there for a month.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::provenance::{CommitId, ModelName, PromptId, SessionId, Subagent};
use crate::store::Error;
use crate::store::contents::{ContentId, Contents};
use crate::store::framed::write_replacing;

/// The format of the file; another version is not used.
const VERSION: u32 = 1;

/// Memory that was not touched for this long is dropped: 30 days.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);

/// Somebody whom evidence shows to have written lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Writer {
    /// The id of the agent.
    pub agent: String,
    /// Its session.
    pub session: SessionId,
    /// The prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<PromptId>,
    /// The thread, if it was not the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subagent: Option<Subagent>,
    /// The model, as met.
    pub model: String,
    /// Its effort, where the agent told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// The model that had been asked for, if another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<String>,
    /// Whether it wrote in plan mode.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_plan_mode: bool,
}

impl Writer {
    /// Returns the model; `None` if what was kept is no name.
    pub fn model(&self) -> Option<ModelName> {
        let model = ModelName::parse(&self.model).ok()?;
        Some(match &self.effort {
            Some(effort) => model.with_effort(effort),
            None => model,
        })
    }

    /// Returns the model that had been asked for, if it was another.
    pub fn requested(&self) -> Option<ModelName> {
        ModelName::parse(self.requested.as_deref()?).ok()
    }
}

/// A run of lines of one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// How many lines.
    pub lines: u32,
    /// The place in the list of writers; `None`: nobody is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writer: Option<u32>,
}

/// One file after a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    version: u32,
    /// The path from the top of the worktree.
    pub path: String,
    /// The content that was committed.
    pub committed: CommitId,
    /// The content of the work tree then, if it was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worktree: Option<ContentId>,
    /// Who wrote.
    pub writers: Vec<Writer>,
    /// Whose the lines of the work tree are, from the first on.
    pub runs: Vec<Run>,
}

impl Remembered {
    /// Remembers a file.
    pub fn new(
        path: String,
        committed: CommitId,
        worktree: Option<ContentId>,
        writers: Vec<Writer>,
        runs: Vec<Run>,
    ) -> Self {
        Self { version: VERSION, path, committed, worktree, writers, runs }
    }

    /// Says whether this version can use what was read.
    pub(super) fn is_usable(&self) -> bool {
        self.version == VERSION
    }
}

/// All that one worktree remembers.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
}

impl Memory {
    /// Names the memory of a worktree by its git directory; nothing is opened or made.
    pub fn of(git_dir: &Path) -> Self {
        Self { folder: git_dir.join("model").join("remembered") }
    }

    /// Returns the contents that belong to it.
    pub fn contents(&self) -> Contents {
        Contents::below(&self.folder)
    }

    /// Says whether nothing at all is remembered here.
    pub fn is_empty(&self) -> bool {
        !self.folder.exists()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.join(ContentId::of(path.as_bytes()).to_string())
    }

    /// Reads what is remembered of a path; `None` for nothing, or nothing that this version can use.
    pub fn read(&self, path: &str) -> Option<Remembered> {
        let bytes = fs::read(self.path(path)).ok()?;
        let remembered = serde_json::from_slice::<Remembered>(&bytes).ok()?;
        (remembered.is_usable() && remembered.path == path).then_some(remembered)
    }

    /// Remembers a file.
    pub fn write(&self, remembered: &Remembered) -> Result<(), Error> {
        fs::create_dir_all(&self.folder)
            .map_err(|source| Error::Write { path: self.folder.clone(), source })?;
        let json = serde_json::to_vec(remembered).expect("it has only text, numbers and lists");
        write_replacing(&self.path(&remembered.path), &json)
    }

    /// Forgets a path.
    pub fn forget(&self, path: &str) {
        let _ = fs::remove_file(self.path(path));
    }

    /// Drops what was not touched for a month; what cannot be removed stays.
    pub fn drop_old(&self) {
        let folders = [self.folder.clone(), self.folder.join("contents")];
        for entry in folders.iter().flat_map(fs::read_dir).flatten().flatten() {
            let age = entry.metadata().and_then(|data| data.modified()).map(|at| at.elapsed());
            let is_old = matches!(age, Ok(Ok(age)) if age > FORGOTTEN_AFTER);
            if is_old && entry.path().is_file() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
