//! What a review came to.

use crate::provenance::{
    CommitId, Drift, FindingCounts, Grade, ModelName, Review, Strength, Tokens, Verdict,
};
use crate::review::wire::Wire;
use crate::review::{Finding, LeftOut, PlanItem};

/// The version of what reviewers are asked. Another version is another question, so its verdicts are no use for this one.
pub const PROMPT_VERSION: u32 = 1;

/// What a review came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The verdict, computed by our own code.
    pub verdict: Verdict,
    /// Why it is not a pass, in one sentence without a full stop.
    pub reason: Option<String>,
    /// The tree that was read.
    pub tree: CommitId,
    /// The model that answered; where none did, the one that was asked.
    pub reviewer: ModelName,
    /// The model that was asked, where another one answered.
    pub requested: Option<ModelName>,
    /// The backend that asked it, or the agent whose verdict was imported.
    pub by: String,
    /// `Observed` where we asked, `Declared` where a verdict was imported.
    pub grade: Grade,
    /// What was found and stands, or could not be checked; those that block first, then the worst first.
    pub findings: Vec<Finding>,
    /// What was found and does not stand: refuted, or dismissed earlier.
    pub refuted: Vec<Finding>,
    /// The plan, item by item; empty where there is none.
    pub plan: Vec<PlanItem>,
    /// How far the change goes beyond its plan.
    pub drift: Drift,
    /// Something was left out, or a finding could not be checked.
    pub is_partial: bool,
    /// What was left out.
    pub left_out: Vec<LeftOut>,
    /// The findings of earlier rounds that are gone.
    pub fixed: FindingCounts,
    /// How many rounds there were, this one included.
    pub rounds: u32,
    /// The reviewer compared with the strongest author.
    pub strength: Strength,
    /// What is to be said beside the verdict: one sentence each, without a full stop.
    pub warnings: Vec<String>,
    /// The hash of the plan's text that it was held against.
    pub plan_hash: Option<CommitId>,
    /// The version of what the reviewer was asked.
    pub prompt_version: u32,
    /// What all answers cost together.
    pub tokens: Tokens,
    /// Where the plan is contradicted: the reason for `git model escalate --reason`.
    pub escalate: Option<String>,
    /// How many findings of the reviewer did not lie in the change, or had no form.
    pub dropped: u32,
    /// Fingerprints of the changed lines that were read, sorted: by them the next round knows what changed since.
    pub seen: Vec<u64>,
}

impl Outcome {
    /// Returns what the record of a commit keeps of it.
    pub fn review(&self) -> Review {
        let mut findings = FindingCounts::default();
        self.findings.iter().for_each(|finding| findings.count(finding.severity));
        let mut dismissed = FindingCounts::default();
        self.dismissed_severities().for_each(|severity| dismissed.count(severity));
        Review {
            reviewer: self.reviewer.clone(),
            requested: self.requested.clone(),
            by: self.by.clone(),
            grade: self.grade,
            tree: self.tree,
            verdict: self.verdict,
            drift: self.drift,
            findings,
            fixed: self.fixed,
            dismissed,
            rounds: self.rounds,
            is_partial: self.is_partial,
            plan_hash: self.plan_hash,
            prompt_version: self.prompt_version,
            strength: self.strength,
            is_carried: false,
        }
    }

    /// Returns it as one line of JSON, to be kept.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&Wire::of(self)).expect("an outcome has only text, numbers and lists")
    }

    /// Reads what [`Outcome::to_json`] wrote; `None` for anything else, and for what a newer version wrote.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str::<Wire>(text).ok()?.into_outcome()
    }
}
