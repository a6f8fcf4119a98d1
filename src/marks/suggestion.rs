//! Accepted suggestions of an AI: `Apply suggestion from @Copilot`, `Copilot suggested change`.

use super::reader::{Line, Reader};
use super::tools;
use crate::provenance::{CommitText, Mark, MarkKind, Phase};

/// All that such a line holds beside the name of the tool.
const WORDS: [&str; 25] = [
    "accept",
    "accepted",
    "apply",
    "applied",
    "applying",
    "update",
    "updates",
    "updated",
    "use",
    "suggestion",
    "suggestions",
    "suggested",
    "change",
    "changes",
    "fix",
    "fixes",
    "code",
    "from",
    "by",
    "the",
    "a",
    "commit",
    "per",
    "edit",
    "edits",
];

/// Longer lines say more than that.
const LONGEST: usize = 100;

/// Reads lines that are nothing but the news that a suggestion was taken.
pub(super) struct Suggestion;

impl Reader for Suggestion {
    fn kind(&self) -> MarkKind {
        "suggestion"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["suggestion", "suggested"]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines.iter().filter(|line| line.text.len() <= LONGEST) {
            let Some(name) = read_line(line.text) else { continue };
            let tool = tools::find(&name);
            if tool.is_some() || name == "ai" {
                let mark = Mark::inferred(self.kind(), line.text, line.number);
                let phase = Phase::Other("suggestion".to_owned());
                found.push(mark.naming(tool, None).in_phase(Some(phase)));
            }
        }
    }
}

/// Returns the name in such a line, in lower case.
fn read_line(text: &str) -> Option<String> {
    let text = text.split(" (#").next().unwrap_or(text);
    // `fix: apply copilot suggestion`
    let text = match text.split_once(": ") {
        Some((prefix, rest)) if !prefix.contains(' ') => rest,
        _ => text,
    };
    let mut name = String::new();
    let mut suggests = false;
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        suggests |= word.starts_with("suggest");
        if !word.is_empty() && !WORDS.contains(&word.as_str()) {
            name.push_str(&word);
            name.push(' ');
        }
    }
    let name = name.trim().trim_end_matches("[bot").trim_end_matches("'s");
    (suggests && !name.is_empty()).then(|| name.to_owned())
}
