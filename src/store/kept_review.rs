//! A review as it is kept: in notes, and in the file of verdicts.

use serde::{Deserialize, Serialize};

use crate::provenance::{
    CommitId, Drift, FindingCounts, Grade, ModelName, Review, Strength, Verdict,
};

/// A verdict, with what it is about and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReview {
    /// The model that answered, as met.
    pub reviewer: String,
    /// The id of the model that was asked, where another one answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested: Option<String>,
    /// The backend that asked, or the agent whose verdict it is.
    pub by: String,
    /// How it is known.
    pub grade: Grade,
    /// The tree that was read.
    pub tree: CommitId,
    /// What it says.
    pub verdict: Verdict,
    /// How far the change goes beyond its plan.
    #[serde(default)]
    pub drift: Drift,
    /// What stood at the end.
    #[serde(default, skip_serializing_if = "is_none")]
    pub findings: FindingCounts,
    /// What of earlier rounds was gone at the end.
    #[serde(default, skip_serializing_if = "is_none")]
    pub fixed: FindingCounts,
    /// What a person dismissed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub dismissed: FindingCounts,
    /// How many rounds there were.
    #[serde(default = "one")]
    pub rounds: u32,
    /// Something was left out, or could not be checked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// The hash of the plan's text that it was held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_hash: Option<CommitId>,
    /// The version of the prompts; 0 where they were not ours.
    #[serde(default)]
    pub prompt_version: u32,
    /// The reviewer compared with the strongest author.
    #[serde(default = "unknown")]
    pub strength: Strength,
    /// The tree that was read is another one, with the same change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carried: bool,
}

fn is_none(counts: &FindingCounts) -> bool {
    counts.total() == 0
}

fn one() -> u32 {
    1
}

fn unknown() -> Strength {
    Strength::Unknown
}

impl KeptReview {
    /// Makes the kept form.
    pub fn of(review: &Review) -> Self {
        Self {
            reviewer: review.reviewer.raw().to_owned(),
            requested: review.requested.as_ref().map(|model| model.id().to_owned()),
            by: review.by.clone(),
            grade: review.grade,
            tree: review.tree,
            verdict: review.verdict,
            drift: review.drift,
            findings: review.findings,
            fixed: review.fixed,
            dismissed: review.dismissed,
            rounds: review.rounds,
            partial: review.is_partial,
            plan_hash: review.plan_hash,
            prompt_version: review.prompt_version,
            strength: review.strength,
            carried: review.is_carried,
        }
    }

    /// Returns the review again; `None` if what was kept is no name of a model.
    pub fn review(&self) -> Option<Review> {
        Some(Review {
            reviewer: ModelName::parse(&self.reviewer).ok()?,
            requested: self.requested.as_deref().and_then(|name| ModelName::parse(name).ok()),
            by: self.by.clone(),
            grade: self.grade,
            tree: self.tree,
            verdict: self.verdict,
            drift: self.drift,
            findings: self.findings,
            fixed: self.fixed,
            dismissed: self.dismissed,
            rounds: self.rounds,
            is_partial: self.partial,
            plan_hash: self.plan_hash,
            prompt_version: self.prompt_version,
            strength: self.strength,
            is_carried: self.carried,
        })
    }
}
