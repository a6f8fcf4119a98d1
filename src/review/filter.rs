//! The mechanical filter: what a reviewer says counts only where it lies in the change.

use std::collections::BTreeSet;

use crate::provenance::{Plan, Step};
use crate::review::answer::{RawFinding, RawItem};
use crate::review::place::{Misplaced, Place, place, place_anywhere};
use crate::review::text::squeezed;
use crate::review::{Change, Finding, FindingState, PlanItem, PlanStatus};

/// A shorter part of a plan's line does not name it, in characters without white space.
const SHORTEST_PLAN_PART: usize = 6;

/// A finding that lies in the change, before it is checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) finding: Finding,
    /// The fingerprints of its changed lines.
    pub(super) marks: Vec<u64>,
}

/// What the filter let through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filtered {
    /// The findings, the worst first.
    pub(super) candidates: Vec<Candidate>,
    /// How many did not lie in the change.
    pub(super) dropped: u32,
}

/// Keeps the findings that lie in the change, each once, the worst first.
///
/// All of them begin as `Unconfirmed`.
pub(super) fn filter(change: &Change, plan: Option<&Plan>, raw: Vec<RawFinding>) -> Filtered {
    let mut filtered = Filtered { candidates: Vec::new(), dropped: 0 };
    for raw in raw {
        match place(change, &raw.path, &raw.quote, (raw.start_line, raw.end_line)) {
            Ok(place) => add(&mut filtered.candidates, candidate(raw, place, plan)),
            Err(_) => filtered.dropped += 1,
        }
    }
    filtered.candidates.sort_by(|one, other| order(&one.finding, &other.finding));
    filtered
}

/// Orders findings: those that block first, then the worst, then the surest, then by place.
pub(super) fn order(one: &Finding, other: &Finding) -> std::cmp::Ordering {
    let place = |finding: &Finding| (finding.path.clone(), finding.start_line);
    (!one.blocks, one.severity)
        .cmp(&(!other.blocks, other.severity))
        .then_with(|| other.confidence.total_cmp(&one.confidence))
        .then_with(|| place(one).cmp(&place(other)))
}

fn candidate(raw: RawFinding, place: Place, plan: Option<&Plan>) -> Candidate {
    let plan_line = plan.zip(raw.plan_line.as_ref());
    let finding = Finding {
        title: raw.title,
        why: raw.why,
        severity: raw.severity,
        confidence: raw.confidence,
        path: place.path,
        start_line: place.start_line,
        end_line: place.end_line,
        is_deleted_code: place.is_deleted_code,
        quote: place.quote,
        suggestion: raw.suggestion,
        plan_line: plan_line
            .and_then(|(plan, line)| find_line(&plan.text, line))
            .map(|line| line.1),
        state: not_checked(),
        blocks: false,
    };
    Candidate { finding, marks: place.marks }
}

fn not_checked() -> FindingState {
    FindingState::Unconfirmed { why: "it was not checked".to_owned() }
}

/// Adds a finding, or joins it with one that says the same.
fn add(candidates: &mut Vec<Candidate>, new: Candidate) {
    let known = candidates.iter_mut().find(|known| is_same(&known.finding, &new.finding));
    let Some(known) = known else { return candidates.push(new) };
    let is_worse = order(&new.finding, &known.finding).is_lt();
    if is_worse {
        *known = new;
    }
}

/// Says whether two findings of one answer are one.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let overlap = one.start_line <= other.end_line && other.start_line <= one.end_line;
    one.path == other.path && overlap && is_alike(&one.title, &other.title)
}

/// Says whether two titles have more words in common than not.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let words = |title: &str| {
        let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
        words.map(str::to_lowercase).collect::<BTreeSet<_>>()
    };
    let (one, other) = (words(one), words(other));
    let common = one.intersection(&other).count();
    common > 0 && common * 2 >= one.union(&other).count()
}

/// Says whether two pieces of code are about the same lines: those of one are all among those of the other.
pub(super) fn is_same_code(one: &str, other: &str) -> bool {
    let lines = |quote: &str| {
        let lines = quote.lines().map(squeezed);
        lines.filter(|line| line.contains(char::is_alphanumeric)).collect::<BTreeSet<_>>()
    };
    let (one, other) = (lines(one), lines(other));
    !one.is_empty() && !other.is_empty() && (one.is_subset(&other) || other.is_subset(&one))
}

/// Keeps what a reviewer says of lines of the plan, each line once, in their order; then what no line asks for.
pub(super) fn filter_plan(change: &Change, plan: &Plan, raw: Vec<RawItem>) -> Vec<PlanItem> {
    let mut items = Vec::<(usize, PlanItem)>::new();
    for raw in raw {
        let line = find_line(&plan.text, &raw.item);
        let item = match (&line, raw.status) {
            (_, PlanStatus::OutOfScope) if raw.item.is_empty() => continue,
            (_, PlanStatus::OutOfScope) => (usize::MAX, plan_item(change, raw, None)),
            (None, _) => continue,
            (Some((at, text)), _) => (*at, plan_item(change, raw, Some(text))),
        };
        let is_known = |known: &&mut (usize, PlanItem)| {
            known.0 == item.0 && (item.0 != usize::MAX || known.1.item == item.1.item)
        };
        match items.iter_mut().find(is_known) {
            // Of two answers about one line the worse counts.
            Some(known) if rank(item.1.status) < rank(known.1.status) => *known = item,
            Some(_) => {}
            None => items.push(item),
        }
    }
    let steps = plan.steps();
    for (at, item) in &mut items {
        item.step = step_of(&plan.text, &steps, *at);
    }
    items.sort_by_key(|(at, _)| *at);
    items.into_iter().map(|(_, item)| item).collect()
}

fn rank(status: PlanStatus) -> usize {
    PlanStatus::ALL.iter().position(|one| *one == status).unwrap_or(0)
}

fn plan_item(change: &Change, raw: RawItem, line: Option<&String>) -> PlanItem {
    let placed = raw.quote.as_deref().map(|quote| match &raw.path {
        Some(path) => place(change, path, quote, (0, 0)).or_else(|_| place_anywhere(change, quote)),
        None => place_anywhere(change, quote),
    });
    let unplaced = match placed {
        Some(Err(Misplaced::Unchanged)) => "the code that it quotes is not changed",
        Some(Err(_)) => "the code that it quotes is not in the change",
        Some(Ok(_)) => "it was not checked",
        None => "it quotes no code",
    };
    let state = (raw.status == PlanStatus::Contradicted)
        .then(|| FindingState::Unconfirmed { why: unplaced.to_owned() });
    let place = placed.and_then(Result::ok);
    PlanItem {
        item: line.cloned().unwrap_or(raw.item),
        step: None,
        status: raw.status,
        why: raw.why,
        quote: place.as_ref().map(|place| place.quote.clone()),
        place: place.map(|place| (place.path, place.start_line)),
        state,
        blocks: false,
    }
}

/// Finds the line of a plan that holds a text; returns its number from 0, and the line.
fn find_line(plan: &str, text: &str) -> Option<(usize, String)> {
    let bare = |line: &str| squeezed(line).replace(['*', '`', '#'], "").to_lowercase();
    let first = text.lines().map(bare).find(|line| !line.is_empty())?;
    let lines = || plan.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let equal = lines().find(|(_, line)| bare(line) == first);
    let found = equal.or_else(|| {
        let is_long = first.chars().count() >= SHORTEST_PLAN_PART;
        let holds = |line: &str| {
            let line = bare(line);
            // A model may also add words of its own to a line.
            line.contains(&first)
                || line.chars().count() >= SHORTEST_PLAN_PART && first.contains(&line)
        };
        lines().find(|(_, line)| is_long && holds(line))
    });
    found.map(|(at, line)| (at, line.trim().to_owned()))
}

/// Returns the number of the step in which a line of the plan stands.
fn step_of(plan: &str, steps: &[Step], line: usize) -> Option<u32> {
    if line == usize::MAX {
        return None;
    }
    let bare = |line: &str| squeezed(line).replace(['*', '`', '#', ':'], "");
    let mut coming = steps.iter().peekable();
    let mut current = None;
    for text in plan.lines().take(line + 1) {
        let title = coming.peek().map(|step| bare(&step.title));
        if title.is_some_and(|title| bare(text).ends_with(&title)) {
            current = coming.next().map(|step| step.number);
        }
    }
    current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_alike_if_they_share_most_words() {
        assert!(is_alike("Off by one in the loop", "off-by-one: loop"));
        assert!(!is_alike("SQL injection in search", "Search is slow"));
        assert!(!is_alike("", ""));
    }

    #[test]
    fn code_is_the_same_if_one_quote_holds_the_other() {
        assert!(is_same_code("  let a = 1;\n}", "let a=1;"));
        assert!(!is_same_code("let a = 1;\nlet b = 2;", "let b = 2;\nlet c = 3;"));
        assert!(!is_same_code("}", "}"));
    }

    const PLAN: &str = "# Cache\n\nUse Redis.\n\n1. **Keys**: hash the path\n   - never the user's name\n2. Expiry:\n   after an hour\n";

    #[test]
    fn a_line_of_the_plan_is_found_without_its_marks_and_in_part() {
        let found = |text| find_line(PLAN, text).map(|(at, line)| format!("{at} {line}"));
        assert_eq!(
            found("1. Keys: hash the path").as_deref(),
            Some("4 1. **Keys**: hash the path")
        );
        assert_eq!(found("hash the path").as_deref(), Some("4 1. **Keys**: hash the path"));
        assert_eq!(found("after an hour, as agreed").as_deref(), Some("7 after an hour"));
        assert_eq!(found("# Cache").as_deref(), Some("0 # Cache"));
        assert_eq!(found("use memcached"), None);
        assert_eq!(found("the"), None);
        assert_eq!(found(" \n"), None);
    }

    #[test]
    fn a_line_belongs_to_the_step_that_was_named_last() {
        let steps = crate::provenance::steps(PLAN);
        let of = |line| step_of(PLAN, &steps, line);
        assert_eq!(
            [of(0), of(2), of(4), of(5), of(6), of(7)],
            [None, None, Some(1), Some(1), Some(2), Some(2)]
        );
    }
}
