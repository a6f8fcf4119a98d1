//! What `git model status` says of plans: where the plan stands, whose turn it is, and what went wrong.

use chrono::{DateTime, Local};
use serde::Serialize;

use crate::format::{Fact, counted};
use crate::provenance::{
    MistakeKind, ModelName, Origin, Phase, Plan, PlanAction, PlanEvent, PlanState,
};
use crate::report::plan_words::{PlannerJson, model_words, plan_origin, planner_json};

/// The plan that the work is about, and what became of it.
#[derive(Debug, Clone)]
pub struct PlanStatus {
    /// The plan.
    pub plan: Plan,
    /// How many commits followed it.
    pub commits: usize,
}

/// Whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// `planner`, `implementer` or `reviewer`.
    pub role: &'static str,
    /// The model that has it; `None` where nobody said.
    pub model: Option<ModelName>,
}

/// A mistake in who does what, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MistakeLine {
    /// Which one.
    pub kind: MistakeKind,
    /// What it is about.
    pub text: String,
}

/// Returns the phase that a plan is in, in a word.
pub fn phase_of(plan: &Plan) -> Phase {
    match plan.state {
        PlanState::Draft | PlanState::Rejected => Phase::Architecture,
        _ => Phase::Implementation,
    }
}

impl PlanStatus {
    pub(super) fn fact(&self) -> Fact {
        let plan = &self.plan;
        let mut lines = vec![format!(
            "{} \"{}\", version {}, {}",
            plan.id,
            plan.title,
            plan.version,
            state(plan)
        )];
        let mut planned = plan.planner.as_ref().map_or_else(
            || "planner unknown".to_owned(),
            |one| format!("planned by {}", model_words(&one.model)),
        );
        if let Some(requested) =
            plan.planner.as_ref().and_then(|planner| planner.requested.as_ref())
        {
            planned.extend([" (", requested.display(), " was asked)"]);
        }
        let approval = plan.approvals().next();
        let agent = plan.planner.as_ref().and_then(|planner| planner.agent.as_deref());
        let place = agent.map(|agent| format!(", in {agent}")).unwrap_or_default();
        lines.push(match approval {
            Some((event, _)) => {
                format!("{planned}; approved by {} {}{place}", event.by, time(event))
            }
            None => format!("{planned}; not approved (git model approve {})", plan.id),
        });
        let mut parts = Vec::new();
        if let Some((event, to, _)) = plan.handoffs().next() {
            parts.push(format!("handed off to {} {}", model_words(to), time(event)));
        } else if plan.state == PlanState::Approved {
            parts.push(format!("not handed off (git model handoff {})", plan.id));
        }
        for (number, noun) in [(self.commits, "commit"), (plan.escalations(), "course correction")]
        {
            parts.extend((number > 0).then(|| counted(number, noun)));
        }
        lines.extend((!parts.is_empty()).then(|| parts.join("; ")));
        Fact { label: "Plan".to_owned(), lines }
    }
}

fn state(plan: &Plan) -> String {
    let sent_back = plan.events.iter().rev().take_while(|event| event.version == plan.version);
    let reason =
        sent_back.filter(|_| plan.state == PlanState::Draft).find_map(|event| {
            match &event.action {
                PlanAction::Escalated { reason, .. } => Some(reason),
                _ => None,
            }
        });
    match reason {
        Some(reason) => format!("draft, sent back: {reason}"),
        None => plan.state.as_str().to_owned(),
    }
}

fn time(event: &PlanEvent) -> String {
    let at = DateTime::from_timestamp(event.at, 0).unwrap_or_default().with_timezone(&Local);
    at.format("%Y-%m-%d %H:%M").to_string()
}

impl Due {
    /// Says it in a few words.
    pub(super) fn words(&self) -> String {
        match &self.model {
            Some(model) => format!("{} ({})", model.display(), self.role),
            None => format!("the {}", self.role),
        }
    }
}

/// The plan in JSON.
#[derive(Debug, Serialize)]
pub(super) struct PlanStatusJson<'a> {
    id: &'a str,
    title: &'a str,
    state: &'static str,
    version: u32,
    planner: PlannerJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    implementer: Option<PlannerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<crate::provenance::ApprovedBy>,
    commits: usize,
    course_corrections: usize,
}

impl<'a> From<&'a PlanStatus> for PlanStatusJson<'a> {
    fn from(status: &'a PlanStatus) -> Self {
        let plan = &status.plan;
        Self {
            id: plan.id.as_str(),
            title: &plan.title,
            state: plan.state.as_str(),
            version: plan.version,
            planner: planner_json(plan.planner.as_ref()),
            implementer: plan.implementer().map(|model| plan_origin(Some(model))),
            approved_by: plan.approved_by(),
            commits: status.commits,
            course_corrections: plan.escalations(),
        }
    }
}

/// Whose turn it is, in JSON.
#[derive(Debug, Serialize)]
pub(super) struct DueJson<'a> {
    role: &'static str,
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> From<&'a Due> for DueJson<'a> {
    fn from(due: &'a Due) -> Self {
        let model = due.model.as_ref();
        Self {
            role: due.role,
            model: model.map(ModelName::id),
            name: model.map(ModelName::display),
        }
    }
}

/// A mistake in JSON.
#[derive(Debug, Serialize)]
pub(super) struct MistakeJson<'a> {
    kind: &'static str,
    text: &'a str,
    setting: &'static str,
}

impl<'a> From<&'a MistakeLine> for MistakeJson<'a> {
    fn from(line: &'a MistakeLine) -> Self {
        Self { kind: line.kind.as_str(), text: &line.text, setting: line.kind.key() }
    }
}

/// Returns mistakes for people; the setting that silences each stands behind it.
pub(super) fn mistakes(lines: &[MistakeLine]) -> Fact {
    let line = |one: &MistakeLine| format!("{} (git config {} false)", one.text, one.kind.key());
    Fact { label: "Mistakes".to_owned(), lines: lines.iter().map(line).collect() }
}

/// Returns what fits into a shell's prompt: the phase and whose turn it is, else who is declared.
pub fn short(plan: Option<&Plan>, due: Option<&Due>, declared: Option<&Origin>) -> String {
    let who = due.map(|due| match &due.model {
        Some(model) => model.display().to_owned(),
        None => due.role.to_owned(),
    });
    match (plan, who) {
        (Some(plan), Some(who)) => format!("{} {who}", phase_of(plan)),
        _ => match declared {
            Some(Origin::Model { model, .. }) => model.display().to_owned(),
            Some(Origin::Human) => "human".to_owned(),
            Some(Origin::Unknown) | None => String::new(),
        },
    }
}
