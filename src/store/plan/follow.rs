//! Which plans are followed in a worktree, by branch, as its journal tells.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::provenance::PlanId;
use crate::store::Entry;

/// A plan is given up when nothing was done for it for so long: two weeks, in seconds.
const IDLE_SECONDS: i64 = 14 * 24 * 3600;

/// A plan that is followed in a worktree, on one of its branches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// The branch, as `main`; `None` for a detached `HEAD`.
    pub branch: Option<String>,
    /// The id of the plan.
    pub plan: String,
    /// When it was handed off here, or last followed by a commit: seconds since 1970.
    pub at: i64,
}

impl Following {
    /// Finds the plans that were handed off on a branch, each with its last time; oldest entries first.
    pub fn on(entries: &[Entry], branch: Option<&str>) -> Vec<(PlanId, i64)> {
        let mut found = Vec::<(PlanId, i64)>::new();
        for entry in entries {
            let Entry::Follow(following) = entry else { continue };
            let Ok(id) = following.plan.parse::<PlanId>() else { continue };
            found.retain(|(known, _)| *known != id);
            // The last branch counts: a plan moves with its work.
            if following.branch.as_deref() == branch {
                found.push((id, following.at));
            }
        }
        found
    }

    /// Returns when each plan was last handed off or followed in this worktree, on any branch.
    pub fn latest(entries: &[Entry]) -> HashMap<PlanId, i64> {
        let mut latest = HashMap::new();
        for entry in entries {
            if let Entry::Follow(following) = entry
                && let Ok(id) = following.plan.parse::<PlanId>()
            {
                latest.insert(id, following.at);
            }
        }
        latest
    }

    /// Says whether a time is too long ago for a plan that is being followed; both in seconds since 1970.
    pub fn is_idle(last: i64, now: DateTime<Utc>) -> bool {
        now.timestamp().saturating_sub(last) >= IDLE_SECONDS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(branch: &str, plan: &str, at: i64) -> Entry {
        Entry::Follow(Following { branch: Some(branch.to_owned()), plan: plan.to_owned(), at })
    }

    #[test]
    fn a_plan_is_followed_on_the_branch_where_it_was_last_handed_off() {
        let entries = [entry("main", "7f3a9c1b", 1), entry("main", "0a0a0a0a", 2)];
        let ids = |entries: &[Entry], branch| {
            let found = Following::on(entries, Some(branch));
            found.into_iter().map(|(id, at)| format!("{id} {at}")).collect::<Vec<_>>()
        };
        assert_eq!(ids(&entries, "main"), ["7f3a9c1b 1", "0a0a0a0a 2"]);
        let moved = [&entries[..], &[entry("topic", "7f3a9c1b", 3)]].concat();
        assert_eq!(ids(&moved, "main"), ["0a0a0a0a 2"]);
        assert_eq!(ids(&moved, "topic"), ["7f3a9c1b 3"]);
    }

    #[test]
    fn two_weeks_without_a_sign_are_the_end() {
        let now = DateTime::from_timestamp(2_000_000, 0).unwrap();
        assert!(!Following::is_idle(2_000_000 - IDLE_SECONDS + 1, now));
        assert!(Following::is_idle(2_000_000 - IDLE_SECONDS, now));
    }
}
