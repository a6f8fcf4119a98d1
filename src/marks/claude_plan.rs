//! The plan that Claude Code's hooks put under a message: `Claude-Plan:` and `<claude-plan>`.

use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind, Phase};

/// Reads the opening of a plan; its text is a quotation, and no other reader sees it.
pub(super) struct ClaudePlan;

impl Reader for ClaudePlan {
    fn kind(&self) -> MarkKind {
        "claude-plan"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["claude-plan:"]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines {
            if line.text.eq_ignore_ascii_case("claude-plan:") {
                let mark = Mark::inferred(self.kind(), line.text, line.number);
                found.push(
                    mark.naming(Some("claude-code"), None).in_phase(Some(Phase::Architecture)),
                );
            }
        }
    }
}
