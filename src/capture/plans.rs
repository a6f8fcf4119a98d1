//! Which plan a commit followed, where its lines are declared.
//!
//! A plan that was handed off in this worktree and branch speaks for the declared lines of new commits there, as long
//! as it is being implemented. Commits that were amended, rebased or squashed keep the plans that they followed.

use std::collections::BTreeSet;

use crate::capture::Error;
use crate::capture::change::Source;
use crate::capture::declared::declared_origin;
use crate::capture::followed::{Followed, Sessions};
use crate::capture::moment::Moment;
use crate::git::environment;
use crate::marks;
use crate::provenance::{
    CommitRecord, Contribution, FollowedPlan, Grade, Identity, LineCounts, Operation, Origin,
    Phase, Plan, PlanId, PlanState, Strength, compare_strength,
};
use crate::store::{Draft, Entry, Evidence, Following, Plans};

/// How often the journal is told that a plan is still followed, in seconds.
const REFRESH_SECONDS: i64 = 3600;

impl Moment<'_> {
    /// Adds to a record the plans that the commit followed: those of its sources, and that of its declared lines.
    pub(super) fn add_plans(
        &self,
        record: &mut CommitRecord,
        draft: &Draft,
        sources: &[Source],
    ) -> Result<(), Error> {
        if matches!(draft.operation, Operation::Amend | Operation::Rebase | Operation::Squash) {
            for followed in sources.iter().flat_map(|source| &source.record.plans) {
                add_followed(record, followed.clone());
            }
        }
        let is_new = matches!(draft.operation, Operation::Commit | Operation::Amend);
        let declared = draft.declared.as_ref().and_then(declared_origin);
        let Some(origin) = declared.filter(|origin| is_new && is_implementer(origin)) else {
            return Ok(());
        };
        if !has_new_lines(record, &origin, sources) || is_of_a_bot() {
            return Ok(());
        }
        let active = self.active_plans()?;
        let chosen = match active.as_slice() {
            [] => return Ok(()),
            [one] => Some(one),
            several => self.only_one(several, &origin, draft)?,
        };
        let Some(plan) = chosen else {
            record.unclear_plans = active.iter().map(|plan| plan.id.clone()).collect();
            return Ok(());
        };
        add_followed(record, plan.followed(Grade::Declared));
        add_planner(record, plan, Grade::Declared);
        Ok(())
    }

    /// Reads a plan of this repository; one that cannot be read is as none.
    pub(super) fn plan(&self, id: &PlanId) -> Option<Plan> {
        Plans::of(self.repo).read(id).ok().flatten().map(|kept| kept.plan)
    }

    /// Adds the plans that sessions of agents followed, in the version that was approved there.
    pub(super) fn add_observed_plans(
        &self,
        record: &mut CommitRecord,
        followed: &[Followed],
        sessions: &Sessions,
    ) {
        for one in followed {
            let plan = self.plan(&one.plan);
            let text = one.text.and_then(|id| sessions.texts.get(&id));
            let hash = text.and_then(|text| Plans::of(self.repo).hash(text));
            match (plan, hash) {
                (Some(plan), Some(hash)) => add_followed(record, plan.followed_as(hash, one.grade)),
                (Some(plan), None) => {
                    add_followed(record, plan.followed(one.grade));
                    add_planner(record, &plan, one.grade);
                }
                // It could not be taken over; what is known of it is not lost.
                (None, Some(hash)) => record.plans.push(FollowedPlan {
                    id: one.plan.clone(),
                    version: 1,
                    hash,
                    approved_by: None,
                    steps: None,
                    grade: one.grade,
                }),
                (None, None) => {}
            }
        }
    }

    /// Hands the plans that sessions tell of to whom takes them over.
    pub(super) fn take_plans(&self, sessions: &Sessions) {
        let Some(take) = self.take_plans else { return };
        if sessions.has_agent_plans() {
            let person = self.repo.committer_name().ok().flatten();
            let person = person.unwrap_or_else(|| "somebody".to_owned());
            take(&sessions.agent_plans(&person));
        }
    }

    /// Returns the plan that a session was last to follow, unless it went back to planning since.
    ///
    /// Reads what agents' hooks told; writes nothing.
    pub fn last_agent_plan(&self) -> Result<Option<PlanId>, Error> {
        let entries = Evidence::of(self.repo.git_dir()).read()?.entries;
        let sessions = self.sessions(&entries)?;
        let mut approvals = sessions.approvals();
        let last = approvals.pop().filter(|one| !sessions.is_over(one, self.milliseconds()));
        Ok(last.map(|one| one.plan))
    }

    /// Has the plans taken over that agents' hooks told of by now.
    pub fn take_agent_plans(&self) -> Result<(), Error> {
        let entries = Evidence::of(self.repo.git_dir()).read()?.entries;
        self.sessions(&entries).map(drop)
    }

    /// Returns the plans that are being implemented in this worktree and branch, and not given up for idleness.
    ///
    /// Reads nothing but the journal where no plan was handed off here. A plan that cannot be read is as none.
    fn active_plans(&self) -> Result<Vec<Plan>, Error> {
        let entries = self.journal.read()?.entries;
        if !entries.iter().any(|entry| matches!(entry, Entry::Follow(_))) {
            return Ok(Vec::new());
        }
        let branch = self.repo.head()?.branch;
        let plans = Plans::of(self.repo);
        let active =
            Following::on(&entries, branch.as_deref()).into_iter().filter_map(|(id, at)| {
                let plan = plans.read(&id).ok().flatten()?.plan;
                let is_alive = plan.state == PlanState::Implementing
                    && !Following::is_idle(at.max(plan.changed()), self.now);
                is_alive.then_some(plan)
            });
        Ok(active.collect())
    }

    /// Finds the one of several plans that evidence speaks for: handed to the declared model, or naming the files.
    fn only_one<'p>(
        &self,
        plans: &'p [Plan],
        origin: &Origin,
        draft: &Draft,
    ) -> Result<Option<&'p Plan>, Error> {
        let is_its = |plan: &&Plan| match (origin, plan.implementer()) {
            (Origin::Model { model, .. }, Some(to)) => {
                compare_strength(model, to) == Strength::Same
            }
            _ => false,
        };
        let of_model = plans.iter().filter(is_its).collect::<Vec<_>>();
        let left = match of_model.as_slice() {
            [one] => return Ok(Some(one)),
            [] => plans.iter().collect(),
            _ => of_model,
        };
        let files = self.changed_names(draft)?;
        let names =
            |plan: &&&Plan| files.iter().any(|file| super::followed::names_file(&plan.text, file));
        let naming = left.iter().filter(names).collect::<Vec<_>>();
        Ok(match naming.as_slice() {
            [one] => Some(one),
            _ => None,
        })
    }

    /// Returns the names of the files that the coming commit changes, without their folders.
    fn changed_names(&self, draft: &Draft) -> Result<BTreeSet<String>, Error> {
        let tree = |id| -> Result<_, Error> { Ok(self.repo.commit(id)?.tree) };
        let before = draft.parents.first().copied().map(tree).transpose()?;
        let after = match draft.tree {
            Some(tree) => tree,
            None => self.repo.staged_tree(before)?,
        };
        let changed = self.repo.changed_files(before, Some(after))?.into_iter();
        let name = |path: Vec<u8>| {
            let path = String::from_utf8(path).ok()?;
            Some(path.rsplit('/').next().unwrap_or(&path).to_owned())
        };
        Ok(changed.filter_map(|change| name(change.path)).collect())
    }

    /// Notes in the journal that plans are still followed here, so that they do not count as idle.
    pub(super) fn keep_following(&self, record: &CommitRecord) -> Result<(), Error> {
        let own = record.plans.iter().filter(|plan| plan.grade == Grade::Declared);
        let own = own.map(|plan| &plan.id).collect::<Vec<&PlanId>>();
        if own.is_empty() {
            return Ok(());
        }
        let branch = self.repo.head()?.branch;
        let now = self.now.timestamp();
        let here = Following::on(&self.journal.read()?.entries, branch.as_deref());
        for (id, at) in here.iter().filter(|(id, _)| own.contains(&id)) {
            if now - at >= REFRESH_SECONDS {
                let plan = id.to_string();
                self.journal.append(&Entry::Follow(Following {
                    branch: branch.clone(),
                    plan,
                    at: now,
                }))?;
            }
        }
        Ok(())
    }
}

/// Says whether a declaration is of a model that carries out; who plans follows no plan.
fn is_implementer(origin: &Origin) -> bool {
    let Origin::Model { phase, .. } = origin else { return false };
    !matches!(phase, Some(Phase::Architecture | Phase::Review | Phase::Advice))
}

/// Says whether declared lines of a record are new, and did not come with the commits it was made of.
fn has_new_lines(record: &CommitRecord, origin: &Origin, sources: &[Source]) -> bool {
    let of = |record: &CommitRecord| {
        let own = record.contributions.iter().find(|one| one.origin == *origin);
        own.map(|one| one.lines)
    };
    let Some(now) = of(record) else { return false };
    let before = sources.iter().filter_map(|source| of(&source.record)).collect::<Vec<_>>();
    let lines = before.iter().map(|lines| lines.changed()).sum::<u32>();
    before.is_empty() || now.changed() > lines
}

/// Says whether Git makes this commit for a program that is no AI, such as one that updates dependencies.
fn is_of_a_bot() -> bool {
    let (name, mail) = environment::author();
    let author = Identity {
        name: name.as_deref().unwrap_or_default(),
        mail: mail.as_deref().unwrap_or_default(),
    };
    marks::is_bot(author)
}

/// Adds a plan, or the newer version of one that is there.
fn add_followed(record: &mut CommitRecord, followed: FollowedPlan) {
    match record.plans.iter_mut().find(|known| known.id == followed.id) {
        Some(known) if known.version <= followed.version => *known = followed,
        Some(_) => {}
        None => record.plans.push(followed),
    }
}

/// Adds the planner of a plan beside those who followed it, unless it is there.
fn add_planner(record: &mut CommitRecord, plan: &Plan, grade: Grade) {
    let Some(planner) = &plan.planner else { return };
    let is_known = record.contributions.iter().any(|one| {
        let Origin::Model { model, phase, .. } = &one.origin else { return false };
        *model == planner.model && *phase == Some(Phase::Architecture)
    });
    if is_known {
        return;
    }
    record.contributions.push(Contribution {
        origin: Origin::Model {
            model: planner.model.clone(),
            phase: Some(Phase::Architecture),
            agent: planner.agent.clone(),
            grade: planner.grade.max(grade),
        },
        requested: planner.requested.clone(),
        session: planner.session.clone(),
        lines: LineCounts::default(),
    });
    record.sort_contributions();
}
