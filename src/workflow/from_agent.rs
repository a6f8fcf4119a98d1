//! Plans that an agent's own plan mode made and that were approved there: taken over, with no command typed.

use crate::provenance::{
    Actor, ModelName, Plan, PlanAction, PlanEvent, PlanId, PlanState, Planner, Scope, title_of,
};
use crate::store::plan;
use crate::workflow::transitions::is_same;
use crate::workflow::{Error, Workflow};

/// A plan as an agent's session shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentPlan {
    /// The agent's id.
    pub agent: String,
    /// The session that made it.
    pub session: String,
    /// The text that was approved.
    pub text: String,
    /// The text that the model wrote, where a person changed it before the approval.
    pub written: Option<String>,
    /// The model that answered, and how that is known.
    pub planner: Option<Planner>,
    /// When it was shown: seconds since 1970.
    pub shown_at: i64,
    /// Who approved it, and when; `None` while nobody has.
    pub approved: Option<(Actor, i64)>,
}

impl Workflow<'_> {
    /// Takes a plan over from an agent; the same plan told again changes nothing.
    ///
    /// `corrects` is the plan that the session was implementing when it went back to plan mode: that one gets a new
    /// version, and `reason` says how it came to it. Else the plan is a new one, with an id made of session and text.
    pub fn take_from_agent(
        &self,
        told: &AgentPlan,
        corrects: Option<(&PlanId, &str)>,
    ) -> Result<Plan, Error> {
        if let Some((id, reason)) = corrects {
            return self.take_correction(told, id, reason);
        }
        let first = told.written.as_ref().unwrap_or(&told.text);
        let id = plan::id_of_session(&told.agent, &told.session, first);
        if self.plans.read(&id)?.is_none() {
            let hash = self.hash(first)?;
            let by = Actor::Automation { agent: told.agent.clone() };
            let action = PlanAction::Created { planner: told.planner.clone() };
            let new = Plan {
                id: id.clone(),
                title: title_of(first),
                request: None,
                state: PlanState::Draft,
                version: 1,
                text: first.clone(),
                hash,
                planner: told.planner.clone(),
                events: vec![PlanEvent { at: told.shown_at, by, version: 1, hash, action }],
            };
            // Where another hook was faster, its plan is the same.
            self.plans.create_as(new)?;
        }
        let kept = self.read(&id)?.plan;
        self.take_approval(told, &kept)
    }

    /// Records which model implements a plan that an agent took up.
    ///
    /// Another model than the planner, or the same at another effort, is a handoff.
    pub fn take_implementer(
        &self,
        id: &PlanId,
        (agent, model): (&str, &ModelName),
        at: i64,
    ) -> Result<Plan, Error> {
        let seen = self.read(id)?.plan;
        let changed = self.change(&seen, "hand off", |plan| {
            let is_ready = matches!(plan.state, PlanState::Approved | PlanState::Implementing);
            let last = plan.implementer().or(plan.planner.as_ref().map(|planner| &planner.model));
            let is_new = !last.is_some_and(|last| is_same(last, model));
            if !is_ready || (!is_new && plan.state == PlanState::Implementing) {
                return Ok(false);
            }
            plan.state = PlanState::Implementing;
            if is_new {
                let from = plan.planner.as_ref().map(|planner| planner.model.clone());
                let scope = plan.approved().unwrap_or(Scope::Whole);
                let action = PlanAction::HandedOff { from, to: model.clone(), scope };
                let by = Actor::Automation { agent: agent.to_owned() };
                plan.add(at, by, action);
            }
            Ok(true)
        })?;
        Ok(changed.plan)
    }

    /// Adds the approval of a plan, and a person's change of the text before it.
    fn take_approval(&self, told: &AgentPlan, seen: &Plan) -> Result<Plan, Error> {
        let Some((by, at)) = &told.approved else { return Ok(seen.clone()) };
        let hash = self.hash(&told.text)?;
        let changed = self.change(seen, "approve", |plan| {
            let is_known = plan.events.iter().any(|event| {
                event.hash == hash && matches!(event.action, PlanAction::Approved { .. })
            });
            if is_known || plan.state != PlanState::Draft {
                return Ok(false);
            }
            if plan.hash != hash {
                told.text.clone_into(&mut plan.text);
                plan.hash = hash;
                let planner = plan.planner.clone();
                plan.add(*at, by.clone(), PlanAction::Edited { planner });
            }
            plan.state = PlanState::Approved;
            plan.add(*at, by.clone(), PlanAction::Approved { scope: Scope::Whole });
            Ok(true)
        })?;
        Ok(changed.plan)
    }

    fn take_correction(&self, told: &AgentPlan, id: &PlanId, reason: &str) -> Result<Plan, Error> {
        let seen = self.read(id)?.plan;
        let first = told.written.as_ref().unwrap_or(&told.text);
        let hash = self.hash(first)?;
        if seen.events.iter().any(|event| event.hash == hash && event.at >= told.shown_at) {
            return self.take_approval(told, &seen);
        }
        let by = Actor::Automation { agent: told.agent.clone() };
        let changed = self.change(&seen, "escalate", |plan| {
            if !matches!(plan.state, PlanState::Approved | PlanState::Implementing) {
                return Ok(false);
            }
            plan.state = PlanState::Draft;
            plan.version += 1;
            plan.planner = told.planner.clone().or(plan.planner.take());
            let (reason, to) = (reason.to_owned(), plan.planner.clone());
            let back = PlanAction::Escalated { reason, to: to.clone(), commits: Vec::new() };
            plan.add(told.shown_at, by.clone(), back);
            if plan.hash != hash {
                first.clone_into(&mut plan.text);
                plan.hash = hash;
                plan.add(told.shown_at, by.clone(), PlanAction::Edited { planner: to });
            }
            Ok(true)
        })?;
        self.take_approval(told, &changed.plan)
    }
}
