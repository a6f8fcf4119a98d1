//! Trailers whose key says what an AI did: `Planned-By:`, `Implemented-By:`, `Reviewed-by:`.

use super::co_author::read_person;
use super::lines::trailer;
use super::reader::{Line, Reader};
use super::{roles, tools};
use crate::provenance::{CommitText, Mark, MarkKind, Phase};

/// What stands before `-by` in a key, and the word for the phase.
const KEYS: [(&str, &str); 24] = [
    ("planned", "architecture"),
    ("plan", "architecture"),
    ("designed", "architecture"),
    ("architected", "architecture"),
    ("architecture", "architecture"),
    ("implemented", "implementation"),
    ("implementation", "implementation"),
    ("coded", "implementation"),
    ("built", "implementation"),
    ("reviewed", "review"),
    ("review", "review"),
    ("orchestrated", "supervision"),
    ("supervised", "supervision"),
    ("coordinated", "supervision"),
    ("suggested", "suggestion"),
    ("tests", "tests"),
    ("tests-written", "tests"),
    ("documented", "docs"),
    ("docs", "docs"),
    ("researched", "research"),
    ("debugged", "debugging"),
    ("commit-generated", "commit-message"),
    ("commit-message", "commit-message"),
    ("advised", "advice"),
];

/// Names of roles that stand alone as a key: `Planner: Opus 5.5`.
const TITLES: [&str; 8] = [
    "planner",
    "architect",
    "implementer",
    "implementor",
    "coder",
    "reviewer",
    "orchestrator",
    "advisor",
];

/// Reads trailers that name an AI and its part in one.
pub(super) struct RoleTrailer;

impl Reader for RoleTrailer {
    fn kind(&self) -> MarkKind {
        "role-trailer"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[
            "planned-by",
            "plan-by",
            "designed-by",
            "architected-by",
            "architecture-by",
            "implemented-by",
            "implementation-by",
            "coded-by",
            "built-by",
            "reviewed-by",
            "review-by",
            "orchestrated-by",
            "supervised-by",
            "coordinated-by",
            "suggested-by",
            "tests-by",
            "tests-written-by",
            "documented-by",
            "docs-by",
            "researched-by",
            "debugged-by",
            "generated-by",
            "message-by",
            "advised-by",
            "planner:",
            "architect:",
            "implementer:",
            "implementor:",
            "coder:",
            "reviewer:",
            "orchestrator:",
            "advisor:",
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (index, line) in lines.iter().enumerate() {
            let Some((key, value)) = trailer(lines, index) else { continue };
            let Some((phase, tool_of_key)) = read_key(key) else { continue };
            let mut phases = vec![phase];
            for phase in roles::in_brackets(&value) {
                if !phases.contains(&phase) {
                    phases.push(phase);
                }
            }
            let mut pairs = read_value(&value);
            if let (true, Some(tool)) = (pairs.is_empty(), tool_of_key) {
                pairs.push((Some(tool), None));
            }
            for (tool, model) in pairs {
                for phase in &phases {
                    let mark = Mark::inferred(self.kind(), line.text, line.number);
                    found.push(mark.naming(tool, model.clone()).in_phase(Some(phase.clone())));
                }
            }
        }
    }
}

/// Returns the phase of a key, and the tool that stands before it: `Codex-Reviewed-By`.
fn read_key(key: &str) -> Option<(Phase, Option<&'static str>)> {
    let key = key.to_ascii_lowercase();
    if TITLES.contains(&key.as_str()) {
        return Some((roles::of_title(&key)?, None));
    }
    let work = key.strip_suffix("-by")?;
    let phase_of = |work: &str| KEYS.iter().find(|(one, _)| *one == work).map(|(_, word)| *word);
    if let Some(word) = phase_of(work) {
        return Some((Phase::parse(word)?, None));
    }
    let (tool, work) = work.rsplit_once('-')?;
    Some((Phase::parse(phase_of(work)?)?, Some(tools::find(tool)?)))
}

/// Reads a name with what follows it in brackets left aside, where it says a role or a verdict.
fn read_value(value: &str) -> Vec<super::names::Pair> {
    // `AI+claude@anthropic.com`: a way to write that the reviewer is none of the people there.
    if let Some((tool, _)) = value.strip_prefix("AI+").and_then(|rest| rest.split_once('@')) {
        let tool = if tool == "claude" { Some("claude-code") } else { tools::find(tool) };
        return tool.map(|tool| (Some(tool), None)).into_iter().collect();
    }
    read_person(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_the_phase() {
        let word = |key| read_key(key).map(|(phase, tool)| (phase.to_string(), tool));
        assert_eq!(word("Planned-By"), Some(("architecture".into(), None)));
        assert_eq!(word("Codex-Reviewed-By"), Some(("review".into(), Some("codex"))));
        assert_eq!(word("Reviewer"), Some(("review".into(), None)));
        assert_eq!(word("Signed-off-by"), None);
        assert_eq!(word("Reported-by"), None);
    }
}
