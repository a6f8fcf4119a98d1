//! The words of a kept outcome, apart from the types we think with.

use serde::{Deserialize, Serialize};

use crate::provenance::{
    CommitId, Drift, FindingCounts, Grade, ModelName, Severity, Strength, Tokens, Verdict,
};
use crate::review::{Finding, FindingState, LeftOut, Outcome, PlanItem, PlanStatus};

/// The format of a kept outcome; one of another version is not used.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Wire {
    version: u32,
    verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    tree: CommitId,
    reviewer: ModelWire,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requested: Option<ModelWire>,
    by: String,
    grade: Grade,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    refuted: Vec<FindingWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    plan: Vec<ItemWire>,
    #[serde(default)]
    drift: Drift,
    #[serde(default)]
    is_partial: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<LeftOutWire>,
    #[serde(default)]
    fixed: FindingCounts,
    rounds: u32,
    strength: Strength,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plan_hash: Option<CommitId>,
    prompt_version: u32,
    #[serde(default)]
    tokens: Tokens,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    escalate: Option<String>,
    #[serde(default)]
    dropped: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ModelWire {
    /// The spelling as met.
    name: String,
    /// Its effort, where it was told beside the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effort: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FindingWire {
    title: String,
    why: String,
    severity: Severity,
    confidence: f64,
    path: String,
    start_line: u32,
    end_line: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_deleted_code: bool,
    quote: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plan_line: Option<String>,
    state: StateWire,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blocks: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
enum StateWire {
    Confirmed,
    Unconfirmed { why: String },
    Refuted { why: String },
    Dismissed { why: String },
    Imported,
}

#[derive(Debug, Serialize, Deserialize)]
struct ItemWire {
    item: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<u32>,
    status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<(String, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<StateWire>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blocks: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct LeftOutWire {
    path: String,
    why: String,
}

impl Wire {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let left_out = |one: &LeftOut| LeftOutWire { path: one.path.clone(), why: one.why.clone() };
        Self {
            version: VERSION,
            verdict: outcome.verdict,
            reason: outcome.reason.clone(),
            tree: outcome.tree,
            reviewer: ModelWire::of(&outcome.reviewer),
            requested: outcome.requested.as_ref().map(ModelWire::of),
            by: outcome.by.clone(),
            grade: outcome.grade,
            findings: outcome.findings.iter().map(FindingWire::of).collect(),
            refuted: outcome.refuted.iter().map(FindingWire::of).collect(),
            plan: outcome.plan.iter().map(ItemWire::of).collect(),
            drift: outcome.drift,
            is_partial: outcome.is_partial,
            left_out: outcome.left_out.iter().map(left_out).collect(),
            fixed: outcome.fixed,
            rounds: outcome.rounds,
            strength: outcome.strength,
            warnings: outcome.warnings.clone(),
            plan_hash: outcome.plan_hash,
            prompt_version: outcome.prompt_version,
            tokens: outcome.tokens,
            escalate: outcome.escalate.clone(),
            dropped: outcome.dropped,
            seen: outcome.seen.clone(),
        }
    }

    /// `None` where a part cannot be read: a verdict is used whole or not at all.
    pub(super) fn into_outcome(self) -> Option<Outcome> {
        if self.version != VERSION {
            return None;
        }
        let left_out = |one: LeftOutWire| LeftOut { path: one.path, why: one.why };
        Some(Outcome {
            verdict: self.verdict,
            reason: self.reason,
            tree: self.tree,
            reviewer: self.reviewer.into_model()?,
            requested: match self.requested {
                Some(model) => Some(model.into_model()?),
                None => None,
            },
            by: self.by,
            grade: self.grade,
            findings: self.findings.into_iter().map(FindingWire::into_finding).collect(),
            refuted: self.refuted.into_iter().map(FindingWire::into_finding).collect(),
            plan: self.plan.into_iter().map(ItemWire::into_item).collect::<Option<_>>()?,
            drift: self.drift,
            is_partial: self.is_partial,
            left_out: self.left_out.into_iter().map(left_out).collect(),
            fixed: self.fixed,
            rounds: self.rounds,
            strength: self.strength,
            warnings: self.warnings,
            plan_hash: self.plan_hash,
            prompt_version: self.prompt_version,
            tokens: self.tokens,
            escalate: self.escalate,
            dropped: self.dropped,
            seen: self.seen,
        })
    }
}

impl ModelWire {
    fn of(model: &ModelName) -> Self {
        Self { name: model.raw().to_owned(), effort: model.effort().map(str::to_owned) }
    }

    fn into_model(self) -> Option<ModelName> {
        let model = ModelName::parse(&self.name).ok()?;
        Some(match self.effort {
            Some(effort) => model.with_effort(&effort),
            None => model,
        })
    }
}

impl FindingWire {
    fn of(finding: &Finding) -> Self {
        Self {
            title: finding.title.clone(),
            why: finding.why.clone(),
            severity: finding.severity,
            confidence: finding.confidence,
            path: finding.path.clone(),
            start_line: finding.start_line,
            end_line: finding.end_line,
            is_deleted_code: finding.is_deleted_code,
            quote: finding.quote.clone(),
            suggestion: finding.suggestion.clone(),
            plan_line: finding.plan_line.clone(),
            state: StateWire::of(&finding.state),
            blocks: finding.blocks,
        }
    }

    fn into_finding(self) -> Finding {
        Finding {
            title: self.title,
            why: self.why,
            severity: self.severity,
            confidence: self.confidence,
            path: self.path,
            start_line: self.start_line,
            end_line: self.end_line,
            is_deleted_code: self.is_deleted_code,
            quote: self.quote,
            suggestion: self.suggestion,
            plan_line: self.plan_line,
            state: self.state.into_state(),
            blocks: self.blocks,
        }
    }
}

impl StateWire {
    fn of(state: &FindingState) -> Self {
        match state {
            FindingState::Confirmed => Self::Confirmed,
            FindingState::Unconfirmed { why } => Self::Unconfirmed { why: why.clone() },
            FindingState::Refuted { why } => Self::Refuted { why: why.clone() },
            FindingState::Dismissed { why } => Self::Dismissed { why: why.clone() },
            FindingState::Imported => Self::Imported,
        }
    }

    fn into_state(self) -> FindingState {
        match self {
            Self::Confirmed => FindingState::Confirmed,
            Self::Unconfirmed { why } => FindingState::Unconfirmed { why },
            Self::Refuted { why } => FindingState::Refuted { why },
            Self::Dismissed { why } => FindingState::Dismissed { why },
            Self::Imported => FindingState::Imported,
        }
    }
}

impl ItemWire {
    fn of(item: &PlanItem) -> Self {
        Self {
            item: item.item.clone(),
            step: item.step,
            status: item.status.as_str().to_owned(),
            why: item.why.clone(),
            quote: item.quote.clone(),
            place: item.place.clone(),
            state: item.state.as_ref().map(StateWire::of),
            blocks: item.blocks,
        }
    }

    fn into_item(self) -> Option<PlanItem> {
        Some(PlanItem {
            item: self.item,
            step: self.step,
            status: PlanStatus::parse(&self.status)?,
            why: self.why,
            quote: self.quote,
            place: self.place,
            state: self.state.map(StateWire::into_state),
            blocks: self.blocks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What version 1 wrote; it must be read as long as the version is the same.
    const KEPT: &str = concat!(
        r#"{"version":1,"verdict":"block","reason":"1 finding stands against the change","#,
        r#""tree":"9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f","reviewer":{"name":"claude-opus-5-5","effort":"high"},"#,
        r#""requested":{"name":"claude-fable-5-2"},"by":"anthropic","grade":"observed","findings":[{"title":"Off by one","#,
        r#""why":"The last is lost","severity":"high","confidence":0.9,"path":"src/a.rs","start_line":3,"end_line":4,"#,
        r#""quote":"0..n - 1","suggestion":"0..n","plan_line":"1. Visit all","state":{"is":"confirmed"},"blocks":true}],"#,
        r#""refuted":[{"title":"Slow","why":"It is","severity":"low","confidence":0.2,"path":"src/a.rs","start_line":1,"#,
        r#""end_line":1,"is_deleted_code":true,"quote":"x","state":{"is":"refuted","why":"It is not"}}],"#,
        r#""plan":[{"item":"1. Visit all","step":1,"status":"contradicted","why":"Skips one","quote":"0..n - 1","#,
        r#""place":["src/a.rs",3],"state":{"is":"unconfirmed","why":"no answer within 60 s"}}],"drift":"minor","#,
        r#""is_partial":true,"left_out":[{"path":"Cargo.lock","why":"a lock file"}],"#,
        r#""fixed":{"critical":0,"high":1,"medium":0,"low":0},"rounds":2,"strength":"stronger","warnings":["w"],"#,
        r#""plan_hash":"1111111111111111111111111111111111111111","prompt_version":1,"#,
        r#""tokens":{"input":10,"output":2,"cache_read":5,"cache_write":0},"escalate":"The plan skips one","dropped":2,"#,
        r#""seen":[1,18446744073709551615]}"#
    );

    #[test]
    fn what_was_kept_reads_back_whole() {
        let outcome = Outcome::from_json(KEPT).unwrap();
        assert_eq!(outcome.to_json(), KEPT);
        assert_eq!(outcome.reviewer.effort(), Some("high"));
        assert_eq!(outcome.review().findings.high, 1);
    }

    #[test]
    fn another_version_or_a_broken_text_is_not_used() {
        for text in
            ["", "{}", &KEPT[..KEPT.len() - 1], &KEPT.replace("\"version\":1", "\"version\":2")]
        {
            assert_eq!(Outcome::from_json(text), None, "{text}");
        }
        let broken = KEPT.replace("\"status\":\"contradicted\"", "\"status\":\"fine\"");
        assert_eq!(Outcome::from_json(&broken), None);
    }
}
