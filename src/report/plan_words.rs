//! What plans are called in words and in JSON.

use serde::Serialize;

use crate::provenance::{
    Actor, ApprovedBy, CommitId, FollowedPlan, ModelName, Plan, PlanAction, Planner, Scope, Steps,
};

/// A model that had to do with a plan, as JSON documents write an origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PlannerJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'static str>,
}

/// Who did something to a plan, in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ActorJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
}

impl<'a> ActorJson<'a> {
    pub(super) fn of(actor: &'a Actor) -> Self {
        match actor {
            Actor::Person(name) => Self { kind: "person", name: Some(name), agent: None },
            Actor::Automation { agent } => {
                Self { kind: "automation", name: None, agent: Some(agent) }
            }
        }
    }
}

/// Writes a model, or that nobody is known.
pub(super) fn plan_origin(model: Option<&ModelName>) -> PlannerJson<'_> {
    PlannerJson {
        kind: if model.is_some() { "model" } else { "unknown" },
        model: model.map(ModelName::id),
        name: model.map(ModelName::display),
        effort: model.and_then(ModelName::effort),
        agent: None,
        grade: None,
    }
}

/// Writes a planner, with the agent and how it is known.
pub(super) fn planner_json(planner: Option<&Planner>) -> PlannerJson<'_> {
    PlannerJson {
        agent: planner.and_then(|planner| planner.agent.as_deref()),
        grade: planner.map(|planner| planner.grade.as_str()),
        ..plan_origin(planner.map(|planner| &planner.model))
    }
}

/// Returns a model's name, with its effort where that is known.
pub(super) fn model_words(model: &ModelName) -> String {
    match model.effort() {
        Some(effort) => format!("{} (effort {effort})", model.display()),
        None => model.display().to_owned(),
    }
}

/// Says what happened to a plan.
pub fn action_words(action: &PlanAction) -> String {
    let of = |scope: &Scope| match scope {
        Scope::Whole => String::new(),
        Scope::Part(steps) => format!(", {}", steps.in_words()),
    };
    let by = |planner: &Option<Planner>| {
        planner.as_ref().map(|planner| format!(", planned by {}", model_words(&planner.model)))
    };
    match action {
        PlanAction::Created { planner } => format!("drafted{}", by(planner).unwrap_or_default()),
        PlanAction::Edited { planner } => format!("edited{}", by(planner).unwrap_or_default()),
        PlanAction::Approved { scope } => format!("approved{}", of(scope)),
        PlanAction::Rejected { reason } => format!("rejected: {reason}"),
        PlanAction::HandedOff { from, to, scope } => {
            let from = from.as_ref().map(|from| format!("{} -> ", model_words(from)));
            format!("handed off{}, {}{}", of(scope), from.unwrap_or_default(), model_words(to))
        }
        PlanAction::Escalated { reason, to, commits } => {
            let to = to.as_ref().map(|to| format!(" to {}", model_words(&to.model)));
            let after = match commits.len() {
                0 => String::new(),
                1 => " after 1 commit".to_owned(),
                number => format!(" after {number} commits"),
            };
            format!("course correction: sent back{}{after}: {reason}", to.unwrap_or_default())
        }
        PlanAction::Done => "done".to_owned(),
        PlanAction::Abandoned { reason: Some(reason) } => format!("abandoned: {reason}"),
        PlanAction::Abandoned { reason: None } => "abandoned".to_owned(),
        PlanAction::Unknown => "something that a newer git-model knows".to_owned(),
    }
}

/// Returns the word for it in JSON.
pub(super) fn action_word(action: &PlanAction) -> &'static str {
    match action {
        PlanAction::Created { .. } => "created",
        PlanAction::Edited { .. } => "edited",
        PlanAction::Approved { .. } => "approved",
        PlanAction::Rejected { .. } => "rejected",
        PlanAction::HandedOff { .. } => "handed-off",
        PlanAction::Escalated { .. } => "escalated",
        PlanAction::Done => "done",
        PlanAction::Abandoned { .. } => "abandoned",
        PlanAction::Unknown => "unknown",
    }
}

/// Returns the command that gets plans from where others keep them.
pub fn how_to_get_plans() -> &'static str {
    "if somebody shares it: git fetch REMOTE 'refs/model/plans/*:refs/model/plans/*'"
}

/// Says of a commit which plan it followed; the plan is given where it is here.
pub fn followed_words(followed: &FollowedPlan, plan: Option<&Plan>) -> Vec<String> {
    let version = format!("version {}", followed.version);
    let steps = followed.steps.as_ref().map_or_else(|| "all of it".to_owned(), Steps::in_words);
    let grade = followed.grade.as_str();
    let Some(plan) = plan else {
        let by = match followed.approved_by {
            Some(ApprovedBy::Person) => ", approved by a person",
            Some(ApprovedBy::Automation) => ", approved by automation",
            None => "",
        };
        return vec![
            format!("{}, {version}, {steps}{by}; {grade}; its text is not here", followed.id),
            how_to_get_plans().to_owned(),
        ];
    };
    let title = format!("{} \"{}\", {version}, {steps}; {grade}", followed.id, plan.title);
    let approver = approvers(plan, followed.version, followed.hash);
    std::iter::once(title).chain(approver.map(|by| format!("approved by {by}"))).collect()
}

/// Returns who approved a version of a plan, each once.
fn approvers(plan: &Plan, version: u32, hash: CommitId) -> Option<String> {
    let mut names = Vec::<String>::new();
    let own = plan.events.iter().filter(|event| event.version == version && event.hash == hash);
    for event in own.filter(|event| matches!(event.action, PlanAction::Approved { .. })) {
        let name = event.by.to_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// A plan that a commit followed, in JSON.
#[derive(Debug, Serialize)]
pub(super) struct FollowedJson<'a> {
    id: &'a str,
    version: u32,
    hash: CommitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<ApprovedBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<String>,
    grade: &'static str,
}

pub(super) fn followed_json<'p>(
    plans: impl IntoIterator<Item = &'p FollowedPlan>,
) -> Vec<FollowedJson<'p>> {
    plans
        .into_iter()
        .map(|plan| FollowedJson {
            id: plan.id.as_str(),
            version: plan.version,
            hash: plan.hash,
            approved_by: plan.approved_by,
            steps: plan.steps.as_ref().map(ToString::to_string),
            grade: plan.grade.as_str(),
        })
        .collect()
}
