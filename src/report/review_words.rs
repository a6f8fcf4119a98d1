//! A review in words, and as JSON documents write it.

use serde::Serialize;

use crate::format::Fact;
use crate::provenance::{
    CommitId, CommitRecord, Drift, FindingCounts, ModelName, Review, Severity, Strength, Verdict,
};

/// Says what a commit was reviewed as; nothing where it was not.
pub(super) fn review_facts(record: &CommitRecord) -> Option<Fact> {
    let mut lines = record.reviews.iter().flat_map(review_words).collect::<Vec<_>>();
    if record.skips_review {
        lines.push("left out on purpose (GIT_MODEL_SKIP=review)".to_owned());
    }
    (!lines.is_empty()).then(|| Fact { label: "Review".to_owned(), lines })
}

/// Says what a review of a commit came to, a line each.
fn review_words(review: &Review) -> Vec<String> {
    let verdict = match review.verdict {
        Verdict::Pass => "pass",
        Verdict::Block => "blocked",
        Verdict::NotRun => "not completed",
    };
    let (name, by) = (review.reviewer.display(), &review.by);
    let mut lines = vec![format!(
        "{verdict} by {name} ({by}, {}), {}",
        review.grade.as_str(),
        strength_words(review.strength)
    )];
    if review.verdict == Verdict::Block {
        lines.push("committed nevertheless".to_owned());
    }
    if let Some(requested) = &review.requested {
        lines.push(format!("{} was asked, {name} answered", requested.display()));
    }
    let mut parts = Vec::new();
    if review.rounds > 1 {
        parts.push(format!("{} rounds", review.rounds));
    }
    if review.fixed.total() > 0 {
        parts.push(format!("fixed before the commit: {}", counts_words(review.fixed)));
    }
    if review.dismissed.total() > 0 {
        parts.push(format!("dismissed by a person: {}", counts_words(review.dismissed)));
    }
    if review.findings.total() > 0 {
        parts.push(format!("left: {}", counts_words(review.findings)));
    }
    if !parts.is_empty() {
        lines.push(parts.join("; "));
    }
    if review.drift != Drift::None {
        lines.push(format!("{} drift from the plan", review.drift.as_str()));
    }
    if review.is_partial {
        lines.push("not all of it was read or checked".to_owned());
    }
    if review.is_carried {
        let tree = review.tree.short();
        lines.push(format!("read as tree {tree}; this commit makes the same change"));
    }
    lines
}

/// Says how the reviewer compares with the strongest author.
pub(super) fn strength_words(strength: Strength) -> &'static str {
    match strength {
        Strength::Stronger => "stronger than the author",
        Strength::Weaker => "weaker than the author",
        Strength::Same => "no stronger than the author",
        Strength::Unknown => "not known to be stronger than the author",
    }
}

/// Writes numbers of findings, the worst first: `1 high, 2 low`.
pub(super) fn counts_words(counts: FindingCounts) -> String {
    let parts = [
        (counts.critical, Severity::Critical),
        (counts.high, Severity::High),
        (counts.medium, Severity::Medium),
        (counts.low, Severity::Low),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts = parts.map(|(number, severity)| format!("{number} {}", severity.as_str()));
    parts.collect::<Vec<_>>().join(", ")
}

/// A review on the wire.
#[derive(Debug, Serialize)]
pub(super) struct ReviewJson<'a> {
    reviewer: ReviewerJson<'a>,
    verdict: &'static str,
    drift: &'static str,
    coverage: &'static str,
    findings: FindingCounts,
    fixed: FindingCounts,
    dismissed: FindingCounts,
    rounds: u32,
    tree: CommitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_hash: Option<CommitId>,
    prompt_version: u32,
    carried: bool,
}

/// Who reviewed, on the wire.
#[derive(Debug, Serialize)]
pub(super) struct ReviewerJson<'a> {
    model: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested: Option<&'a str>,
    by: &'a str,
    grade: &'static str,
    strength: &'static str,
}

impl<'a> From<&'a Review> for ReviewerJson<'a> {
    fn from(review: &'a Review) -> Self {
        Self {
            model: review.reviewer.id(),
            name: review.reviewer.display(),
            requested: review.requested.as_ref().map(ModelName::id),
            by: &review.by,
            grade: review.grade.as_str(),
            strength: review.strength.as_str(),
        }
    }
}

impl<'a> From<&'a Review> for ReviewJson<'a> {
    fn from(review: &'a Review) -> Self {
        Self {
            reviewer: ReviewerJson::from(review),
            verdict: review.verdict.as_str(),
            drift: review.drift.as_str(),
            coverage: if review.is_partial { "partial" } else { "full" },
            findings: review.findings,
            fixed: review.fixed,
            dismissed: review.dismissed,
            rounds: review.rounds,
            tree: review.tree,
            plan_hash: review.plan_hash,
            prompt_version: review.prompt_version,
            carried: review.is_carried,
        }
    }
}
