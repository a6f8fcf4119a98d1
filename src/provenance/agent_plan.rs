//! A plan that was made and approved in an agent.

use super::{Actor, ModelName, PlanId, Planner};

/// A plan as the sessions of an agent show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentPlan {
    /// Its id, which follows from agent, session and text; of a correction, that of the plan that it corrects.
    pub id: PlanId,
    /// The agent's id.
    pub agent: String,
    /// The text that was approved.
    pub text: String,
    /// The text that the model wrote, where a person changed it before the approval.
    pub written: Option<String>,
    /// The model that answered, and how that is known; `None` where its session is not here.
    pub planner: Option<Planner>,
    /// When it was shown: seconds since 1970.
    pub shown_at: i64,
    /// Who approved it.
    pub approved_by: Actor,
    /// When: seconds since 1970.
    pub approved_at: i64,
    /// Why it takes the place of the text before, where the session went back to planning while it implemented that.
    pub corrects: Option<String>,
    /// The models that wrote under it so far, each with the second since 1970 of its first edit.
    pub implementers: Vec<(ModelName, i64)>,
}
