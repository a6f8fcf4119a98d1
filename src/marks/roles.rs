//! Words for parts in the work, and the phase that each stands for.

use crate::provenance::Phase;

/// Returns the phase of what somebody is called: `orchestrator`, `reviewer`, `implementer`.
pub(super) fn of_title(word: &str) -> Option<Phase> {
    let word = word.trim().to_ascii_lowercase();
    let phase = match word.as_str() {
        "architect" | "planner" | "designer" | "planning" | "architecture" | "plan" | "design" => {
            Phase::Architecture
        }
        "implementer" | "implementor" | "coder" | "builder" | "worker" | "engineer"
        | "developer" | "implementation" | "coding" | "code" | "executor" => Phase::Implementation,
        "reviewer" | "review" | "critic" => Phase::Review,
        "advisor" | "adviser" | "advice" => Phase::Advice,
        "orchestrator" | "supervisor" | "coordinator" | "manager" | "lead" | "pm"
        | "orchestration" | "supervision" | "supervised" => Phase::Other("supervision".to_owned()),
        "tester" | "tests" | "testing" => Phase::Other("tests".to_owned()),
        "docs" | "documentation" | "documenter" => Phase::Other("docs".to_owned()),
        "researcher" | "research" => Phase::Other("research".to_owned()),
        "debugger" | "debugging" => Phase::Other("debugging".to_owned()),
        _ => return None,
    };
    Some(phase)
}

/// Returns the phases that the last pair of brackets lists: `(orchestrator, reviewer)`.
pub(super) fn in_brackets(value: &str) -> Vec<Phase> {
    let inside = value.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let Some((_, inside)) = inside else { return Vec::new() };
    inside.split([',', '+', '/', '&']).filter_map(of_title).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_list_phases() {
        let words = |value| in_brackets(value).iter().map(Phase::to_string).collect::<Vec<_>>();
        assert_eq!(
            words("claude-code:fable-5.1#high (orchestrator, reviewer)"),
            ["supervision", "review"]
        );
        assert_eq!(words("codex (gpt-5.5)"), [""; 0]);
        assert_eq!(words("codex"), [""; 0]);
    }
}
