//! Branches with an agent's prefix, in the subject of a merge. Weak: the merge itself is a person's.

use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

/// Reads `Merge pull request #1 from owner/copilot/...` and `Merge branch 'claude/...'`.
pub(super) struct Branch;

impl Reader for Branch {
    fn kind(&self) -> MarkKind {
        "branch"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["merge pull request #", "merge branch '", "merge remote-tracking branch '"]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        let Some(line) = lines.first() else { return };
        if let Some(tool) = merged(line.text).and_then(tool_of) {
            let mark = Mark::inferred(self.kind(), line.text, line.number);
            found.push(mark.naming(Some(tool), None).as_weak());
        }
    }
}

/// Returns the branch that is merged, without the owner or remote.
fn merged(subject: &str) -> Option<&str> {
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        let (_, branch) = rest.split_once(" from ")?;
        return branch.split(' ').next()?.split_once('/').map(|(_, branch)| branch);
    }
    if let Some(rest) = subject.strip_prefix("Merge remote-tracking branch '") {
        return rest.split('\'').next()?.split_once('/').map(|(_, branch)| branch);
    }
    subject.strip_prefix("Merge branch '")?.split('\'').next()
}

/// Returns the tool of a branch. `feat/gemini-x` is work about Gemini; only a first part counts.
fn tool_of(branch: &str) -> Option<&'static str> {
    let (prefix, rest) = branch.split_once('/')?;
    let (_, tail) = rest.rsplit_once('-').unwrap_or(("", rest));
    let is_hash = tail.len() == 4 && tail.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_time = rest
        .split('-')
        .next()
        .is_some_and(|time| time.len() == 10 && time.bytes().all(|byte| byte.is_ascii_digit()));
    match prefix {
        "copilot" => Some("copilot"),
        "codex" => Some("codex"),
        "claude" => Some("claude-code"),
        "cursor" if is_hash => Some("cursor"),
        "devin" if has_time => Some("devin"),
        "polecat" => Some("gastown"),
        _ => None,
    }
}
