//! What agents told about a worktree, kept until a commit uses it or it expires.
//!
//! Events stand in the order in which they were written. A commit does not remove what it used; it appends which
//! paths it has taken care of, and a later rewrite of the file drops the events before that.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::provenance::{ApprovedBy, CallId, Hunk, PromptId, SessionId, Subagent, Tokens, Turn};
use crate::store::Error;
use crate::store::contents::{ContentId, Contents as FileContents};
use crate::store::framed::{Contents, Framed, FramedFile};

/// Evidence that no commit used within this time is not used any more: 14 days, in milliseconds.
pub const EXPIRES_AFTER: i64 = 14 * 24 * 3600 * 1000;

/// When the file is larger than this, a commit drops what is not needed any more.
const COMPACT_ABOVE: u64 = 256 << 10;

/// So often a commit does that in any case, so that what expired goes, and contents that nothing names.
const CLEANED_EVERY: Duration = Duration::from_secs(24 * 3600);

/// One entry, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum EvidenceEntry {
    /// Something happened in a session.
    Event(Box<KeptEvent>),
    /// The answer that made a call is known by now.
    Answered {
        /// The call.
        call: CallId,
        /// The answer.
        turn: KeptTurn,
    },
    /// A commit took what stood here about these paths.
    Committed {
        /// The paths, from the top of the worktree.
        paths: Vec<String>,
        /// When: milliseconds since 1970.
        at: i64,
    },
    /// One that a newer version knows.
    #[serde(other)]
    Unknown,
}

/// An event of a session, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEvent {
    /// The id of the agent.
    pub agent: String,
    /// Its session.
    pub session: SessionId,
    /// When it happened: milliseconds since 1970.
    pub at: i64,
    /// When it began, if that was another moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<i64>,
    /// The prompt under which it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<PromptId>,
    /// The thread, if it was not the main one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subagent: Option<Subagent>,
    /// The call of a tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallId>,
    /// The answer that made it, where it was known at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<KeptTurn>,
    /// Whether the agent was in plan mode.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_plan_mode: bool,
    /// What happened.
    #[serde(flatten)]
    pub what: KeptAction,
}

/// What happened, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum KeptAction {
    /// Files were changed.
    Edited {
        /// The changes.
        files: Vec<KeptEdit>,
    },
    /// The session opened with a plan that another one had made.
    OpenedWithPlan {
        /// Its text, among the kept contents.
        text: ContentId,
        /// The session that made it, where a link says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<SessionId>,
    },
    /// A plan was shown for approval.
    PlanShown {
        /// The text that the model wrote, among the kept contents.
        text: ContentId,
    },
    /// A plan was approved.
    PlanApproved {
        /// The text that was approved, among the kept contents.
        text: ContentId,
        /// The text that the model wrote, if a person changed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written: Option<ContentId>,
        /// Who approved.
        by: ApprovedBy,
    },
    /// A plan was not approved, as far as its session shows.
    PlanRefused,
    /// The agent went into plan mode.
    PlanModeEntered,
    /// A review read the change.
    Read {
        /// Its name.
        name: String,
    },
    /// Another model gave advice.
    Advised {
        /// The adviser, as met.
        model: String,
        /// What it cost.
        #[serde(default)]
        tokens: Tokens,
    },
    /// One that a newer version knows.
    #[serde(other)]
    Unknown,
}

/// The change of one file, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEdit {
    /// The path from the top of the worktree, with `/`.
    pub path: String,
    /// What was there before.
    #[serde(default, skip_serializing_if = "KeptState::is_unknown")]
    pub before: KeptState,
    /// What was there afterwards.
    #[serde(default, skip_serializing_if = "KeptState::is_unknown")]
    pub after: KeptState,
    /// What was replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hunks: Vec<Hunk>,
}

/// A file at one moment, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeptState {
    /// There was none.
    Absent,
    /// It had this content, which may be among the kept ones.
    Content(ContentId),
    /// Nobody told.
    #[default]
    Unknown,
}

/// An answer of a model, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptTurn {
    /// The model, as met.
    pub model: String,
    /// Its effort, where the agent told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// The model that had been asked for, if another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<String>,
    /// Why another answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The agent's name of the answer.
    pub answer: String,
    /// What it cost.
    #[serde(default)]
    pub tokens: Tokens,
}

impl KeptState {
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

impl KeptTurn {
    /// Makes the kept form of an answer.
    pub fn of(turn: &Turn) -> Self {
        Self {
            model: turn.model.raw().to_owned(),
            effort: turn.model.effort().map(str::to_owned),
            requested: turn.requested.as_ref().map(|model| model.raw().to_owned()),
            trigger: turn.trigger.clone(),
            answer: turn.answer.clone(),
            tokens: turn.tokens,
        }
    }
}

impl Framed for EvidenceEntry {
    fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Event(event) => event.what != KeptAction::Unknown,
            Self::Answered { .. } | Self::Committed { .. } => true,
        }
    }
}

/// The evidence of one worktree.
#[derive(Debug, Clone)]
pub struct Evidence {
    folder: PathBuf,
}

impl Evidence {
    /// Names the evidence of a worktree by its git directory; nothing is opened or made.
    pub fn of(git_dir: &Path) -> Self {
        Self { folder: git_dir.join("model") }
    }

    fn file(&self) -> FramedFile {
        FramedFile::new(self.folder.join("evidence"))
    }

    /// Returns the contents that belong to it.
    pub fn contents(&self) -> FileContents {
        FileContents::below(&self.folder)
    }

    /// Returns the content that the last edit left in a file without keeping it; `None` if nobody told.
    ///
    /// Where the next edit finds the same, it need not keep it either.
    pub fn last_left(&self, path: &str) -> Option<ContentId> {
        std::fs::read_to_string(self.last_path(path)).ok()?.trim_end().parse().ok()
    }

    /// Notes the content that an edit left in a file.
    pub fn note_left(&self, path: &str, id: ContentId) -> Result<(), Error> {
        let path = self.last_path(path);
        let failed = |source| Error::Write { path: path.clone(), source };
        std::fs::create_dir_all(self.folder.join("left")).map_err(failed)?;
        std::fs::write(&path, format!("{id}\n")).map_err(failed)
    }

    fn last_path(&self, path: &str) -> PathBuf {
        self.folder.join("left").join(ContentId::of(path.as_bytes()).to_string())
    }

    /// Reads all entries; where nothing was told there are none.
    pub fn read(&self) -> Result<Contents<EvidenceEntry>, Error> {
        self.file().read()
    }

    /// Appends entries, all or none.
    pub fn append(&self, entries: &[EvidenceEntry]) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let file = self.file();
        let lock = file.lock()?;
        file.append(&lock, entries).map(|_| ())
    }

    /// Says whether nobody ever told anything here.
    pub fn is_empty(&self) -> bool {
        !self.folder.join("evidence").exists() && !self.folder.join("contents").exists()
    }

    /// Says whether the last cleaning is so long ago that another is due; one begins with asking.
    fn begins_cleaning(&self) -> bool {
        let mark = self.folder.join("cleaned");
        let last = std::fs::metadata(&mark).and_then(|data| data.modified());
        let is_due = last.map_or(true, |at| at.elapsed().map_or(true, |age| age >= CLEANED_EVERY));
        if is_due {
            let _ = std::fs::remove_file(&mark);
            let _ = std::fs::write(&mark, "");
        }
        is_due
    }

    /// Appends what a commit took, and drops what nobody needs any more where that is worth the while.
    ///
    /// `now` is in milliseconds since 1970. Returns whether it dropped anything.
    pub fn commit(&self, paths: Vec<String>, now: i64) -> Result<bool, Error> {
        let file = self.file();
        let lock = file.lock()?;
        let len = file.append(&lock, &[EvidenceEntry::Committed { paths, at: now }])?;
        if len <= COMPACT_ABOVE && !self.begins_cleaning() {
            return Ok(false);
        }
        let read = file.read::<EvidenceEntry>()?;
        if read.newer > 0 {
            return Ok(false); // A newer version keeps something here that we could not judge.
        }
        let needed = needed(&read.entries, now);
        file.rewrite(&lock, needed.iter().copied())?;
        let kept = needed.iter().flat_map(|entry| entry.contents()).collect::<HashSet<_>>();
        self.contents().retain(|id| kept.contains(&id));
        // The next edits keep what they find, since what earlier ones left may be gone now.
        let _ = std::fs::remove_dir_all(self.folder.join("left"));
        Ok(true)
    }
}

impl EvidenceEntry {
    fn contents(&self) -> Vec<ContentId> {
        let Self::Event(event) = self else { return Vec::new() };
        match &event.what {
            KeptAction::Edited { files } => files
                .iter()
                .flat_map(|file| [file.before, file.after])
                .filter_map(|state| match state {
                    KeptState::Content(id) => Some(id),
                    KeptState::Absent | KeptState::Unknown => None,
                })
                .collect(),
            KeptAction::OpenedWithPlan { text, .. } | KeptAction::PlanShown { text } => vec![*text],
            KeptAction::PlanApproved { text, written, .. } => {
                std::iter::once(*text).chain(*written).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Returns the entries that later commits can use.
fn needed(entries: &[EvidenceEntry], now: i64) -> Vec<&EvidenceEntry> {
    let mut committed_at = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let EvidenceEntry::Committed { paths, .. } = entry {
            committed_at.extend(paths.iter().map(|path| (path.as_str(), index)));
        }
    }
    let mut calls = HashSet::new();
    let mut kept = vec![false; entries.len()];
    for (index, entry) in entries.iter().enumerate() {
        let EvidenceEntry::Event(event) = entry else { continue };
        let is_open = match &event.what {
            KeptAction::Edited { files } => files.iter().any(|file| {
                committed_at.get(file.path.as_str()).is_none_or(|place| *place < index)
            }),
            _ => true,
        };
        if is_open && now.saturating_sub(event.at) < EXPIRES_AFTER {
            kept[index] = true;
            calls.extend(&event.call);
        }
    }
    let is_needed = |(index, entry): &(usize, &EvidenceEntry)| match entry {
        EvidenceEntry::Event(_) => kept[*index],
        EvidenceEntry::Answered { call, .. } => calls.contains(call),
        EvidenceEntry::Committed { paths, .. } => {
            paths.iter().any(|path| committed_at.get(path.as_str()) == Some(index))
                && kept[..*index].contains(&true)
        }
        EvidenceEntry::Unknown => false,
    };
    entries.iter().enumerate().filter(is_needed).map(|(_, entry)| entry).collect()
}
