//! Trailers of other tools that record agents: Entire, Semantica, Agentnote, Gas Town; signatures of agents.

use super::lines::trailer;
use super::names;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

/// Keys that only an agent's session leaves.
const KEYS: [&str; 7] = [
    "entire-checkpoint",
    "entire-session",
    "entire-strategy",
    "semantica-checkpoint",
    "agentnote-session",
    "agent-session",
    "ai-prompt",
];

/// The longest name of an agent in a signature, in bytes, and the most words of the person's name.
const LONGEST_AGENT: usize = 60;
const MOST_WORDS: usize = 4;

/// Reads the trailers of capture tools.
pub(super) struct Capture;

impl Reader for Capture {
    fn kind(&self) -> MarkKind {
        "capture"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[
            "entire-",
            "semantica-checkpoint",
            "agentnote-session",
            "agent-session",
            "ai-prompt",
            "agent-signature",
            "executed-by",
            "accepted, ",
            " on behalf of ",
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (index, line) in lines.iter().enumerate() {
            let mut add = |pair: names::Pair| {
                let mark = Mark::inferred(self.kind(), line.text, line.number);
                found.push(mark.naming(pair.0, pair.1));
            };
            let statistics = line.text.trim_start_matches(|c: char| !c.is_alphanumeric());
            if is_statistics(statistics) {
                add((None, None));
                continue;
            }
            let Some((key, value)) = trailer(lines, index) else {
                signature(line.text).into_iter().for_each(add);
                continue;
            };
            let is = |one: &str| key.eq_ignore_ascii_case(one);
            if is("executed-by") && is_gas_town(&value) {
                add((Some("gastown"), None));
            } else if is("agent-signature") {
                let name = value.split(" on behalf of ").next().unwrap_or_default();
                names::read(name).into_iter().for_each(add);
            } else if is("entire-agent") {
                names::read(&value).into_iter().for_each(add);
            } else if KEYS.iter().any(|one| is(one)) && !value.is_empty() {
                add((None, None));
            }
        }
    }
}

/// Reads `_codex-gpt-5.5-medium on behalf of Ada_`: a line of its own, in italics or with the name of a model.
fn signature(text: &str) -> Vec<names::Pair> {
    let is_italic = text.starts_with(['_', '*']) && text.ends_with(['_', '*']);
    let inner = text.trim_matches(['_', '*']);
    let Some((agent, person)) = inner.split_once(" on behalf of ") else { return Vec::new() };
    if agent.len() > LONGEST_AGENT || person.split(' ').count() > MOST_WORDS {
        return Vec::new();
    }
    // What stands in brackets is the agent's part or place; no effort leaves its hyphen behind.
    let name = agent.split(" (").next().unwrap_or(agent).trim_end_matches('-');
    let pairs = names::read(name);
    let has_model = pairs.iter().any(|(_, model)| model.is_some());
    if is_italic || has_model { pairs } else { Vec::new() }
}

/// `RIG/ROLE/NAME`, or the name of an agent of the whole town.
fn is_gas_town(value: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    matches!(value, "mayor" | "deacon") || (value.contains('/') && value.split('/').all(is_word))
}

/// `AI: 1160 accepted, 0 generated, waited 18m`, as git-ai writes into messages.
fn is_statistics(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("AI: ") else { return false };
    let mut words = rest.split(' ');
    let is_count = |word: Option<&str>| {
        word.is_some_and(|word| word.parse::<u64>().is_ok_and(|count| count > 0))
    };
    is_count(words.next()) && words.next() == Some("accepted,")
}
