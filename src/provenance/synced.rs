//! What became of records and plans that were synced with another repository.

use super::PlanId;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Synced {
    /// Commits whose records came from the remote, new or changed.
    pub taken: usize,
    /// Commits whose records went to the remote, new or changed.
    pub given: usize,
    /// Commits recorded on both sides, whose records were combined.
    pub combined: usize,
    /// Notes of a newer version or another program that were kept beside ours.
    pub foreign: usize,
    /// Notes of the remote that are larger than any that is read.
    pub too_large: usize,
    /// Entries of the remote that are no notes of commits.
    pub strange: usize,
    /// Notes of the remote whose objects are not here.
    pub missing: usize,
    /// How often others were faster.
    pub races: u32,
    /// The remote has no records and got none.
    pub is_empty: bool,
    /// The plans that changed, or could not; `None` where plans do not travel.
    pub plans: Option<Vec<SyncedPlan>>,
}

/// A plan that was not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedPlan {
    /// The plan.
    pub id: PlanId,
    /// What became of it.
    pub fate: PlanFate,
}

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanFate {
    /// It came from the remote, new or changed.
    Taken,
    /// It went to the remote, new or changed.
    Given,
    /// Both had changed it: the side that did so last says how it stands, and its story tells of both.
    Joined {
        /// How it stands is what was done here.
        is_ours: bool,
    },
    /// It stays here, for this reason.
    HeldBack(String),
    /// The remote's is not what any version writes.
    Damaged(String),
    /// Both changed it, and a newer version wrote one of them: both stay as they are.
    Newer,
    /// The remote does not take it.
    Refused(String),
    /// Somebody else changed it meanwhile.
    Raced,
}

impl PlanFate {
    /// Says whether nothing is left to be done about it.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Taken | Self::Given | Self::Joined { .. })
    }
}
