//! Several rounds on the same work, which come to an end.
//!
//! From the second round on only what changed since, and what an earlier round found and is still there, may block.

use std::collections::HashSet;

use crate::provenance::{CommitId, FindingCounts, Verdict};
use crate::review::filter::{Candidate, is_alike, is_same_code};
use crate::review::place::place;
use crate::review::{
    Change, Dismissal, Finding, FindingState, Outcome, PlanItem, PlanStatus, Request,
};

/// The earlier rounds, as the present one sees them.
pub(super) struct Rounds<'r> {
    change: &'r Change,
    dismissed: &'r [Dismissal],
    earlier: Vec<&'r Outcome>,
    /// The fingerprints of all lines that were read before.
    seen: HashSet<u64>,
}

impl<'r> Rounds<'r> {
    /// Looks back at the rounds that were completed.
    pub(super) fn of(request: &'r Request) -> Self {
        let is_completed = |outcome: &&Outcome| outcome.verdict != Verdict::NotRun;
        let earlier = request.earlier.iter().filter(is_completed).collect::<Vec<_>>();
        let seen = earlier.iter().flat_map(|outcome| outcome.seen.iter().copied()).collect();
        Self { change: &request.change, dismissed: &request.dismissed, earlier, seen }
    }

    /// Returns the number of this round, from 1.
    pub(super) fn number(&self) -> u32 {
        u32::try_from(self.earlier.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Returns the findings of earlier rounds that stood, each once, the latest form of each.
    pub(super) fn standing(&self) -> Vec<&'r Finding> {
        let mut standing = Vec::<&Finding>::new();
        for finding in self.earlier.iter().rev().flat_map(|outcome| &outcome.findings) {
            let is_known = standing.iter().any(|known| is_of(known, finding));
            if finding.state.may_block() && !is_known && self.users_dismissal(finding).is_none() {
                standing.push(finding);
            }
        }
        standing
    }

    /// Returns those of the standing findings that the reviewer did not name again although their code is still there.
    pub(super) fn forgotten(&self, found: &[Candidate]) -> Vec<Candidate> {
        let is_found = |old: &&&Finding| !found.iter().any(|new| is_of(old, &new.finding));
        let standing = self.standing();
        let unnamed = standing.iter().filter(is_found);
        unnamed
            .filter_map(|old| {
                let lines = (old.start_line, old.end_line);
                let place = place(self.change, &old.path, &old.quote, lines).ok()?;
                let finding = Finding {
                    path: place.path,
                    start_line: place.start_line,
                    end_line: place.end_line,
                    is_deleted_code: place.is_deleted_code,
                    quote: place.quote,
                    state: FindingState::Unconfirmed { why: "it was not checked".to_owned() },
                    blocks: false,
                    ..(*old).clone()
                };
                Some(Candidate { finding, marks: place.marks, section: place.section })
            })
            .collect()
    }

    /// Returns the contradictions of the plan that stood in the last round and that the reviewer did not name again
    /// although their code is still there.
    pub(super) fn forgotten_items(&self, found: &[PlanItem], text: &str) -> Vec<PlanItem> {
        let last = self.earlier.last().into_iter().flat_map(|outcome| &outcome.plan);
        let stood = last.filter(|item| {
            item.status == PlanStatus::Contradicted
                && item.state.as_ref().is_some_and(FindingState::may_block)
                && text.lines().any(|line| line.trim() == item.item)
        });
        let is_unnamed = |old: &&PlanItem| {
            let is_it =
                |new: &PlanItem| new.status == PlanStatus::Contradicted && new.item == old.item;
            !found.iter().any(is_it)
        };
        stood
            .filter(is_unnamed)
            .filter_map(|old| {
                let (path, line) = old.place.as_ref()?;
                let quote = old.quote.as_deref()?;
                let place = place(self.change, path, quote, (*line, *line)).ok()?;
                Some(PlanItem {
                    place: Some((place.path, place.start_line)),
                    state: Some(FindingState::Unconfirmed { why: "it was not checked".to_owned() }),
                    blocks: false,
                    ..old.clone()
                })
            })
            .collect()
    }

    /// Returns what a finding is that is not checked again; `None` where it is.
    ///
    /// What the user dismissed stays so while its own lines are unchanged. What a check refuted may become true by a
    /// line beside it, so it stays refuted only while nothing near it changed.
    pub(super) fn set_aside(&self, candidate: &Candidate) -> Option<FindingState> {
        let finding = &candidate.finding;
        if let Some(why) = self.users_dismissal(finding) {
            return Some(FindingState::Dismissed { why });
        }
        if !self.seen.contains(&candidate.section) {
            return None;
        }
        self.refutation(finding).map(|one| one.state.clone())
    }

    /// Finds what was refuted in an earlier round and is named again.
    fn refutation(&self, finding: &Finding) -> Option<&'r Finding> {
        let mut refuted = self.earlier.iter().rev().flat_map(|outcome| &outcome.refuted);
        refuted.find(|one| {
            is_alike(&one.title, &finding.title) && is_about(&one.path, &one.quote, finding)
        })
    }

    fn users_dismissal(&self, finding: &Finding) -> Option<String> {
        let mut dismissed = self.dismissed.iter();
        let dismissal = dismissed.find(|one| is_about(&one.path, &one.quote, finding))?;
        Some(dismissal.why.clone().unwrap_or_else(|| "dismissed".to_owned()))
    }

    /// Says whether a finding may block in this round: it is about changed lines, or an earlier round found it.
    ///
    /// Or one refuted it, and what it was refuted by may be gone.
    pub(super) fn may_block(&self, candidate: &Candidate) -> bool {
        let is_near_change = !self.seen.contains(&candidate.section);
        self.earlier.is_empty()
            || is_near_change && self.refutation(&candidate.finding).is_some()
            || candidate.marks.iter().any(|mark| !self.seen.contains(mark))
            || self.standing().iter().any(|old| is_of(old, &candidate.finding))
    }

    /// Says whether a contradiction of the plan may block in this round.
    pub(super) fn item_may_block(&self, item: &PlanItem, plan_hash: CommitId) -> bool {
        let Some(((path, line), quote)) = item.place.as_ref().zip(item.quote.as_deref()) else {
            return false;
        };
        let was_held = |outcome: &&&Outcome| outcome.plan_hash == Some(plan_hash);
        let held = self.earlier.iter().filter(was_held).collect::<Vec<_>>();
        // What was not held against this text before is new as a whole.
        if held.is_empty() {
            return true;
        }
        let mut items = held.iter().flat_map(|outcome| &outcome.plan);
        let was_found = items.any(|old| {
            old.status == PlanStatus::Contradicted
                && old.item == item.item
                && old.state.as_ref().is_some_and(FindingState::may_block)
        });
        let marks = place(self.change, path, quote, (*line, *line)).map(|place| place.marks);
        let is_new = |marks: Vec<u64>| marks.iter().any(|mark| !self.seen.contains(mark));
        was_found || marks.is_ok_and(is_new)
    }

    /// Counts the findings of earlier rounds that are no more among those of this one.
    pub(super) fn fixed(&self, findings: &[Finding]) -> FindingCounts {
        let mut fixed = FindingCounts::default();
        for old in self.standing() {
            if !findings.iter().any(|new| is_of(old, new)) {
                fixed.count(old.severity);
            }
        }
        fixed
    }
}

fn is_about(path: &str, quote: &str, finding: &Finding) -> bool {
    path == finding.path && is_same_code(quote, &finding.quote)
}

/// Says whether a finding of a later round is one of an earlier round: about the same code, or with like words nearby.
fn is_of(old: &Finding, new: &Finding) -> bool {
    old.path == new.path
        && (is_same_code(&old.quote, &new.quote) || is_alike(&old.title, &new.title))
}
