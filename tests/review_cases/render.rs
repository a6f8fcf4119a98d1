//! Outcomes as text, whole.

use std::fmt::Write as _;

use git_model::provenance::{FindingCounts, Grade};
use git_model::review::{Finding, FindingState, Outcome, PlanItem};

use crate::script::Script;

/// Writes all of an outcome but its tree and its fingerprints; what is as usual is left out.
pub(crate) fn outcome(outcome: &Outcome, script: &Script) -> String {
    let mut text = outcome.verdict.as_str().to_owned();
    if let Some(reason) = &outcome.reason {
        let _ = write!(text, ": {reason}");
    }
    let _ = write!(text, "\nby {}", outcome.reviewer.display());
    if let Some(requested) = &outcome.requested {
        let _ = write!(text, " in place of {}", requested.display());
    }
    let coverage = if outcome.is_partial { "partial" } else { "full" };
    let _ = writeln!(
        text,
        ", {} than the authors, round {}, asked {}, coverage {coverage}, drift {}",
        outcome.strength.as_str(),
        outcome.rounds,
        script.asked(),
        outcome.drift.as_str(),
    );
    outcome.findings.iter().for_each(|finding| write_finding(&mut text, finding));
    outcome.refuted.iter().for_each(|finding| write_finding(&mut text, finding));
    outcome.plan.iter().for_each(|item| write_item(&mut text, item));
    if outcome.dropped > 0 {
        let _ = writeln!(text, "dropped: {}", outcome.dropped);
    }
    if outcome.fixed != FindingCounts::default() {
        let fixed = outcome.fixed;
        let counts = [fixed.critical, fixed.high, fixed.medium, fixed.low];
        let _ = writeln!(text, "fixed: {counts:?}");
    }
    for one in &outcome.left_out {
        let _ = writeln!(text, "left out: {}: {}", one.path, one.why);
    }
    for warning in &outcome.warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    if let Some(reason) = &outcome.escalate {
        let _ = writeln!(text, "escalate: {reason}");
    }
    assert_eq!(outcome.grade, Grade::Observed);
    assert_eq!(outcome.review().findings.total() as usize, outcome.findings.len());
    text.push('\n');
    text
}

fn write_finding(text: &mut String, finding: &Finding) {
    let blocks = if finding.blocks { "blocks, " } else { "" };
    let _ = write!(
        text,
        "{blocks}{} {:.2} {}:{}-{}",
        finding.severity.as_str(),
        finding.confidence,
        finding.path,
        finding.start_line,
        finding.end_line,
    );
    let deleted = if finding.is_deleted_code { " (deleted)" } else { "" };
    let _ = writeln!(text, "{deleted} {}", finding.title);
    write_state(text, &finding.state);
    finding.quote.lines().for_each(|line| {
        let _ = writeln!(text, "    | {line}");
    });
    if let Some(line) = &finding.plan_line {
        let _ = writeln!(text, "    plan: {line}");
    }
}

fn write_item(text: &mut String, item: &PlanItem) {
    let blocks = if item.blocks { "blocks, " } else { "" };
    let step = item.step.map(|step| format!(" {step}")).unwrap_or_default();
    let _ = write!(text, "plan{step}: {blocks}{}: {}", item.status.as_str(), item.item);
    if let Some((path, line)) = &item.place {
        let _ = write!(text, " ({path}:{line})");
    }
    text.push('\n');
    if let Some(state) = &item.state {
        write_state(text, state);
    }
}

fn write_state(text: &mut String, state: &FindingState) {
    let _ = write!(text, "    {}", state.as_str());
    if let Some(why) = state.why() {
        let _ = write!(text, ": {why}");
    }
    text.push('\n');
}
