//! What a reviewer found: in the change itself, and of the plan.

use crate::provenance::Severity;

/// Something that is wrong with the change.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// It in a few words.
    pub title: String,
    /// Why it is wrong.
    pub why: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the reviewer is: from 0 to 1.
    pub confidence: f64,
    /// The path, as [`ChangedFile::path`](super::ChangedFile::path) has it.
    pub path: String,
    /// The first line, in the new version and from 1. Where the quoted code was deleted: the line that followed it.
    pub start_line: u32,
    /// The last line.
    pub end_line: u32,
    /// The quoted code is what the change deletes.
    pub is_deleted_code: bool,
    /// The code that it is about, as it stands in the change.
    pub quote: String,
    /// What to do about it.
    pub suggestion: Option<String>,
    /// The line of the plan that it offends, as it stands there.
    pub plan_line: Option<String>,
    /// What became of it when it was checked.
    pub state: FindingState,
    /// It stands against the change.
    pub blocks: bool,
}

/// What became of a finding when it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingState {
    /// The reviewer tried to refute it and could not.
    Confirmed,
    /// Nobody could check it; it never blocks.
    Unconfirmed {
        /// Why not.
        why: String,
    },
    /// The reviewer refuted it.
    Refuted {
        /// Its reason.
        why: String,
    },
    /// A person dismissed it, now or in an earlier round, and its code did not change since.
    Dismissed {
        /// The reason that was given then.
        why: String,
    },
    /// Another reviewer says so, and nobody here checked more than that it lies in the change.
    Imported,
}

/// What a reviewer says of an item of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanItem {
    /// The line of the plan; of what no line asks for, a few words for it.
    pub item: String,
    /// The step of the plan that it belongs to, where the plan has numbered ones.
    pub step: Option<u32>,
    /// How far it is carried out.
    pub status: PlanStatus,
    /// What the reviewer says of it.
    pub why: Option<String>,
    /// The code that shows it, as it stands in the change.
    pub quote: Option<String>,
    /// Where that stands: the path and the line in the new version.
    pub place: Option<(String, u32)>,
    /// What became of it when it was checked; only contradictions are.
    pub state: Option<FindingState>,
    /// It stands against the change.
    pub blocks: bool,
}

/// How far an item of the plan is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlanStatus {
    /// All of it.
    Done,
    /// Some of it.
    Partial,
    /// Nothing of it.
    Missing,
    /// The change does what it rules out.
    Contradicted,
    /// The change does it, and no line of the plan asks for it.
    OutOfScope,
}

impl FindingState {
    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Refuted { .. } => "refuted",
            Self::Dismissed { .. } => "dismissed",
            Self::Imported => "imported",
        }
    }

    /// Returns why it is so, where a reason was given.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Unconfirmed { why } | Self::Refuted { why } | Self::Dismissed { why } => {
                Some(why)
            }
            Self::Confirmed | Self::Imported => None,
        }
    }

    /// Says whether what is in this state may block.
    pub fn may_block(&self) -> bool {
        matches!(self, Self::Confirmed | Self::Imported)
    }

    /// Says whether it is set aside: shown only on request.
    pub fn is_set_aside(&self) -> bool {
        matches!(self, Self::Refuted { .. } | Self::Dismissed { .. })
    }
}

impl PlanStatus {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Contradicted, Self::Missing, Self::Partial, Self::OutOfScope, Self::Done];

    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Missing => "missing",
            Self::Contradicted => "contradicted",
            Self::OutOfScope => "out-of-scope",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}
