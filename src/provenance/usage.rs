//! What the answers of models cost.

use super::{ModelName, Phase, Tokens};

/// The answers of one model in one session and phase: how many, and their tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The id of the agent.
    pub agent: String,
    /// The agent's name of the session.
    pub session: String,
    /// The model that answered.
    pub model: ModelName,
    /// What it was doing: planning, writing, or giving advice.
    pub phase: Phase,
    /// The number of answers; an answer of several parts is one.
    pub answers: u32,
    /// Their tokens together.
    pub tokens: Tokens,
}

impl Usage {
    /// Says whether two are of the same model, at the same effort, in the same session and phase.
    pub fn is_like(&self, other: &Self) -> bool {
        self.session == other.session
            && self.phase == other.phase
            && self.model == other.model
            && self.model.effort() == other.model.effort()
            && self.agent == other.agent
    }

    /// Adds usage to a list, to what it is like.
    pub fn add_to(self, list: &mut Vec<Self>) {
        match list.iter_mut().find(|known| known.is_like(&self)) {
            Some(known) => {
                known.answers = known.answers.saturating_add(self.answers);
                known.tokens.add(self.tokens);
            }
            None => list.push(self),
        }
    }
}
