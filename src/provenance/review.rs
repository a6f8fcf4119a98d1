//! What the review of a change came to, as the record of a commit keeps it.

use serde::{Deserialize, Serialize};

use super::{CommitId, Grade, ModelName, Strength};

/// What a review says of a change. Our own code computes it; no model answers with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It was read, and nothing stands against it.
    Pass,
    /// Something stands against it.
    Block,
    /// It was not read, or not to the end; never a pass. So is one that only a newer version knows.
    #[serde(other)]
    NotRun,
}

/// How far a change goes beyond its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drift {
    /// It does what was planned, or there is no plan.
    #[default]
    None,
    /// Some of it is out of the plan's scope.
    Minor,
    /// Much of it is, or it contradicts the plan.
    Major,
}

/// How bad a finding is. A smaller value is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Data are lost, or somebody gets in.
    Critical,
    /// It does not work.
    High,
    /// It works badly, or not everywhere.
    Medium,
    /// A matter of taste.
    Low,
}

/// Numbers of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingCounts {
    /// Critical ones.
    pub critical: u32,
    /// High ones.
    pub high: u32,
    /// Medium ones.
    pub medium: u32,
    /// Low ones.
    pub low: u32,
}

/// A review that a commit's tree had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The model that answered.
    pub reviewer: ModelName,
    /// The model that was asked, where another one answered.
    pub requested: Option<ModelName>,
    /// The backend that asked it, or the agent whose verdict was imported.
    pub by: String,
    /// `Observed` where we asked, `Declared` where a verdict was imported.
    pub grade: Grade,
    /// The tree that was read.
    pub tree: CommitId,
    /// What it says.
    pub verdict: Verdict,
    /// How far the change goes beyond its plan.
    pub drift: Drift,
    /// The findings that stood at the end.
    pub findings: FindingCounts,
    /// The findings of earlier rounds on the same work that were gone at the end.
    pub fixed: FindingCounts,
    /// The findings that a person dismissed.
    pub dismissed: FindingCounts,
    /// How many rounds there were, this one included.
    pub rounds: u32,
    /// Something was left out, or a finding could not be checked.
    pub is_partial: bool,
    /// The hash of the plan's text that it was held against.
    pub plan_hash: Option<CommitId>,
    /// The version of the prompts.
    pub prompt_version: u32,
    /// The reviewer compared with the strongest author.
    pub strength: Strength,
    /// The tree that was read is another one, with the same change.
    pub is_carried: bool,
}

impl Verdict {
    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Block => "block",
            Self::NotRun => "not-run",
        }
    }
}

impl Drift {
    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Severity {
    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

impl FindingCounts {
    /// Counts one more finding.
    pub fn count(&mut self, severity: Severity) {
        let place = match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
        };
        *place = place.saturating_add(1);
    }

    /// Adds the numbers of others.
    pub fn add(&mut self, other: Self) {
        self.critical = self.critical.saturating_add(other.critical);
        self.high = self.high.saturating_add(other.high);
        self.medium = self.medium.saturating_add(other.medium);
        self.low = self.low.saturating_add(other.low);
    }

    /// Returns how many there are in all.
    pub fn total(self) -> u32 {
        [self.critical, self.high, self.medium, self.low]
            .iter()
            .fold(0, |sum, part| sum.saturating_add(*part))
    }
}
