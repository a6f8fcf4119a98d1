//! Tags in square brackets: `[AI:claude:high]` before a subject, `[claude-code/2.1.3]` anywhere.

use super::reader::{Line, Reader};
use super::tools;
use crate::provenance::{CommitText, Mark, MarkKind};

/// The most brackets that are looked at in a line.
const MOST: usize = 8;

/// Reads `[AI:TOOL:CONFIDENCE]` and `[TOOL/VERSION]`.
pub(super) struct Tag;

impl Reader for Tag {
    fn kind(&self) -> MarkKind {
        "tag"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[
            "[ai:",
            "[claude",
            "[codex",
            "[copilot",
            "[github copilot",
            "[cursor",
            "[gemini",
            "[aider",
            "[opencode",
            "[crush",
            "[amp",
            "[openai codex",
            "[chatgpt",
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines {
            for inside in line.text.split('[').skip(1).take(MOST) {
                let Some((inside, _)) = inside.split_once(']') else { continue };
                let Some(tool) = read_tag(inside, line.text.starts_with('[')) else { continue };
                let mark = Mark::inferred(self.kind(), line.text, line.number);
                found.push(mark.naming(Some(tool), None));
            }
        }
    }
}

fn read_tag(inside: &str, is_first: bool) -> Option<&'static str> {
    let is_ai = inside.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ai:"));
    if is_ai && is_first {
        return tools::find(inside[3..].split(':').next()?);
    }
    let (name, version) = inside.rsplit_once('/')?;
    if tools::is_version(version) { tools::find(name) } else { None }
}
