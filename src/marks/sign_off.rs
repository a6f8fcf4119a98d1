//! `Signed-off-by:` and its like with an agent as the person.

use super::co_author::read_person;
use super::lines::trailer;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

const KEYS: [&str; 5] =
    ["signed-off-by", "co-developed-by", "developed-by", "written-by", "authored-by"];

/// Reads `Signed-off-by:` and `Co-developed-by:` that name an agent.
pub(super) struct SignOff;

impl Reader for SignOff {
    fn kind(&self) -> MarkKind {
        "sign-off"
    }

    fn needles(&self) -> &'static [&'static str] {
        // The names and not the keys: half of the world's commits are signed off by people.
        &[
            "by: claude",
            "by: codex",
            "by: gemini",
            "by: copilot",
            "by: github copilot",
            "by: openai",
            "by: gpt",
            "by: cursor",
            "by: amp",
            "noreply@anthropic.com",
            "codex@openai.com",
            "noreply@openai.com",
            "cursoragent@cursor.com",
            "copilot@users.noreply.github.com",
            "[bot]@users.noreply.github.com",
            "amp@ampcode.com",
            "crush@charm.land",
            "aider@aider.chat",
            "opencode.ai",
            "openhands@all-hands.dev",
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (index, line) in lines.iter().enumerate() {
            let Some((key, value)) = trailer(lines, index) else { continue };
            if KEYS.iter().any(|one| key.eq_ignore_ascii_case(one)) {
                found.extend(read_person(&value).into_iter().map(|(tool, model)| {
                    Mark::inferred(self.kind(), line.text, line.number).naming(tool, model)
                }));
            }
        }
    }
}
