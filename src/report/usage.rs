//! What answers cost, in words and as JSON.

use serde::Serialize;

use crate::format::{Fact, thousands};
use crate::provenance::{Tokens, Usage};

/// Returns the tokens of each model in each phase, one a line; `None` where nothing is known.
pub(super) fn fact(usage: &[Usage]) -> Option<Fact> {
    let lines = usage.iter().map(line).collect::<Vec<_>>();
    (!lines.is_empty()).then(|| Fact { label: "Tokens".to_owned(), lines })
}

fn line(usage: &Usage) -> String {
    let Tokens { input, output, cache_read, cache_write } = usage.tokens;
    let answers = if usage.answers == 1 { "answer" } else { "answers" };
    let effort = usage.model.effort().map(|effort| format!(" at {effort}")).unwrap_or_default();
    let mut line = format!(
        "{}{effort} ({}): {} in, {} out",
        usage.model.display(),
        usage.phase,
        thousands(input),
        thousands(output)
    );
    if cache_read + cache_write > 0 {
        line.push_str(", ");
        line.push_str(&thousands(cache_read));
        line.push_str(" from the cache, ");
        line.push_str(&thousands(cache_write));
        line.push_str(" into it");
    }
    line + &format!("; {} {answers}", thousands(u64::from(usage.answers)))
}

/// The answers of one model in one session and phase.
#[derive(Serialize)]
pub(super) struct UsageJson<'a> {
    model: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'a str>,
    phase: &'a str,
    agent: &'a str,
    session: &'a str,
    answers: u32,
    tokens: Tokens,
}

impl<'a> From<&'a Usage> for UsageJson<'a> {
    fn from(usage: &'a Usage) -> Self {
        Self {
            model: usage.model.id(),
            name: usage.model.display(),
            effort: usage.model.effort(),
            phase: usage.phase.as_str(),
            agent: &usage.agent,
            session: &usage.session,
            answers: usage.answers,
            tokens: usage.tokens,
        }
    }
}
