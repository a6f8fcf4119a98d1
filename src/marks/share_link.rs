//! A link to a shared chat. It names a tool beside another mark, and proves nothing alone.

use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

const LINKS: [(&str, &str); 4] = [
    ("chatgpt", "https://chatgpt.com/share/"),
    ("chatgpt", "https://chat.openai.com/share/"),
    ("codex", "https://chatgpt.com/codex/tasks/"),
    ("codex", "https://chatgpt.com/s/cd_"),
];

/// Reads links to shared chats.
pub(super) struct ShareLink;

impl Reader for ShareLink {
    fn kind(&self) -> MarkKind {
        "share-link"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["https://chatgpt.com/", "https://chat.openai.com/share/"]
    }

    fn stands_alone(&self) -> bool {
        false
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines {
            for (tool, link) in LINKS {
                if line.text.contains(link) {
                    let mark = Mark::inferred(self.kind(), line.text, line.number);
                    found.push(mark.naming(Some(tool), None));
                }
            }
        }
    }
}
