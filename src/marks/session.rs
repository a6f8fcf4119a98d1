//! Links and ids of an agent's sessions: `Claude-Session:`, `Amp-Thread-ID:`, `Agent-Logs-Url:`.

use super::lines::trailer;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

/// Tool, key, and what its value must hold.
const KEYS: [(&str, &str, &str); 8] = [
    ("claude-code", "claude-session", ""),
    ("claude-code", "claude-session-id", ""),
    ("amp", "amp-thread-id", "T-"),
    ("amp", "amp-thread", "T-"),
    ("copilot", "copilot-session", "-"),
    ("copilot", "agent-logs-url", "/sessions/"),
    ("lovable", "x-lovable-edit-id", "edt-"),
    ("codex", "codex-session", ""),
];

/// Tool, and what an address starts with that stands alone on a line.
const LINKS: [(&str, &str); 5] = [
    ("claude-code", "https://claude.ai/code/session_"),
    ("claude-code", "https://claude.ai/code/"),
    ("claude", "https://claude.ai/share/"),
    ("claude", "https://claude.ai/chat/"),
    ("amp", "https://ampcode.com/threads/T-"),
];

/// The address in the line that Copilot Workspace puts under a message.
const WORKSPACE: &str = "https://copilot-workspace.githubnext.com/";

/// Reads ids and links of sessions.
pub(super) struct Session;

impl Reader for Session {
    fn kind(&self) -> MarkKind {
        "session"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[
            "claude-session",
            "amp-thread",
            "copilot-session",
            "agent-logs-url",
            "x-lovable-edit-id",
            "codex-session",
            "replit-commit-",
            "https://claude.ai/",
            "https://ampcode.com/threads/",
            WORKSPACE,
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (index, line) in lines.iter().enumerate() {
            let tool = match trailer(lines, index) {
                Some((key, value)) if !key.eq_ignore_ascii_case("https") => of_trailer(key, &value),
                _ => of_link(line.text),
            };
            found.extend(tool.map(|tool| {
                Mark::inferred(self.kind(), line.text, line.number).naming(Some(tool), None)
            }));
        }
    }
}

fn of_trailer(key: &str, value: &str) -> Option<&'static str> {
    // Replit stamps the commits of people too.
    if key.eq_ignore_ascii_case("replit-commit-author") {
        return matches!(value, "Agent" | "Assistant").then_some("replit");
    }
    let fits = |one: &&(&str, &str, &str)| {
        key.eq_ignore_ascii_case(one.1) && !value.is_empty() && value.contains(one.2)
    };
    KEYS.iter().find(fits).map(|(tool, _, _)| *tool)
}

fn of_link(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(['<', '>', '(', ')', '_']);
    if text.contains(WORKSPACE) && text.contains("[Copilot Workspace session](") {
        return Some("copilot");
    }
    let fits = |one: &&(&str, &str)| {
        text.strip_prefix(one.1).is_some_and(|id| {
            !id.is_empty()
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
    };
    LINKS.iter().find(fits).map(|(tool, _)| *tool)
}
