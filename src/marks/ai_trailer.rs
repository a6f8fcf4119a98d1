//! Trailers made for AI: `AI-Assisted:`, `AI-Tool:`, `AI-Model:`, `AI-Role:`, `Harness-Model:`.

use super::lines::trailer;
use super::names;
use super::reader::{Line, Reader};
use super::{roles, tools};
use crate::provenance::{CommitText, Mark, MarkKind, Phase};

/// Keys that say by themselves that an AI took part.
const KEYS: [&str; 17] = [
    "ai-assisted",
    "ai-assisted-by",
    "ai-assistant",
    "ai-assistance",
    "ai-agent",
    "ai-author",
    "ai-co-author",
    "ai-generated",
    "ai-generated-by",
    "ai-harness",
    "ai-model",
    "ai-tool",
    "ai-tools",
    "ai-usage",
    "ai-used",
    "harness-model",
    "llm-model",
];

/// Keys that say which part the models of the lines around them had.
const ROLE_KEYS: [&str; 2] = ["ai-role", "ai-phase"];

/// Values that say that there was none.
const NO: [&str; 9] = ["no", "none", "false", "n/a", "na", "not used", "0", "never", "nothing"];

/// Reads trailers whose key speaks of AI, and lines such as `claude-code:fable-5.1#high (reviewer)`.
pub(super) struct AiTrailer;

impl Reader for AiTrailer {
    fn kind(&self) -> MarkKind {
        "ai-trailer"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[
            "ai-a",
            "ai-co-",
            "ai-g",
            "ai-h",
            "ai-m",
            "ai-t",
            "ai-u",
            "harness-model",
            "llm-model",
            "ai model:",
            "claude-code:",
            "claude:",
            "codex:",
            "opencode:",
            "copilot:",
            "cursor:",
            "gemini-cli:",
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        let first = found.len();
        let mut role: Option<(usize, Vec<Phase>)> = None;
        for (index, line) in lines.iter().enumerate() {
            let Some((key, value)) = trailer(lines, index) else {
                self.add_line(*line, found);
                continue;
            };
            let is = |one: &str| key.eq_ignore_ascii_case(one);
            if ROLE_KEYS.iter().any(|one| is(one)) {
                role = Some((
                    line.number,
                    value.split([',', '+', '/']).filter_map(roles::of_title).collect(),
                ));
            } else if KEYS.iter().any(|one| is(one)) {
                self.add(*line, &value, found);
            } else if is("model") && names::model(&value).is_some() && is_in_block(lines, index) {
                self.push(*line, &value, found);
            } else if tools::find(key).is_some() {
                self.add_line(*line, found);
            }
        }
        if let Some((number, phases)) = role {
            add_phases(number, &phases, first, found);
        }
    }
}

impl AiTrailer {
    fn add(&self, line: Line<'_>, value: &str, found: &mut Vec<Mark>) {
        let word = value.trim().trim_end_matches('.').to_ascii_lowercase();
        let is_no =
            NO.contains(&word.as_str()) || word.starts_with("no ") || word.starts_with("none ");
        if word.is_empty() || is_no {
            return;
        }
        self.push(line, value, found);
    }

    /// Reads a line that is nothing but `TOOL:MODEL` and roles.
    fn add_line(&self, line: Line<'_>, found: &mut Vec<Mark>) {
        let name = line.text.split('(').next().unwrap_or_default().trim();
        let Some((tool, model)) = name.split_once(':') else { return };
        let is_one = !model.is_empty() && !model.contains(char::is_whitespace);
        if is_one && tools::find(tool).is_some() && names::model(model).is_some() {
            self.push(line, line.text, found);
        }
    }

    fn push(&self, line: Line<'_>, value: &str, found: &mut Vec<Mark>) {
        let phases = roles::in_brackets(value);
        let name = if phases.is_empty() {
            value
        } else {
            value.rsplit_once('(').map_or(value, |(name, _)| name)
        };
        let mut pairs = names::read(name);
        if pairs.is_empty() {
            pairs.push((None, None));
        }
        for (tool, model) in pairs {
            let mark = Mark::inferred(self.kind(), line.text, line.number).naming(tool, model);
            if phases.is_empty() {
                found.push(mark);
            } else {
                found.extend(phases.iter().map(|phase| mark.clone().in_phase(Some(phase.clone()))));
            }
        }
    }
}

/// Whether a line stands in a block about an AI: below `AI Model:`, or a key whose value is a tool.
fn is_in_block(lines: &[Line<'_>], index: usize) -> bool {
    lines[index.saturating_sub(3)..index].iter().any(|line| {
        let text = line.text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let is_tool = |value: &str| tools::find(value).is_some();
        text.eq_ignore_ascii_case("ai model:")
            || text.split_once(": ").is_some_and(|(_, value)| is_tool(value))
    })
}

/// Gives the phases of a role trailer to the marks of the lines right above and below it.
fn add_phases(number: usize, phases: &[Phase], first: usize, found: &mut Vec<Mark>) {
    let Some(phase) = phases.first() else { return };
    let mut more = Vec::new();
    for mark in &mut found[first..] {
        if mark.phase.is_none() && mark.line.abs_diff(number) <= 3 {
            mark.phase = Some(phase.clone());
            more.extend(phases[1..].iter().map(|phase| mark.clone().in_phase(Some(phase.clone()))));
        }
    }
    found.extend(more);
}
