//! The outcome of a review for programs: one JSON document; see `docs/json.md`.

use serde::Serialize;

use crate::format::to_json;
use crate::provenance::{CommitId, FindingCounts, PlanId, Tokens};
use crate::report::ReviewReport;
use crate::report::review_words::ReviewerJson;
use crate::review::{Finding, LeftOut, PlanItem};

/// The version of the document.
const SCHEMA: &str = "git-model/review/1";

#[derive(Serialize)]
struct ReviewDocument<'a> {
    schema: &'static str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    tree: CommitId,
    reviewer: ReviewerJson<'a>,
    findings: Vec<FindingJson<'a>>,
    set_aside: Vec<FindingJson<'a>>,
    plan: Vec<ItemJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_hash: Option<CommitId>,
    drift: &'static str,
    coverage: &'static str,
    left_out: Vec<LeftOutJson<'a>>,
    rounds: u32,
    fixed: FindingCounts,
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    escalate: Option<String>,
    dropped: u32,
    kept: bool,
    prompt_version: u32,
    tokens: Tokens,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    title: &'a str,
    why: &'a str,
    severity: &'static str,
    confidence: f64,
    path: &'a str,
    start_line: u32,
    end_line: u32,
    deleted_code: bool,
    quote: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_line: Option<&'a str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_why: Option<&'a str>,
    blocks: bool,
}

#[derive(Serialize)]
struct ItemJson<'a> {
    item: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<u32>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    blocks: bool,
}

#[derive(Serialize)]
struct LeftOutJson<'a> {
    path: &'a str,
    why: &'a str,
}

/// Writes the whole document.
pub(super) fn document(report: &ReviewReport) -> String {
    let outcome = report.outcome();
    let review = outcome.review();
    to_json(&ReviewDocument {
        schema: SCHEMA,
        verdict: outcome.verdict.as_str(),
        reason: outcome.reason.as_deref(),
        tree: outcome.tree,
        reviewer: ReviewerJson::from(&review),
        findings: outcome.findings.iter().map(FindingJson::from).collect(),
        set_aside: outcome.refuted.iter().map(FindingJson::from).collect(),
        plan: outcome.plan.iter().map(ItemJson::from).collect(),
        plan_id: report.plan().map(PlanId::as_str),
        plan_hash: outcome.plan_hash,
        drift: outcome.drift.as_str(),
        coverage: if outcome.is_partial { "partial" } else { "full" },
        left_out: outcome.left_out.iter().map(LeftOutJson::from).collect(),
        rounds: outcome.rounds,
        fixed: outcome.fixed,
        warnings: &outcome.warnings,
        escalate: report.escalation(),
        dropped: outcome.dropped,
        kept: report.is_kept(),
        prompt_version: outcome.prompt_version,
        tokens: outcome.tokens,
    })
}

impl<'a> From<&'a Finding> for FindingJson<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            title: &finding.title,
            why: &finding.why,
            severity: finding.severity.as_str(),
            confidence: finding.confidence,
            path: &finding.path,
            start_line: finding.start_line,
            end_line: finding.end_line,
            deleted_code: finding.is_deleted_code,
            quote: &finding.quote,
            suggestion: finding.suggestion.as_deref(),
            plan_line: finding.plan_line.as_deref(),
            state: finding.state.as_str(),
            state_why: finding.state.why(),
            blocks: finding.blocks,
        }
    }
}

impl<'a> From<&'a PlanItem> for ItemJson<'a> {
    fn from(item: &'a PlanItem) -> Self {
        Self {
            item: &item.item,
            step: item.step,
            status: item.status.as_str(),
            why: item.why.as_deref(),
            quote: item.quote.as_deref(),
            path: item.place.as_ref().map(|(path, _)| path.as_str()),
            line: item.place.as_ref().map(|(_, line)| *line),
            state: item.state.as_ref().map(crate::review::FindingState::as_str),
            blocks: item.blocks,
        }
    }
}

impl<'a> From<&'a LeftOut> for LeftOutJson<'a> {
    fn from(left_out: &'a LeftOut) -> Self {
        Self { path: &left_out.path, why: &left_out.why }
    }
}
