//! What must be known of the part of a session file that was read before: it stands in the cursor.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::answer::Fallback;
use super::tool::Tool;
use crate::provenance::{ModelName, Tokens, Turn};

/// Calls whose result is still to come; more can only be leftovers of a crash.
const MOST_CALLS: usize = 512;

/// The state of a session at the end of the part that was read.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// The session, once a line named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    /// The latest prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prompt: Option<String>,
    /// Whether it plans.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) plans: bool,
    /// The latest answer, which may go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<String>,
    /// The pieces of advice in the latest answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) advice: usize,
    /// The model that answers in place of another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fallback: Option<Fallback>,
    /// The command that a person typed and that no model has answered yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
    /// The commands, skills and helpers at work under the latest prompt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ran: Vec<String>,
    /// The calls whose result is still to come, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) calls: Vec<Call>,
}

/// A call whose result is still to come.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) tool: Tool,
    pub(super) turn: StoredTurn,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) prompt: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_plan_mode: bool,
    /// The plan that it showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) plan: Option<String>,
    /// The kind of helper that it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) helper: Option<String>,
    /// Whether it was to go on in the background.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_background: bool,
    /// What a file tool was given, where its result will not say it again: in a helper's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) input: Option<Box<RawValue>>,
}

/// A turn as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredTurn {
    model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effort: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requested: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trigger: Option<String>,
    answer: String,
    tokens: Tokens,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Memory {
    /// Notes a call.
    pub(super) fn expect(&mut self, call: Call) {
        if self.calls.len() >= MOST_CALLS {
            self.calls.remove(0);
        }
        self.calls.push(call);
    }

    /// Says whether a call with this id is waited for.
    pub(super) fn expects(&self, id: &[u8]) -> bool {
        self.calls.iter().any(|call| call.id.as_bytes() == id)
    }

    /// Takes a call whose result came.
    pub(super) fn take(&mut self, id: &str) -> Option<Call> {
        let index = self.calls.iter().position(|call| call.id == id)?;
        Some(self.calls.remove(index))
    }

    /// Notes a prompt.
    pub(super) fn prompted(&mut self, prompt: &str) {
        if self.prompt.as_deref() != Some(prompt) {
            self.prompt = Some(prompt.to_owned());
            self.ran.clear();
        }
    }
}

impl StoredTurn {
    pub(super) fn new(turn: &Turn) -> Self {
        Self {
            model: turn.model.raw().to_owned(),
            effort: turn.model.effort().map(str::to_owned),
            requested: turn.requested.as_ref().map(|model| model.raw().to_owned()),
            trigger: turn.trigger.clone(),
            answer: turn.answer.clone(),
            tokens: turn.tokens,
        }
    }

    /// Returns the turn again; `None` if the name is none, as in a cursor that somebody edited.
    pub(super) fn turn(self) -> Option<Turn> {
        let model = ModelName::parse(&self.model).ok()?;
        Some(Turn {
            model: match &self.effort {
                Some(effort) => model.with_effort(effort),
                None => model,
            },
            requested: self.requested.and_then(|model| ModelName::parse(&model).ok()),
            trigger: self.trigger,
            answer: self.answer,
            tokens: self.tokens,
        })
    }
}
