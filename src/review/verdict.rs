//! The verdict, computed from what stands.

use crate::provenance::{Drift, Verdict};
use crate::review::{Change, Finding, FindingState, Limits, LineKind, PlanItem, PlanStatus};

/// Above this share of the changed lines, work that the plan does not ask for is much, in percent.
const MUCH_PERCENT: usize = 50;

/// The longest reason for an escalation, in characters: it is an argument of a command.
const REASON: usize = 300;

/// Says whether a finding is bad and sure enough to block, whatever round it is.
pub(super) fn is_weighty(finding: &Finding, limits: &Limits) -> bool {
    finding.severity <= limits.blocks_from
        && finding.confidence >= limits.least_confidence
        && finding.state.may_block()
}

/// Says whether a contradiction of the plan stands: it quotes a line of the plan and a changed line, and survived.
pub(super) fn is_contradiction(item: &PlanItem) -> bool {
    item.status == PlanStatus::Contradicted
        && item.place.is_some()
        && item.state.as_ref().is_some_and(FindingState::may_block)
}

/// Returns the verdict and, where it is no pass, the reason.
pub(super) fn verdict(findings: &[Finding], plan: &[PlanItem]) -> (Verdict, Option<String>) {
    let findings = findings.iter().filter(|finding| finding.blocks).count();
    let items = plan.iter().filter(|item| item.blocks).count();
    let count = |number: usize, one: &str, many: &str| {
        (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { many }))
    };
    let parts = [
        count(findings, "finding", "findings"),
        count(items, "contradiction of the plan", "contradictions of the plan"),
    ];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>();
    if parts.is_empty() {
        return (Verdict::Pass, None);
    }
    let verb = if findings + items == 1 { "stands" } else { "stand" };
    (Verdict::Block, Some(format!("{} {verb} against the change", parts.join(" and "))))
}

/// Returns how far a change goes beyond its plan.
pub(super) fn drift(change: &Change, plan: &[PlanItem]) -> Drift {
    if plan.iter().any(is_contradiction) {
        return Drift::Major;
    }
    let outside = plan.iter().filter(|item| item.status == PlanStatus::OutOfScope);
    let mut sections = Vec::new();
    let mut is_any = false;
    for item in outside {
        is_any = true;
        sections.extend(item.place.as_ref().and_then(|(path, line)| section(change, path, *line)));
    }
    sections.sort_unstable();
    sections.dedup();
    let lines = sections.iter().map(|(_, _, lines)| lines).sum::<usize>();
    match is_any {
        false => Drift::None,
        true if lines * 100 > change.lines_changed() * MUCH_PERCENT => Drift::Major,
        true => Drift::Minor,
    }
}

/// Finds the section of a line: the numbers of its file and of itself, and how many lines of it changed.
fn section(change: &Change, path: &str, line: u32) -> Option<(usize, usize, usize)> {
    let file_at = change.files.iter().position(|file| file.path == path)?;
    let sections = &change.files.get(file_at)?.sections;
    let end = |at: usize| {
        let lines = sections.get(at).into_iter().flat_map(|section| &section.lines);
        lines.filter(|line| line.kind != LineKind::Deleted).map(|line| line.number).max()
    };
    // A line that follows deleted ones may be the first one after its section.
    let at = (0..sections.len()).find(|at| end(*at).is_none_or(|end| line <= end + 1))?;
    let changed = sections.get(at)?.lines.iter().filter(|line| line.kind != LineKind::Kept);
    Some((file_at, at, changed.count()))
}

/// Returns the reason to go back to the planning model; `None` where nothing contradicts the plan.
pub(super) fn escalation(plan: &[PlanItem]) -> Option<String> {
    let standing = plan.iter().filter(|item| is_contradiction(item));
    let told = standing.map(|item| {
        let step = item.step.map(|step| format!("step {step}, ")).unwrap_or_default();
        let place = item.place.as_ref();
        let place = place.map(|(path, line)| format!(" ({path}:{line})")).unwrap_or_default();
        let why = item.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{step}\"{}\" is contradicted{place}{why}", item.item)
    });
    let told = told.collect::<Vec<_>>().join("; ");
    (!told.is_empty()).then(|| crate::review::text::one_line(&told, REASON))
}
