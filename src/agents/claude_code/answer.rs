//! Who answered: the turn of an `assistant` line, and the model it took over from.

use serde::{Deserialize, Serialize};

use super::line::{Answer, Line, Usage};
use crate::provenance::{ModelName, Tokens, Turn};

/// What stands in place of a model where the program itself wrote the answer, such as an error.
const NO_MODEL: &str = "<synthetic>";

/// A model that took over from another, as a `system` line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fallback {
    /// The model that had been asked.
    pub(super) original: String,
    /// The model that answers in its place.
    pub(super) model: String,
    /// Why: `overloaded`, `refusal`.
    pub(super) trigger: Option<String>,
}

impl Fallback {
    /// Reads a `system` line; `None` if it says something else.
    pub(super) fn read(line: &Line<'_>) -> Option<Self> {
        let subtype = line.subtype.as_deref()?;
        if !matches!(subtype, "model_fallback" | "model_refusal_fallback") {
            return None;
        }
        Some(Self {
            original: line.original_model.clone()?,
            model: line.fallback_model.clone()?,
            trigger: line.trigger.clone(),
        })
    }

    /// Says whether answers of this model still come in place of the other.
    pub(super) fn holds_for(&self, model: &str) -> bool {
        same(&self.model, model)
    }
}

fn same(one: &str, other: &str) -> bool {
    match (ModelName::parse(one), ModelName::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Returns the turn of an answer; `None` where no model answered.
pub(super) fn turn(
    line: &Line<'_>,
    answer: &Answer<'_>,
    fallback: Option<&Fallback>,
) -> Option<Turn> {
    let raw = answer.model.as_deref().filter(|model| *model != NO_MODEL)?;
    let model = ModelName::parse(raw).ok()?;
    let model = match &line.effort {
        Some(effort) => model.with_effort(effort),
        None => model,
    };
    let fallback = fallback.filter(|fallback| fallback.holds_for(raw));
    let requested = match fallback {
        Some(fallback) => Some(fallback.original.as_str()),
        None => line.requested_model.as_deref(),
    };
    let requested = requested.and_then(|requested| ModelName::parse(requested).ok());
    Some(Turn {
        requested: requested.filter(|requested| *requested != model),
        model,
        trigger: fallback.and_then(|fallback| fallback.trigger.clone()),
        answer: answer.id.clone()?,
        tokens: tokens(&answer.usage),
    })
}

fn tokens(usage: &Usage) -> Tokens {
    Tokens {
        input: usage.input_tokens.unwrap_or_default(),
        output: usage.output_tokens.unwrap_or_default(),
        cache_read: usage.cache_read_input_tokens.unwrap_or_default(),
        cache_write: usage.cache_creation_input_tokens.unwrap_or_default(),
    }
}

/// Returns the model and the tokens of the advice with this number in an answer.
pub(super) fn adviser(usage: &Usage, number: usize) -> Option<(ModelName, Tokens)> {
    let iterations = usage.iterations.as_deref().unwrap_or_default();
    let mut advice = iterations.iter().filter(|one| one.kind.as_deref() == Some("advisor_message"));
    let one = advice.nth(number)?;
    let tokens = Tokens {
        input: one.input_tokens.unwrap_or_default(),
        output: one.output_tokens.unwrap_or_default(),
        cache_read: one.cache_read_input_tokens.unwrap_or_default(),
        cache_write: one.cache_creation_input_tokens.unwrap_or_default(),
    };
    Some((ModelName::parse(one.model.as_deref()?).ok()?, tokens))
}
