//! The plans of two repositories: each goes on where one side is ahead, and is joined where both changed it.

use std::collections::{BTreeMap, BTreeSet};

use crate::git::{Pushed, RemoteError};
use crate::provenance::{CommitId, Plan, PlanFate, PlanId, SyncedPlan};
use crate::store::plan::{FOLDER, KeptPlan, Plans, reference};
use crate::store::sync::{HeldBack, HoldBack, ListedPlans, Sync, SyncWish};
use crate::store::{Error, note};

/// The most plans that are taken from another repository.
const MOST_PLANS: usize = 1_000;

impl Sync<'_> {
    /// Brings all plans to the same state on both sides.
    pub(super) fn plans(
        &self,
        wish: SyncWish<'_>,
        listed: &ListedPlans,
        hold_back: HoldBack<'_>,
    ) -> Result<Vec<SyncedPlan>, Error> {
        if listed.known.len() + listed.strange > MOST_PLANS {
            return Err(Error::Remote(RemoteError::TooMany { remote: self.remote.name.clone() }));
        }
        let theirs = listed.known.iter().cloned().collect::<BTreeMap<_, _>>();
        let mut ours = BTreeMap::new();
        for (name, tip) in self.repo.ledgers(FOLDER)? {
            ours.extend(name.parse::<PlanId>().ok().map(|id| (id, tip)));
        }
        self.fetch_plans(&theirs, &ours, wish.is_dry)?;
        let mut synced = Vec::new();
        let mut given = Vec::new();
        for id in theirs.keys().chain(ours.keys()).collect::<BTreeSet<_>>() {
            let (here, there) = (ours.get(id).copied(), theirs.get(id).copied());
            if here == there {
                continue;
            }
            let (fate, tip) = self.settle(id, here, there, wish.is_dry)?;
            if let Some(tip) = tip.filter(|_| wish.pushes) {
                match self.held_back(tip, there, hold_back)? {
                    Some(reason) => {
                        synced
                            .push(SyncedPlan { id: id.clone(), fate: PlanFate::HeldBack(reason) });
                        continue;
                    }
                    None => given.push((synced.len(), tip, reference(id))),
                }
            } else if fate == PlanFate::Given {
                continue; // Only what is there is asked for.
            }
            synced.push(SyncedPlan { id: id.clone(), fate });
        }
        if !wish.is_dry {
            self.push_plans(&given, &mut synced)?;
        }
        Ok(synced)
    }

    fn fetch_plans(
        &self,
        theirs: &BTreeMap<PlanId, CommitId>,
        ours: &BTreeMap<PlanId, CommitId>,
        is_dry: bool,
    ) -> Result<(), Error> {
        let mut wanted = Vec::new();
        for (id, tip) in theirs {
            let to = self.plan_tracking(id);
            if ours.get(id) != Some(tip) && self.repo.reference(&to)? != Some(*tip) {
                wanted.push((reference(id), (!is_dry).then_some(to)));
            }
        }
        if wanted.is_empty() { Ok(()) } else { Ok(self.remote.fetch(&wanted)?) }
    }

    /// Returns where a plan of the remote is kept as it had it when it was last asked.
    fn plan_tracking(&self, id: &PlanId) -> String {
        format!("refs/model/plans-remote/{}/{id}", self.remote.key)
    }

    /// Brings a plan up to date here; also returns what the remote is to get.
    fn settle(
        &self,
        id: &PlanId,
        here: Option<CommitId>,
        there: Option<CommitId>,
        is_dry: bool,
    ) -> Result<(PlanFate, Option<CommitId>), Error> {
        let Some(theirs) = there else { return Ok((PlanFate::Given, here)) };
        let plans = Plans::of(self.repo);
        let is_ahead = |one: CommitId, other: CommitId| self.repo.is_before(other, one);
        if let Some(ours) = here.filter(|ours| is_ahead(*ours, theirs)) {
            return Ok((PlanFate::Given, Some(ours)));
        }
        let read = match plans.read_at(id, theirs) {
            Ok(read) => read,
            Err(error @ (Error::DamagedPlan { .. } | Error::NewerPlan { .. } | Error::Git(_))) => {
                return Ok((PlanFate::Damaged(error.to_string()), None));
            }
            Err(error) => return Err(error),
        };
        match here {
            Some(ours) if !is_ahead(theirs, ours) => self.join(id, ours, read, is_dry),
            _ if is_dry => Ok((PlanFate::Taken, None)),
            _ if self.repo.advance(&reference(id), here, theirs)? => Ok((PlanFate::Taken, None)),
            _ => Ok((PlanFate::Raced, None)),
        }
    }

    fn join(
        &self,
        id: &PlanId,
        ours: CommitId,
        theirs: KeptPlan,
        is_dry: bool,
    ) -> Result<(PlanFate, Option<CommitId>), Error> {
        let plans = Plans::of(self.repo);
        let Ok(ours) = plans.read_at(id, ours) else { return Ok((PlanFate::Newer, None)) };
        if ours.newer.is_some() || theirs.newer.is_some() {
            return Ok((PlanFate::Newer, None));
        }
        let rank = |kept: &KeptPlan| (kept.plan.changed(), kept.plan.hash, kept.tip);
        let is_ours = rank(&ours) > rank(&theirs);
        let fate = PlanFate::Joined { is_ours };
        if is_dry {
            return Ok((fate, None));
        }
        let plan = if is_ours {
            joined(ours.plan.clone(), &theirs.plan)
        } else {
            joined(theirs.plan, &ours.plan)
        };
        Ok(match plans.join(&ours, theirs.tip, plan)? {
            Some(kept) => (fate, Some(kept.tip)),
            None => (PlanFate::Raced, None),
        })
    }

    /// Looks through all that the remote does not have yet of a plan, older texts too.
    fn held_back(
        &self,
        tip: CommitId,
        there: Option<CommitId>,
        hold_back: HoldBack<'_>,
    ) -> Result<Option<String>, Error> {
        for commit in self.repo.ledger_commits(tip)? {
            if there.is_some_and(|there| self.repo.is_before(commit.id, there)) {
                continue;
            }
            for name in ["plan.md", "plan.json"] {
                let Some(bytes) = self.repo.ledger_file(commit.id, name)? else { continue };
                if bytes.len() > note::READ_LIMIT {
                    return Ok(Some(format!("{name} has {} bytes", bytes.len())));
                }
                if let HeldBack::Yes(reason) = hold_back(&String::from_utf8_lossy(&bytes)) {
                    return Ok(Some(reason));
                }
            }
        }
        Ok(None)
    }

    fn push_plans(
        &self,
        given: &[(usize, CommitId, String)],
        synced: &mut [SyncedPlan],
    ) -> Result<(), Error> {
        if given.is_empty() {
            return Ok(());
        }
        let wanted = given.iter().map(|(_, tip, name)| (*tip, name.as_str())).collect::<Vec<_>>();
        let pushed = self.remote.push(&wanted)?;
        for ((place, ..), pushed) in given.iter().zip(pushed) {
            match pushed {
                Pushed::Done => {}
                Pushed::Raced => synced[*place].fate = PlanFate::Raced,
                Pushed::Refused(reason) => synced[*place].fate = PlanFate::Refused(reason),
            }
        }
        Ok(())
    }
}

/// Adds to the story of the plan that changed last what only the other one tells.
///
/// It stands before what is only in the first: what was decided last says how the plan stands.
fn joined(mut plan: Plan, other: &Plan) -> Plan {
    let common = plan.events.iter().zip(&other.events).take_while(|(one, two)| one == two).count();
    let own = plan.events.split_off(common);
    let only_there = other.events[common..].iter().filter(|event| !own.contains(event)).cloned();
    plan.events.extend(only_there);
    plan.events.extend(own);
    plan
}
