//! Plans that an agent's own plan mode made and that were approved there: taken over, with no command typed.

use crate::provenance::{
    Actor, AgentPlan, CommitId, ModelName, Plan, PlanAction, PlanEvent, PlanState, Scope, title_of,
};
use crate::workflow::transitions::is_same;
use crate::workflow::{Error, Workflow};

impl Workflow<'_> {
    /// Takes a plan over from an agent, with its approval and its handoffs; the same told again changes nothing.
    ///
    /// A correction is a new version of the plan that it corrects, if that is here.
    pub fn take_from_agent(&self, told: &AgentPlan) -> Result<Plan, Error> {
        let kept = self.plans.read(&told.id)?.map(|kept| kept.plan);
        let hash = self.hash(&told.text)?;
        let is_approved = |plan: &Plan| {
            plan.events.iter().any(|event| {
                event.hash == hash
                    && event.at >= told.approved_at
                    && matches!(event.action, PlanAction::Approved { .. })
            })
        };
        let mut plan = match kept {
            Some(plan) if is_approved(&plan) => plan,
            kept => self.take_text(told, kept, hash)?,
        };
        for (model, at) in &told.implementers {
            plan = self.take_implementer(&plan, (hash, &told.agent), model, *at)?;
        }
        Ok(plan)
    }

    /// Takes a text that was not taken yet, and its approval.
    fn take_text(
        &self,
        told: &AgentPlan,
        kept: Option<Plan>,
        hash: CommitId,
    ) -> Result<Plan, Error> {
        let plan = match (&told.corrects, kept) {
            (Some(reason), Some(plan)) => self.take_correction(told, &plan, reason)?,
            (_, Some(plan)) => plan,
            (_, None) => self.take_new(told)?,
        };
        self.take_approval(told, &plan, hash)
    }

    fn take_new(&self, told: &AgentPlan) -> Result<Plan, Error> {
        let first = told.written.as_ref().unwrap_or(&told.text);
        let hash = self.hash(first)?;
        let by = Actor::Automation { agent: told.agent.clone() };
        let action = PlanAction::Created { planner: told.planner.clone() };
        let new = Plan {
            id: told.id.clone(),
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
        Ok(self.read(&told.id)?.plan)
    }

    /// Adds the approval of a plan, and a person's change of the text before it.
    fn take_approval(&self, told: &AgentPlan, seen: &Plan, hash: CommitId) -> Result<Plan, Error> {
        let (by, at) = (&told.approved_by, told.approved_at);
        let changed = self.change(seen, "approve", |plan| {
            if plan.state != PlanState::Draft {
                return Ok(false);
            }
            if plan.hash != hash {
                told.text.clone_into(&mut plan.text);
                plan.hash = hash;
                let planner = plan.planner.clone();
                plan.add(at, by.clone(), PlanAction::Edited { planner });
            }
            plan.state = PlanState::Approved;
            plan.add(at, by.clone(), PlanAction::Approved { scope: Scope::Whole });
            Ok(true)
        })?;
        Ok(changed.plan)
    }

    /// Records that a model implements a plan.
    ///
    /// Another model than the one before, or the same at another effort, is a handoff.
    fn take_implementer(
        &self,
        seen: &Plan,
        (hash, agent): (CommitId, &str),
        model: &ModelName,
        at: i64,
    ) -> Result<Plan, Error> {
        let changed = self.change(seen, "hand off", |plan| {
            let is_current = plan.hash == hash
                && matches!(plan.state, PlanState::Approved | PlanState::Implementing);
            if !is_current {
                return Ok(false);
            }
            let planner = plan.planner.as_ref().map(|planner| &planner.model);
            let is_known = plan.handoffs().any(|(_, to, _)| is_same(to, model))
                || (plan.implementer().is_none() && planner.is_some_and(|one| is_same(one, model)));
            if is_known && plan.state == PlanState::Implementing {
                return Ok(false);
            }
            plan.state = PlanState::Implementing;
            if !is_known {
                let from = plan.implementer().or(planner).cloned();
                let scope = plan.approved().unwrap_or(Scope::Whole);
                let action = PlanAction::HandedOff { from, to: model.clone(), scope };
                plan.add(at, Actor::Automation { agent: agent.to_owned() }, action);
            }
            Ok(true)
        })?;
        Ok(changed.plan)
    }

    /// Begins the version that a correction is.
    fn take_correction(&self, told: &AgentPlan, seen: &Plan, reason: &str) -> Result<Plan, Error> {
        let first = told.written.as_ref().unwrap_or(&told.text);
        let hash = self.hash(first)?;
        let by = Actor::Automation { agent: told.agent.clone() };
        let changed = self.change(seen, "escalate", |plan| {
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
        Ok(changed.plan)
    }
}
