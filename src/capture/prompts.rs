//! A prompt that holds a plan: a session that was given one to carry out.

use std::collections::HashSet;

use crate::git::{Repo, Worktree};
use crate::provenance::{ApprovedBy, PlanId, SessionId};
use crate::store::{ContentId, Evidence, EvidenceEntry, KeptAction, Plans};

/// A shorter text is no plan that a prompt could be known by, in bytes.
const SHORTEST_TEXT: usize = 60;

/// The most ids that are looked up for one prompt.
const MOST_IDS: usize = 16;

/// The plans that sessions of a repository showed.
#[derive(Debug)]
pub(super) struct ShownPlans {
    texts: Vec<(ContentId, String, SessionId)>,
}

impl ShownPlans {
    /// Reads them from the evidence of a repository.
    pub(super) fn read(worktree: &Worktree) -> Self {
        let evidence = Evidence::of(&worktree.common_dir);
        let entries = evidence.read().map(|read| read.entries).unwrap_or_default();
        let mut shown = Self { texts: Vec::new() };
        for entry in &entries {
            shown.add(entry, &evidence);
        }
        shown
    }

    /// Adds one that was told since.
    pub(super) fn add(&mut self, entry: &EvidenceEntry, evidence: &Evidence) {
        let EvidenceEntry::Event(event) = entry else { return };
        let (KeptAction::PlanShown { text } | KeptAction::PlanApproved { text, .. }) = &event.what
        else {
            return;
        };
        if !self.texts.iter().any(|(known, _, _)| known == text)
            && let Some(bytes) = evidence.contents().read(*text)
        {
            let told = String::from_utf8_lossy(&bytes).into_owned();
            self.texts.push((*text, told, event.session.clone()));
        }
    }

    /// Finds one that a prompt holds.
    fn held_by(&self, prompt: &str, by: ApprovedBy) -> Option<KeptAction> {
        let found = self.texts.iter().find(|(_, text, _)| holds(prompt, text))?;
        Some(KeptAction::OpenedWithPlan { text: found.0, from: Some(found.2.clone()), by })
    }
}

/// Returns what a prompt has to do with the plans of a repository; `None` for most.
pub(super) fn plan_in(
    prompt: &str,
    by: ApprovedBy,
    worktree: &Worktree,
    shown: &ShownPlans,
) -> Option<KeptAction> {
    let ids = ids(prompt);
    let handed = if ids.is_empty() { None } else { handed(prompt, &ids, worktree) };
    let handed = handed.map(|plan| KeptAction::TookPlan { plan: plan.to_string() });
    handed.or_else(|| shown.held_by(prompt, by))
}

/// Returns the words of a text that could be ids of plans, each once.
fn ids(prompt: &str) -> Vec<PlanId> {
    let words = prompt.split(|c: char| !c.is_ascii_alphanumeric());
    let mut seen = HashSet::new();
    let ids = words.filter_map(|word| word.parse::<PlanId>().ok());
    ids.filter(|id| seen.insert(id.clone())).take(MOST_IDS).collect()
}

/// Finds the plan that a handoff's text hands over: with its head line, or its whole text.
fn handed(prompt: &str, ids: &[PlanId], worktree: &Worktree) -> Option<PlanId> {
    let repo = Repo::open_for_hook(&worktree.top).ok()?;
    let plans = Plans::of(&repo);
    let is_handed = |id: &&PlanId| {
        let plan = plans.read(id).ok().flatten();
        plan.is_some_and(|kept| {
            prompt.contains(&format!("Plan {id}, version ")) || holds(prompt, &kept.plan.text)
        })
    };
    ids.iter().find(is_handed).cloned()
}

fn holds(prompt: &str, text: &str) -> bool {
    let text = text.trim();
    text.len() >= SHORTEST_TEXT && prompt.contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_among_words() {
        let found =
            ids("---- Plan 7f3a9c1b, version 2: x ---- (7f3a9c1b) deadbeef 12345678 0a0a0a0a.");
        let found = found.iter().map(PlanId::as_str).collect::<Vec<_>>();
        assert_eq!(found, ["7f3a9c1b", "deadbeef", "12345678", "0a0a0a0a"]);
    }

    #[test]
    fn a_short_text_says_nothing() {
        let long = "1. Add the cache behind the lookup\n2. Expire its entries after five minutes\n";
        assert!(holds(&format!("Do this:\n{long}now"), long));
        assert!(!holds("1. go\n", "1. go\n"));
    }
}
