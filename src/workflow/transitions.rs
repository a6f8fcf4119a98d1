//! What may happen to a plan, and what it becomes.

use chrono::{DateTime, Utc};

use crate::git::Repo;
use crate::provenance::{
    Actor, ApprovedBy, CommitId, ModelName, Plan, PlanAction, PlanEvent, PlanId, PlanState,
    Planner, Scope, Steps, clean_title, title_of,
};
use crate::store::{self, KeptPlan, Plans};
use crate::workflow::Error;

/// How often a change is tried anew while others change the same plan.
const TRIES: usize = 8;

/// What a new plan begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    /// The text, checked.
    pub text: String,
    /// The title; without one, that of the text.
    pub title: Option<String>,
    /// What was asked for.
    pub request: Option<String>,
    /// The model that planned, if one did.
    pub planner: Option<Planner>,
}

/// A plan after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The plan as it is kept now.
    pub plan: Plan,
    /// Whether anything was written: `false` where it was so already.
    pub is_new: bool,
    /// What others did to it since the caller read it.
    pub meanwhile: Vec<PlanEvent>,
}

/// Somebody at work on the plans of a repository.
pub struct Workflow<'r> {
    pub(super) plans: Plans<'r>,
    actor: Actor,
    now: DateTime<Utc>,
}

impl<'r> Workflow<'r> {
    /// Begins: who acts, and when.
    pub fn new(repo: &'r Repo, actor: Actor, now: DateTime<Utc>) -> Self {
        Self { plans: Plans::of(repo), actor, now }
    }

    /// Returns the plans.
    pub fn plans(&self) -> Plans<'r> {
        self.plans
    }

    /// Keeps a new plan as a draft.
    pub fn create(&self, new: &NewPlan) -> Result<Plan, Error> {
        let hash = self.hash(&new.text)?;
        let seed = format!("{} {} {}", self.now.timestamp_micros(), std::process::id(), new.text);
        let title = clean_title(new.title.as_deref().unwrap_or_default());
        let title = if title.is_empty() { title_of(&new.text) } else { title };
        let make = |id: PlanId| Plan {
            id,
            title: title.clone(),
            request: new.request.clone(),
            state: PlanState::Draft,
            version: 1,
            text: new.text.clone(),
            hash,
            planner: new.planner.clone(),
            events: vec![PlanEvent {
                at: self.now.timestamp(),
                by: self.actor.clone(),
                version: 1,
                hash,
                action: PlanAction::Created { planner: new.planner.clone() },
            }],
        };
        Ok(self.plans.create(seed.as_bytes(), make)?.plan)
    }

    /// Changes the text, the title or the planner; a text that was decided on becomes a new version, and a draft.
    pub fn edit(
        &self,
        seen: &Plan,
        text: Option<&str>,
        title: Option<&str>,
        planner: Option<&Planner>,
    ) -> Result<Changed, Error> {
        let hash = text.map(|text| self.hash(text)).transpose()?;
        self.change(seen, "edit", |plan| {
            if matches!(plan.state, PlanState::Done | PlanState::Abandoned) {
                return Err(over(plan));
            }
            let before = plan.clone();
            if let Some(planner) = planner {
                plan.planner = Some(planner.clone());
            }
            if let Some(title) = title.map(clean_title).filter(|title| !title.is_empty()) {
                plan.title = title;
            } else if let Some(text) = text
                && before.title == title_of(&before.text)
            {
                plan.title = title_of(text);
            }
            if let (Some(text), Some(hash)) = (text, hash)
                && hash != plan.hash
            {
                text.clone_into(&mut plan.text);
                plan.hash = hash;
                if plan.state != PlanState::Draft {
                    plan.version += 1;
                    plan.state = PlanState::Draft;
                }
            }
            if *plan == before {
                return Ok(false);
            }
            let planner = plan.planner.clone();
            self.add(plan, PlanAction::Edited { planner });
            Ok(true)
        })
    }

    /// Approves a plan, or some of its steps.
    pub fn approve(
        &self,
        seen: &Plan,
        steps: Option<&Steps>,
        same_text: bool,
    ) -> Result<Changed, Error> {
        self.change(seen, "approve", |plan| {
            if plan.state.is_over() {
                return Err(over(plan));
            }
            if let Some(reason) = sent_back(plan).filter(|_| !same_text) {
                return Err(Error::SameText { id: plan.id.clone(), reason: reason.to_owned() });
            }
            let scope = scope(plan, steps)?;
            let is_known = missing(plan, plan.approved().as_ref(), &scope).is_none();
            let is_better = self.actor.kind() == ApprovedBy::Person
                && plan.approved_by() == Some(ApprovedBy::Automation);
            if is_known && !is_better {
                return Ok(false);
            }
            if plan.state == PlanState::Draft {
                plan.state = PlanState::Approved;
            }
            self.add(plan, PlanAction::Approved { scope });
            Ok(true)
        })
    }

    /// Turns a plan down.
    pub fn reject(&self, seen: &Plan, reason: &str) -> Result<Changed, Error> {
        self.change(seen, "reject", |plan| {
            if plan.state.is_over() {
                return Err(over(plan));
            }
            plan.state = PlanState::Rejected;
            self.add(plan, PlanAction::Rejected { reason: reason.to_owned() });
            Ok(true)
        })
    }

    /// Hands a plan to a model; without steps, what is approved of it and not handed off yet.
    ///
    /// Also returns how much of it was handed off by this.
    pub fn hand_off(
        &self,
        seen: &Plan,
        to: &ModelName,
        steps: Option<&Steps>,
    ) -> Result<(Changed, Scope), Error> {
        let mut handed = Scope::Whole;
        let changed = self.change(seen, "hand off", |plan| {
            let id = || plan.id.clone();
            if matches!(plan.state, PlanState::Done | PlanState::Abandoned) {
                return Err(over(plan));
            }
            let Some(approved) = plan.approved().filter(|_| plan.state != PlanState::Rejected)
            else {
                return Err(Error::NotApproved { id: id(), state: plan.state });
            };
            let wanted = match steps {
                Some(_) => scope(plan, steps)?,
                None => not_handed_off(plan, &approved),
            };
            if let Some(steps) = missing(plan, Some(&approved), &wanted) {
                return Err(Error::StepsNotApproved { id: id(), steps });
            }
            handed = wanted.clone();
            let is_known = missing(plan, plan.handed_off().as_ref(), &wanted).is_none()
                && plan.handed_off().is_some()
                && plan.implementer().is_some_and(|known| is_same(known, to));
            if is_known && plan.state == PlanState::Implementing {
                return Ok(false);
            }
            plan.state = PlanState::Implementing;
            let from = plan.planner.as_ref().map(|planner| planner.model.clone());
            self.add(plan, PlanAction::HandedOff { from, to: to.clone(), scope: wanted });
            Ok(true)
        })?;
        Ok((changed, handed))
    }

    /// Sends a plan back to its planner, or another one: a new version, with the commits that followed the old one.
    pub fn escalate(
        &self,
        seen: &Plan,
        reason: &str,
        to: Option<&Planner>,
        commits: &[CommitId],
    ) -> Result<Changed, Error> {
        self.change(seen, "escalate", |plan| {
            if matches!(plan.state, PlanState::Done | PlanState::Abandoned) {
                return Err(over(plan));
            }
            if !matches!(plan.state, PlanState::Approved | PlanState::Implementing) {
                return Err(Error::NothingToCorrect { id: plan.id.clone(), state: plan.state });
            }
            plan.state = PlanState::Draft;
            plan.version += 1;
            plan.planner = to.cloned().or(plan.planner.take());
            let (reason, to) = (reason.to_owned(), plan.planner.clone());
            self.add(plan, PlanAction::Escalated { reason, to, commits: commits.to_vec() });
            Ok(true)
        })
    }

    /// Says that a plan is carried out.
    pub fn finish(&self, seen: &Plan) -> Result<Changed, Error> {
        self.change(seen, "done", |plan| match plan.state {
            PlanState::Done => Ok(false),
            PlanState::Abandoned => Err(over(plan)),
            PlanState::Draft | PlanState::Rejected => {
                Err(Error::NotApproved { id: plan.id.clone(), state: plan.state })
            }
            PlanState::Approved | PlanState::Implementing => {
                plan.state = PlanState::Done;
                self.add(plan, PlanAction::Done);
                Ok(true)
            }
        })
    }

    /// Gives a plan up.
    pub fn abandon(&self, seen: &Plan, reason: Option<&str>) -> Result<Changed, Error> {
        self.change(seen, "abandon", |plan| match plan.state {
            PlanState::Abandoned => Ok(false),
            PlanState::Done => Err(over(plan)),
            _ => {
                plan.state = PlanState::Abandoned;
                self.add(plan, PlanAction::Abandoned { reason: reason.map(str::to_owned) });
                Ok(true)
            }
        })
    }

    /// Changes a plan as it is kept now, again where somebody else is faster; `apply` says whether it changed anything.
    ///
    /// A text that the caller has not seen is not touched.
    pub(super) fn change(
        &self,
        seen: &Plan,
        what: &str,
        mut apply: impl FnMut(&mut Plan) -> Result<bool, Error>,
    ) -> Result<Changed, Error> {
        for _ in 0..TRIES {
            let kept = self.read(&seen.id)?;
            if kept.plan.hash != seen.hash {
                return Err(Error::TextChanged { id: seen.id.clone() });
            }
            let meanwhile = kept.plan.events.get(seen.events.len()..).unwrap_or_default().to_vec();
            let mut plan = kept.plan.clone();
            if !apply(&mut plan)? {
                return Ok(Changed { plan, is_new: false, meanwhile });
            }
            if let Some(kept) = self.plans.save(&kept, plan, what)? {
                return Ok(Changed { plan: kept.plan, is_new: true, meanwhile });
            }
        }
        Err(Error::KeepsChanging { id: seen.id.clone() })
    }

    pub(super) fn read(&self, id: &PlanId) -> Result<KeptPlan, Error> {
        let unknown = || store::Error::UnknownPlan { word: id.to_string() };
        Ok(self.plans.read(id)?.ok_or_else(unknown)?)
    }

    fn add(&self, plan: &mut Plan, action: PlanAction) {
        plan.add(self.now.timestamp(), self.actor.clone(), action);
    }

    pub(super) fn hash(&self, text: &str) -> Result<CommitId, Error> {
        self.plans.hash(text).ok_or(Error::EmptyText)
    }
}

fn over(plan: &Plan) -> Error {
    Error::Over { id: plan.id.clone(), state: plan.state }
}

/// Returns why a plan was sent back whose text did not change since.
fn sent_back(plan: &Plan) -> Option<&str> {
    let begun = plan.events.iter().rev().take_while(|event| event.version == plan.version);
    begun.filter(|event| event.hash == plan.hash).find_map(|event| match &event.action {
        PlanAction::Escalated { reason, .. } => Some(reason.as_str()),
        _ => None,
    })
}

/// Returns the steps that were asked for, if the plan has them; without any, all of it.
fn scope(plan: &Plan, steps: Option<&Steps>) -> Result<Scope, Error> {
    let Some(steps) = steps else { return Ok(Scope::Whole) };
    let number = plan.steps().len();
    if number == 0 {
        return Err(Error::NoSteps { id: plan.id.clone() });
    }
    if steps.highest() as usize > number {
        return Err(Error::NoSuchStep { id: plan.id.clone(), number, step: steps.highest() });
    }
    Ok(Scope::Part(steps.clone()))
}

/// Returns the steps of `wanted` that are not in `have`; `None` where all are.
///
/// All of a plan without steps is as one step.
fn missing(plan: &Plan, have: Option<&Scope>, wanted: &Scope) -> Option<Steps> {
    let number = plan.steps().len();
    let wanted = wanted.steps(number).unwrap_or_else(|| Steps::all(1));
    let have = have.map(|scope| scope.steps(number).unwrap_or_else(|| Steps::all(1)));
    let missing = wanted.without(&have.unwrap_or_default());
    (!missing.is_empty()).then_some(missing)
}

/// Returns what is approved and not handed off; all that is approved where nothing is left.
fn not_handed_off(plan: &Plan, approved: &Scope) -> Scope {
    match (missing(plan, plan.handed_off().as_ref(), approved), plan.handed_off()) {
        (Some(rest), Some(_)) => Scope::Part(rest),
        _ => approved.clone(),
    }
}

/// Says whether two names are of one model with one effort.
pub(super) fn is_same(one: &ModelName, other: &ModelName) -> bool {
    one == other && (one.effort() == other.effort() || other.effort().is_none())
}
