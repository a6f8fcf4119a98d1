//! The draft of the coming commit's record: what the message hooks leave for `post-commit`.
//!
//! One file beside the journal, replaced by each commit's first hook and removed when it is used.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::provenance::{CommitId, Operation};
use crate::store::framed::write_replacing;
use crate::store::{Declared, Error, Journal, KeptUsage, Remembered, note};

/// The format of the file; a draft of another version is not used.
const VERSION: u32 = 1;

/// What is known of a commit before it exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    version: u32,
    /// The parents that the commit will have.
    pub parents: Vec<CommitId>,
    /// The tree that it will have; `None` where the hook could not know it yet.
    pub tree: Option<CommitId>,
    /// The second argument of `prepare-commit-msg`.
    pub source: String,
    /// Its third argument, as typed.
    pub argument: String,
    /// Whether a running rebase makes it, so that `post-rewrite` will say what it replaces.
    pub by_sequence: bool,
    /// The operation that makes it.
    pub operation: Operation,
    /// The commits from which its lines come.
    pub sources: Vec<CommitId>,
    /// Whether it brings back what a revert took away, so that the source's lines keep their models.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// Who was declared to work then; `None` also where the operation leaves no room for it.
    pub declared: Option<Declared>,
    /// The text of the template that the editor began with, cleaned; only for `commit -t` and `commit.template`.
    pub template: Option<String>,
    /// What is to be remembered of its files once the commit is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remember: Vec<Remembered>,
    /// What of the sessions' cost the commit takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub billed: Vec<KeptUsage>,
    /// The attribution, as a note; `None` until `commit-msg` ran.
    record: Option<String>,
}

impl Draft {
    /// Begins a draft for a commit with these parents.
    pub fn new(parents: Vec<CommitId>, operation: Operation, sources: Vec<CommitId>) -> Self {
        Self {
            version: VERSION,
            parents,
            tree: None,
            source: String::new(),
            argument: String::new(),
            by_sequence: false,
            operation,
            sources,
            again: false,
            declared: None,
            template: None,
            remember: Vec::new(),
            billed: Vec::new(),
            record: None,
        }
    }

    /// Reads the draft of a worktree; `None` where there is none, or none that this version can use.
    pub fn read(journal: &Journal) -> Option<Self> {
        let bytes = fs::read(path(journal)).ok()?;
        let draft = serde_json::from_slice::<Self>(&bytes).ok()?;
        (draft.version == VERSION).then_some(draft)
    }

    /// Writes the draft of a worktree.
    pub fn write(&self, journal: &Journal) -> Result<(), Error> {
        let path = path(journal);
        fs::create_dir_all(journal.folder())
            .map_err(|source| Error::Write { path: path.clone(), source })?;
        let json = serde_json::to_vec(self).expect("a draft has only text, numbers and lists");
        write_replacing(&path, &json)
    }

    /// Removes the draft of a worktree, if there is one.
    pub fn remove(journal: &Journal) {
        let _ = fs::remove_file(path(journal));
    }

    /// Says whether a rebase makes the commit as it was, so that nothing is to be attributed yet.
    pub fn is_clean_step(&self) -> bool {
        self.by_sequence && self.record.is_none() && self.sources.len() < 2
    }

    /// Keeps the attribution of the change.
    pub fn keep(&mut self, record: &crate::provenance::CommitRecord) {
        let unborn = CommitId::from_bytes(&[0; 20]).expect("20 bytes are an id");
        let note = note::render(unborn, record, chrono::DateTime::UNIX_EPOCH);
        self.record = Some(String::from_utf8_lossy(&note).into_owned());
    }

    /// Returns the attribution that was kept.
    pub fn record(&self) -> Option<crate::provenance::CommitRecord> {
        let unborn = CommitId::from_bytes(&[0; 20])?;
        note::parse(unborn, self.record.as_deref()?.as_bytes()).ok()
    }
}

/// The word that a rebase makes the coming commit as it was, in place of a draft: nothing is to be done after it.
///
/// The shim of `post-commit` looks for the file by its name, and does not start the program.
#[derive(Debug, Clone)]
pub struct CleanStep {
    path: std::path::PathBuf,
}

impl CleanStep {
    /// Names the word of a worktree; nothing is opened or made.
    pub fn of(journal: &Journal) -> Self {
        Self { path: journal.folder().join("step") }
    }

    /// Says whether it is there.
    pub fn is_there(&self) -> bool {
        self.path.exists()
    }

    /// Leaves the word.
    pub fn leave(&self) -> Result<(), Error> {
        if self.is_there() {
            return Ok(());
        }
        let failed = |source| Error::Write { path: self.path.clone(), source };
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&self.path, "").map_err(failed)
    }

    /// Takes it back.
    pub fn take_back(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn path(journal: &Journal) -> std::path::PathBuf {
    journal.folder().join("draft")
}
