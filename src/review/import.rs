//! The verdict of a reviewer that people already have: our own JSON, or SARIF 2.1.0.
//!
//! What it says passes the same filter as an answer to us, and our code computes the verdict. Nobody here tried to
//! refute it, so its findings are `Imported` and its grade is `declared`.

use serde::Deserialize;
use serde_json::Value;

use crate::provenance::{CommitId, Drift, FindingCounts, Grade, ModelName, Plan, Tokens, Verdict};
use crate::review::answer::{Found, found};
use crate::review::filter::{filter, filter_plan, order};
use crate::review::place::all_marks;
use crate::review::verdict::{drift, escalation, is_contradiction, is_weighty, verdict};
use crate::review::{
    Change, FindingState, Limits, Outcome, PROMPT_VERSION, PlanStatus, sarif, suitable,
};

/// A larger file is not read, in bytes.
const LARGEST: usize = 8 << 20;

/// A verdict that is to be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct Import<'i> {
    /// The change that it is about.
    pub change: &'i Change,
    /// The approved plan that the change follows.
    pub plan: Option<&'i Plan>,
    /// The model that is said to have given it.
    pub reviewer: ModelName,
    /// The agent that is said to have asked that model.
    pub agent: String,
    /// The models that wrote the change.
    pub authors: Vec<ModelName>,
    /// The limits.
    pub limits: Limits,
}

/// Why a verdict is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is larger than any verdict.
    #[error("the file is larger than 8 MiB")]
    TooLarge,
    /// It is no JSON.
    #[error("the file is not JSON: {problem}")]
    NotJson {
        /// What is wrong.
        problem: String,
    },
    /// It is JSON of neither form.
    #[error("the file is neither a review of git-model nor SARIF 2.1.0: {problem}")]
    UnknownForm {
        /// What is missing.
        problem: String,
    },
    /// A finding in it cannot be read.
    #[error("the file cannot be read as a whole: {problem}")]
    Unreadable {
        /// What is wrong.
        problem: String,
    },
    /// It is about another tree.
    #[error("the verdict is about the tree {found}, not {wanted}")]
    AnotherTree {
        /// The tree that it names.
        found: CommitId,
        /// The tree that was named to us.
        wanted: CommitId,
    },
    /// Its reviewer did not come to an end.
    #[error("the review in the file was not completed{}", reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default())]
    NotCompleted {
        /// Why not, if it says so.
        reason: Option<String>,
    },
    /// It refuses the change for reasons that do not lie in it.
    #[error(
        "the file blocks the change, but none of its {count} findings lies in it and is grave enough"
    )]
    BlocksForNothing {
        /// How many there are.
        count: usize,
    },
}

/// What a file says.
pub(super) struct Said {
    pub(super) found: Found,
    /// The verdict that it gives itself.
    pub(super) blocks: bool,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: Option<String>,
    #[serde(default)]
    verdict: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    tree: Option<String>,
}

/// Reads the verdict of another reviewer and holds it against the change.
///
/// A file that blocks never becomes a pass: where nothing of it stands, it is refused.
pub fn import(text: &str, import: &Import<'_>) -> Result<Outcome, ImportError> {
    if text.len() > LARGEST {
        return Err(ImportError::TooLarge);
    }
    let value = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'));
    let value = value.map_err(|error| ImportError::NotJson { problem: error.to_string() })?;
    let said = if sarif::is_sarif(&value) { sarif::read(&value)? } else { ours(value, import)? };
    let count = said.found.findings.len();
    let outcome = hold(said.found, import);
    if said.blocks && outcome.verdict == Verdict::Pass {
        return Err(ImportError::BlocksForNothing { count });
    }
    Ok(outcome)
}

/// Reads our own form: what `git model review --format json` prints, or only its findings and plan.
fn ours(mut value: Value, import: &Import<'_>) -> Result<Said, ImportError> {
    let unknown = |problem: String| ImportError::UnknownForm { problem };
    let head = Head::deserialize(&value).map_err(|error| unknown(error.to_string()))?;
    if head.schema.as_deref().is_some_and(|schema| !schema.starts_with("git-model/review/")) {
        return Err(unknown("its `schema` is another one".to_owned()));
    }
    if value.get("findings").is_none() {
        return Err(unknown("`findings` is missing".to_owned()));
    }
    let wanted = import.change.tree;
    match head.tree.map(|tree| tree.parse::<CommitId>()) {
        Some(Ok(found)) if found != wanted => {
            return Err(ImportError::AnotherTree { found, wanted });
        }
        Some(Err(error)) => return Err(ImportError::Unreadable { problem: error.to_string() }),
        Some(Ok(_)) | None => {}
    }
    let blocks = match head.verdict.as_deref() {
        None | Some("pass") => false,
        Some("block") => true,
        Some(_) => return Err(ImportError::NotCompleted { reason: head.reason }),
    };
    leave_out_set_aside(&mut value);
    let found = found(&value).map_err(|problem| ImportError::Unreadable { problem })?;
    Ok(Said { found, blocks })
}

/// Removes what the other reviewer itself refuted or dismissed.
fn leave_out_set_aside(value: &mut Value) {
    let is_kept = |finding: &Value| {
        let state = finding.get("state");
        // The state is a word, or an object that holds it.
        let word = state.and_then(|state| state.as_str().or_else(|| state.get("is")?.as_str()));
        !matches!(word, Some("refuted" | "dismissed"))
    };
    for list in ["findings", "plan"] {
        if let Some(items) = value.get_mut(list).and_then(Value::as_array_mut) {
            items.retain(is_kept);
        }
    }
}

fn hold(found: Found, import: &Import<'_>) -> Outcome {
    let change = import.change;
    let filtered = filter(change, import.plan, found.findings);
    let mut findings = Vec::with_capacity(filtered.candidates.len());
    for candidate in filtered.candidates {
        let mut finding = candidate.finding;
        finding.state = FindingState::Imported;
        finding.blocks = is_weighty(&finding, &import.limits);
        findings.push(finding);
    }
    let mut plan =
        import.plan.map(|plan| filter_plan(change, plan, found.plan)).unwrap_or_default();
    for item in &mut plan {
        if item.status == PlanStatus::Contradicted && item.place.is_some() {
            item.state = Some(FindingState::Imported);
        }
        item.blocks = is_contradiction(item);
    }
    findings.sort_by(order);
    let most = import.limits.max_findings.max(1);
    let suitability = suitable(&import.reviewer, &import.authors);
    let mut warnings = suitability.warning(&import.reviewer).into_iter().collect::<Vec<_>>();
    if findings.len() > most {
        warnings.push(format!("{} more findings are not shown", findings.len() - most));
        findings.truncate(most);
    }
    let (verdict, reason) = verdict(&findings, &plan);
    Outcome {
        verdict,
        reason,
        tree: change.tree,
        reviewer: import.reviewer.clone(),
        requested: None,
        by: import.agent.clone(),
        grade: Grade::Declared,
        drift: if plan.is_empty() { Drift::None } else { drift(change, &plan) },
        escalate: escalation(&plan),
        findings,
        refuted: Vec::new(),
        plan,
        // What the other reviewer read is not known.
        is_partial: !change.left_out.is_empty(),
        left_out: change.left_out.clone(),
        fixed: FindingCounts::default(),
        rounds: 1,
        strength: suitability.strength,
        warnings,
        plan_hash: import.plan.map(|plan| plan.hash),
        prompt_version: PROMPT_VERSION,
        tokens: Tokens::default(),
        dropped: filtered.dropped,
        seen: all_marks(change),
    }
}
