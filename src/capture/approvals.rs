//! Which plans sessions were to follow: approved there, opened with, or handed over by id.

use std::collections::HashSet;

use crate::capture::followed::Sessions;
use crate::provenance::{
    Actor, AgentPlan, ApprovedBy, Grade, ModelName, PlanId, Planner, PromptId, SessionId,
};
use crate::store::{ContentId, KeptAction, KeptEvent, KeptTurn, plan};

/// A plan that a session is to follow.
#[derive(Debug, Clone)]
pub(super) struct Approval<'e> {
    /// The plan.
    pub(super) plan: PlanId,
    /// The session in which it is to be followed.
    pub(super) session: &'e SessionId,
    /// The prompt under which it was approved; `None` for a session that opened with it.
    pub(super) prompt: Option<&'e PromptId>,
    /// When it was approved: milliseconds since 1970.
    pub(super) at: i64,
    /// The agent.
    pub(super) agent: &'e str,
    /// What an agent's sessions tell of it; `None` where only its id was handed over.
    pub(super) made: Option<Made<'e>>,
}

/// A plan that a session made.
#[derive(Debug, Clone)]
pub(super) struct Made<'e> {
    /// That session.
    pub(super) session: &'e SessionId,
    /// The answer with the plan, where it is here.
    pub(super) planner: Option<&'e KeptTurn>,
    /// The text that was approved.
    pub(super) text: ContentId,
    /// The text that the model wrote.
    first: ContentId,
    /// When it was shown: milliseconds since 1970.
    shown_at: i64,
    by: ApprovedBy,
    /// It takes the place of the plan that the session was implementing.
    is_correction: bool,
}

impl Sessions {
    /// Returns the approvals, oldest first.
    pub(super) fn approvals(&self) -> Vec<Approval<'_>> {
        let mut approvals = Vec::<Approval<'_>>::new();
        for event in &self.events {
            let Some((made, prompt)) = self.made(event) else {
                approvals.extend(handed(event));
                continue;
            };
            let before = approvals.iter().rev().find(|one| one.session == made.session);
            let corrected = before.filter(|before| self.went_back(before, &made, event.at));
            let plan = if let Some(before) = corrected {
                before.plan.clone()
            } else {
                let Some(text) = self.texts.get(&made.first) else { continue };
                plan::id_of_session(&event.agent, &made.session.0, text)
            };
            let made = Made { is_correction: corrected.is_some(), ..made };
            approvals.push(Approval {
                plan,
                session: &event.session,
                prompt,
                at: event.at,
                agent: &event.agent,
                made: Some(made),
            });
        }
        approvals
    }

    /// Reads an event as the approval of a plan that a session made.
    fn made<'e>(&'e self, event: &'e KeptEvent) -> Option<(Made<'e>, Option<&'e PromptId>)> {
        let is_correction = false;
        match &event.what {
            KeptAction::PlanApproved { text, written, by } => {
                let shown = self.shown_in(&event.session, event.at);
                let made = Made {
                    session: &event.session,
                    planner: event.turn.as_ref(),
                    text: *text,
                    first: written.unwrap_or(*text),
                    shown_at: shown.map_or(event.at, |shown| shown.at),
                    by: *by,
                    is_correction,
                };
                Some((made, event.prompt.as_ref()))
            }
            KeptAction::OpenedWithPlan { text, from, by } => {
                let shown = self.shown(*text, from.as_ref(), event.at);
                let first = shown.map_or(*text, |(_, text)| text);
                let shown = shown.map(|(shown, _)| shown);
                let made = Made {
                    session: shown
                        .map_or(from.as_ref().unwrap_or(&event.session), |one| &one.session),
                    planner: shown.and_then(|shown| shown.turn.as_ref()),
                    text: *text,
                    first,
                    shown_at: shown.map_or(event.at, |shown| shown.at),
                    by: *by,
                    is_correction,
                };
                Some((made, event.prompt.as_ref()))
            }
            _ => None,
        }
    }

    /// Finds where a plan was shown that another session opened with: in the session it names, else by its text.
    fn shown(
        &self,
        text: ContentId,
        from: Option<&SessionId>,
        at: i64,
    ) -> Option<(&KeptEvent, ContentId)> {
        let earlier = self.events.iter().rev().filter(|event| event.at <= at);
        let shown = earlier.filter_map(|event| match event.what {
            KeptAction::PlanShown { text } => Some((event, text)),
            _ => None,
        });
        let of_session = shown.clone().find(|(event, _)| Some(&event.session) == from);
        of_session.or_else(|| shown.clone().find(|(_, shown)| *shown == text))
    }

    fn shown_in(&self, session: &SessionId, at: i64) -> Option<&KeptEvent> {
        let earlier = self.events.iter().rev().filter(|event| event.at <= at);
        let mut shown = earlier.filter(|event| matches!(event.what, KeptAction::PlanShown { .. }));
        shown.find(|event| event.session == *session)
    }

    /// Says whether a session went back to planning in the middle of implementing a plan, and came out with this one.
    ///
    /// It was in the middle as long as what it wrote under the plan was not committed.
    fn went_back(&self, before: &Approval<'_>, made: &Made<'_>, at: i64) -> bool {
        let back = self.events.iter().find(|event| {
            event.session == *made.session
                && event.at > before.at
                && event.at <= at
                && matches!(event.what, KeptAction::PlanModeEntered | KeptAction::PlanShown { .. })
        });
        let back = back.map_or(at, |back| back.at);
        let own = self.edits.iter().filter(|edit| edit.session == *made.session);
        let last = own.map(|edit| edit.at).filter(|edit| (before.at..back).contains(edit)).max();
        last.is_some_and(|last| !self.commits.iter().any(|commit| (last..back).contains(commit)))
    }

    /// Says whether any plan was made and approved.
    pub(super) fn has_agent_plans(&self) -> bool {
        self.events.iter().any(|event| self.made(event).is_some())
    }

    /// Returns the plans that agents made and that were approved there; a person's name is that of Git's identity here.
    pub(super) fn agent_plans(&self, person: &str) -> Vec<AgentPlan> {
        let approvals = self.approvals();
        let plans = approvals.iter().filter_map(|one| self.agent_plan(one, person));
        plans.collect()
    }

    fn agent_plan(&self, approval: &Approval<'_>, person: &str) -> Option<AgentPlan> {
        let made = approval.made.as_ref()?;
        let text = |id: ContentId| self.texts.get(&id).cloned();
        let automation = || Actor::Automation { agent: approval.agent.to_owned() };
        Some(AgentPlan {
            id: approval.plan.clone(),
            agent: approval.agent.to_owned(),
            text: text(made.text)?,
            written: (made.first != made.text).then(|| text(made.first)).flatten(),
            planner: made.planner.and_then(|turn| planner(approval.agent, made.session, turn)),
            shown_at: made.shown_at.div_euclid(1000),
            approved_by: match made.by {
                ApprovedBy::Person => Actor::Person(person.to_owned()),
                ApprovedBy::Automation => automation(),
            },
            approved_at: approval.at.div_euclid(1000),
            corrects: made.is_correction.then(|| "back to plan mode while implementing".to_owned()),
            implementers: self.implementers(approval),
        })
    }

    /// Returns the models that wrote under an approval, each with the second of its first edit.
    fn implementers(&self, approval: &Approval<'_>) -> Vec<(ModelName, i64)> {
        let own = self.edits.iter().filter(|edit| {
            edit.session == *approval.session
                && edit.prompt.as_ref() == approval.prompt
                && edit.at >= approval.at
                && !edit.in_plan_mode
        });
        let mut seen = HashSet::new();
        let told = own.filter_map(|edit| Some((model(edit.turn.as_ref()?)?, edit.at / 1000)));
        told.filter(|(model, _)| {
            seen.insert((model.id().to_owned(), model.effort().map(str::to_owned)))
        })
        .collect()
    }
}

/// Reads an event that hands a plan over by its id.
fn handed(event: &KeptEvent) -> Option<Approval<'_>> {
    let KeptAction::TookPlan { plan } = &event.what else { return None };
    Some(Approval {
        plan: plan.parse().ok()?,
        session: &event.session,
        prompt: event.prompt.as_ref(),
        at: event.at,
        agent: &event.agent,
        made: None,
    })
}

/// Returns the model of an answer, with its effort.
pub(super) fn model(turn: &KeptTurn) -> Option<ModelName> {
    let model = ModelName::parse(&turn.model).ok()?;
    Some(match &turn.effort {
        Some(effort) => model.with_effort(effort),
        None => model,
    })
}

fn planner(agent: &str, session: &SessionId, turn: &KeptTurn) -> Option<Planner> {
    Some(Planner {
        model: model(turn)?,
        requested: turn.requested.as_deref().and_then(|name| ModelName::parse(name).ok()),
        agent: Some(agent.to_owned()),
        session: Some(session.to_string()),
        grade: Grade::Observed,
    })
}
