//! The words of `plan.json`, apart from the types we think with.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::provenance::{
    Actor, CommitId, Grade, ModelName, Plan, PlanAction, PlanEvent, PlanId, PlanState, Planner,
    Scope,
};
use crate::store::Error;
use crate::store::plan::SCHEMA;

#[derive(Debug, Serialize, Deserialize)]
struct PlanWire {
    schema: String,
    id: String,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    state: PlanState,
    version: u32,
    /// The id that Git gives to `plan.md`.
    hash: CommitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    planner: Option<PlannerWire>,
    events: Vec<EventWire>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PlannerWire {
    #[serde(flatten)]
    model: ModelWire,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requested: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    grade: Grade,
}

#[derive(Debug, Serialize, Deserialize)]
struct ModelWire {
    model: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effort: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct EventWire {
    at: DateTime<Utc>,
    what: String,
    by: ActorWire,
    version: u32,
    hash: CommitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    steps: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    planner: Option<PlannerWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<ModelWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<ModelWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    commits: Vec<CommitId>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ActorWire {
    Person { name: String },
    Automation { agent: String },
}

/// Writes the story of a plan.
pub(super) fn render(plan: &Plan) -> String {
    let wire = PlanWire {
        schema: SCHEMA.to_owned(),
        id: plan.id.to_string(),
        title: plan.title.clone(),
        request: plan.request.clone(),
        state: plan.state,
        version: plan.version,
        hash: plan.hash,
        planner: plan.planner.as_ref().map(PlannerWire::new),
        events: plan.events.iter().map(EventWire::new).collect(),
    };
    let json = serde_json::to_string_pretty(&wire);
    json.expect("a plan has only text, numbers and lists") + "\n"
}

/// Reads the story of a plan whose text and its hash are given; also returns a version newer than ours.
///
/// A text that is not the one the story ends with was changed by another program: nobody has approved it.
pub(super) fn parse(
    id: &PlanId,
    json: &[u8],
    text: String,
    hash: CommitId,
) -> Result<(Plan, Option<String>), Error> {
    let damaged = |reason: String| Error::DamagedPlan { id: id.clone(), reason };
    let schema = schema_of(json).map_err(|error| damaged(format!("plan.json: {error}")))?;
    let first = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if first(&schema) != first(SCHEMA) {
        return Err(Error::NewerPlan { id: id.clone(), found: schema, known: SCHEMA });
    }
    let wire = serde_json::from_slice::<PlanWire>(json)
        .map_err(|error| damaged(format!("plan.json: {error}")))?;
    if wire.id != id.as_str() {
        return Err(damaged(format!("plan.json is that of {}", wire.id.escape_debug())));
    }
    if wire.events.is_empty() {
        return Err(damaged("plan.json tells no events".to_owned()));
    }
    let is_foreign = wire.hash != hash;
    let decided = matches!(wire.state, PlanState::Approved | PlanState::Implementing);
    let state = if is_foreign && decided { PlanState::Draft } else { wire.state };
    let plan = Plan {
        id: id.clone(),
        title: wire.title,
        request: wire.request,
        state,
        version: wire.version,
        text,
        hash,
        planner: wire.planner.and_then(PlannerWire::into_planner),
        events: wire.events.into_iter().map(EventWire::into_event).collect(),
    };
    Ok((plan, (schema != SCHEMA).then_some(schema)))
}

fn schema_of(json: &[u8]) -> Result<String, serde_json::Error> {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
    }
    serde_json::from_slice::<Head>(json).map(|head| head.schema)
}

impl ModelWire {
    fn new(model: &ModelName) -> Self {
        Self {
            model: model.id().to_owned(),
            name: model.display().to_owned(),
            effort: model.effort().map(str::to_owned),
        }
    }

    fn into_model(self) -> Option<ModelName> {
        let model = ModelName::parse(&self.model).ok()?;
        Some(match &self.effort {
            Some(effort) => model.with_effort(effort),
            None => model,
        })
    }
}

impl PlannerWire {
    fn new(planner: &Planner) -> Self {
        Self {
            model: ModelWire::new(&planner.model),
            requested: planner.requested.as_ref().map(|model| model.id().to_owned()),
            agent: planner.agent.clone(),
            session: planner.session.clone(),
            grade: planner.grade,
        }
    }

    fn into_planner(self) -> Option<Planner> {
        Some(Planner {
            model: self.model.into_model()?,
            requested: self.requested.and_then(|name| ModelName::parse(&name).ok()),
            agent: self.agent,
            session: self.session,
            grade: self.grade,
        })
    }
}

impl EventWire {
    fn new(event: &PlanEvent) -> Self {
        let mut wire = Self {
            at: DateTime::from_timestamp(event.at, 0).unwrap_or_default(),
            what: String::new(),
            by: match &event.by {
                Actor::Person(name) => ActorWire::Person { name: name.clone() },
                Actor::Automation { agent } => ActorWire::Automation { agent: agent.clone() },
            },
            version: event.version,
            hash: event.hash,
            steps: None,
            planner: None,
            from: None,
            to: None,
            reason: None,
            commits: Vec::new(),
        };
        let steps = |scope: &Scope| match scope {
            Scope::Whole => None,
            Scope::Part(steps) => Some(steps.to_string()),
        };
        let what = match &event.action {
            PlanAction::Created { planner } => {
                wire.planner = planner.as_ref().map(PlannerWire::new);
                "created"
            }
            PlanAction::Edited { planner } => {
                wire.planner = planner.as_ref().map(PlannerWire::new);
                "edited"
            }
            PlanAction::Approved { scope } => {
                wire.steps = steps(scope);
                "approved"
            }
            PlanAction::Rejected { reason } => {
                wire.reason = Some(reason.clone());
                "rejected"
            }
            PlanAction::HandedOff { from, to, scope } => {
                wire.from = from.as_ref().map(ModelWire::new);
                wire.to = Some(ModelWire::new(to));
                wire.steps = steps(scope);
                "handed-off"
            }
            PlanAction::Escalated { reason, to, commits } => {
                wire.reason = Some(reason.clone());
                wire.planner = to.as_ref().map(PlannerWire::new);
                wire.commits.clone_from(commits);
                "escalated"
            }
            PlanAction::Done => "done",
            PlanAction::Abandoned { reason } => {
                wire.reason.clone_from(reason);
                "abandoned"
            }
            PlanAction::Unknown => "unknown",
        };
        what.clone_into(&mut wire.what);
        wire
    }

    fn into_event(self) -> PlanEvent {
        let steps = self.steps.as_deref().and_then(|text| text.parse().ok());
        let scope = steps.map_or(Scope::Whole, Scope::Part);
        let planner = self.planner.and_then(PlannerWire::into_planner);
        let reason = self.reason;
        let to = self.to.and_then(ModelWire::into_model);
        let action = match (self.what.as_str(), to) {
            ("created", _) => PlanAction::Created { planner },
            ("edited", _) => PlanAction::Edited { planner },
            ("approved", _) => PlanAction::Approved { scope },
            ("rejected", _) => PlanAction::Rejected { reason: reason.unwrap_or_default() },
            ("handed-off", Some(to)) => {
                PlanAction::HandedOff { from: self.from.and_then(ModelWire::into_model), to, scope }
            }
            ("escalated", _) => PlanAction::Escalated {
                reason: reason.unwrap_or_default(),
                to: planner,
                commits: self.commits,
            },
            ("done", _) => PlanAction::Done,
            ("abandoned", _) => PlanAction::Abandoned { reason },
            _ => PlanAction::Unknown,
        };
        let by = match self.by {
            ActorWire::Person { name } => Actor::Person(name),
            ActorWire::Automation { agent } => Actor::Automation { agent },
        };
        PlanEvent { at: self.at.timestamp(), by, version: self.version, hash: self.hash, action }
    }
}
