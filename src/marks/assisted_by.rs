//! `Assisted-by:` and `Generated-by:` in their many forms.
//!
//! The Linux kernel's `AGENT:MODEL [TOOLS]` and its later `LLM [TOOLS]`, spec-kit's
//! `TOOL (model: X, autonomous)`, `MODEL via TOOL`, a tool or a model alone, Apache's free lists.

use super::co_author::read_person;
use super::lines::trailer;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind};

const KEYS: [&str; 3] = ["assisted-by", "generated-by", "claude-generated-by"];

/// Values that say an AI took part without naming one.
const UNNAMED: [&str; 4] = ["llm", "ai", "generic llm", "generic llm chatbot"];

/// Reads `Assisted-by:` and `Generated-by:`; a person or `none` is no mark.
pub(super) struct AssistedBy;

impl Reader for AssistedBy {
    fn kind(&self) -> MarkKind {
        "assisted-by"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["assisted-by", "generated-by"]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (index, line) in lines.iter().enumerate() {
            let Some((key, value)) = trailer(lines, index) else { continue };
            if !KEYS.iter().any(|one| key.eq_ignore_ascii_case(one)) {
                continue;
            }
            let mut pairs = read_person(&value);
            let subject = value.split('[').next().unwrap_or_default().trim().to_ascii_lowercase();
            if pairs.is_empty() && UNNAMED.contains(&subject.as_str()) {
                pairs.push((None, None));
            }
            found.extend(pairs.into_iter().map(|(tool, model)| {
                Mark::inferred(self.kind(), line.text, line.number).naming(tool, model)
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{Identity, ModelName};

    fn read(value: &str) -> Vec<String> {
        let message = format!("Assisted-by: {value}");
        let nobody = Identity::default();
        let text = CommitText { author: nobody, committer: nobody, message: &message };
        let mut found = Vec::new();
        AssistedBy.read(&text, &[Line { number: 1, text: &message, is_item: false }], &mut found);
        let word = |mark: &Mark| {
            let model = mark.model.as_ref().map_or("-", ModelName::raw);
            format!("{} {model}", mark.tool.unwrap_or("-"))
        };
        found.iter().map(word).collect()
    }

    #[test]
    fn the_forms_of_projects_are_read() {
        assert_eq!(read("Claude:claude-opus-5 [Claude Code]"), ["claude-code claude-opus-5"]);
        assert_eq!(read("Gemini:gemini-2.5-pro coccinelle"), ["gemini gemini-2.5-pro"]);
        assert_eq!(read("LLM [sparse]"), ["- -"]);
        assert_eq!(read("opencode (model: glm-5.2, supervised)"), ["opencode glm-5.2"]);
        assert_eq!(read("GLM-5 via Crush <crush@charm.land>"), ["crush GLM-5"]);
        assert_eq!(read("Claude Code (Opus 5)"), ["claude-code Opus 5"]);
        assert_eq!(read("OpenAI Codex"), ["codex -"]);
        assert_eq!(read("Fable 5"), ["- Fable 5"]);
    }

    #[test]
    fn a_person_and_none_are_no_marks() {
        assert_eq!(read("Ada Byron <ada@example.com>"), [""; 0]);
        assert_eq!(read("Claude <claude@example.com>"), [""; 0]);
        assert_eq!(read("adabyron on github"), [""; 0]);
        assert_eq!(read("none"), [""; 0]);
    }
}
