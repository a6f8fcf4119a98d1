//! The chats that Aider wrote into messages in 2023.

use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

/// Reads a chat: `USER: ...` and `ASSISTANT: ...`. The subject `aider: ...` is an area of code too, and no mark.
pub(super) struct AiderChat;

impl Reader for AiderChat {
    fn kind(&self) -> MarkKind {
        "aider-chat"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["assistant: "]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        let opens = |start: &'static str| move |line: &Line<'_>| line.text.starts_with(start);
        let Some(user) = lines.iter().position(opens("USER: ")) else { return };
        if lines[user..].iter().any(opens("ASSISTANT: ")) {
            let mark = Mark::inferred(self.kind(), lines[user].text, lines[user].number);
            found.push(mark.naming(Some("aider"), None));
        }
    }
}
