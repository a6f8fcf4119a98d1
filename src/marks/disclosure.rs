//! Paragraphs in which contributors disclose the help of AI: `AI disclosure: ...`, `## AI Usage`.

use super::prose::{
    self, Party, Sentence, clause_of, end_of_paragraph, is_by_person, parties, phases, sentences,
};
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind, Phase};

/// What such a paragraph is headed by, after `AI` or `LLM`.
const HEADS: [&str; 17] = [
    "disclosure",
    "disclosures",
    "usage",
    "use",
    "disclaimer",
    "disclaimers",
    "note",
    "notes",
    "statement",
    "assistance",
    "attribution",
    "tools",
    "declaration",
    "closure",
    "involvement",
    "contribution",
    "disclose",
];

/// Longer paragraphs are other text; it also bounds the work.
const MOST_LINES: usize = 40;

/// A sentence of so few words completes the one before it.
const MOST_ASIDE: usize = 3;

/// Reads disclosures; one that denies is no mark.
pub(super) struct Disclosure;

impl Reader for Disclosure {
    fn kind(&self) -> MarkKind {
        "disclosure"
    }

    fn needles(&self) -> &'static [&'static str] {
        &[
            "disclos",
            "disclaimer",
            "ai usage",
            "ai use",
            "llm usage",
            "ai:",
            "ai note",
            "llm note",
            "ai assistance",
            "ai statement",
            "ai tools",
            "ai attribution",
            "ai involvement",
            "ai closure",
            "ai contribution",
            "ai-assisted",
            "ai-generated",
            "ai declaration",
        ]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (place, line) in lines.iter().enumerate() {
            if line.number == 1 {
                continue;
            }
            let Some(rest) = heading(line.text) else { continue };
            let mut body = Vec::new();
            let from = if rest.is_empty() {
                place + 1
            } else {
                body.push(Line { text: rest, ..*line });
                place + 1
            };
            // A heading alone speaks of the paragraph below it.
            let continues = lines
                .get(from)
                .is_some_and(|next| rest.is_empty() || next.number == line.number + 1);
            if continues {
                // Bounded before it is looked for: a message can be one paragraph of headings.
                let near = &lines[..lines.len().min(from + MOST_LINES)];
                let to = end_of_paragraph(near, from);
                let text = lines[from..to].iter().take(MOST_LINES).take_while(|line| {
                    !line.text.starts_with('#')
                        && !prose::is_prompt(line.text)
                        && heading(line.text).is_none()
                });
                body.extend(text.copied());
            }
            self.read_body(&body, *line, found);
        }
    }
}

impl Disclosure {
    fn read_body(&self, body: &[Line<'_>], heading: Line<'_>, found: &mut Vec<Mark>) {
        let said = sentences(body, 0, body.len());
        let before = found.len();
        let mut is_denied = false;
        let mut says = false;
        for sentence in &said {
            if denies(sentence) {
                is_denied = true;
                continue;
            }
            says = true;
            let parties = parties(&sentence.tokens);
            // `Claude Code (Opus 5). Tests only.`
            if parties.is_empty() && sentence.tokens.len() <= MOST_ASIDE {
                let more = phases_of(&sentence.tokens);
                let last = found.get(before..).and_then(<[Mark]>::last).cloned();
                let marks = last.iter().flat_map(|last| {
                    more.iter().map(|phase| last.clone().in_phase(Some(phase.clone())))
                });
                found.extend(marks);
            }
            for place in 0..parties.len() {
                let clause = clause_of(sentence, &parties, place);
                let is_denied = clause.iter().any(|token| token.is_any(&["not", "n't", "without"]))
                    && clause.len() < 6;
                if !is_denied && !parties[place].is_generic() {
                    self.add(body, sentence, &parties[place], &phases_of(&clause), found);
                }
            }
        }
        if found.len() == before && says && !is_denied {
            let words: Vec<_> =
                said.iter().flat_map(|sentence| sentence.tokens.iter().copied()).collect();
            let phases = if is_by_person(&words) { Vec::new() } else { phases_of(&words) };
            let mark = Mark::inferred(self.kind(), heading.text, heading.number);
            if phases.is_empty() {
                found.push(mark);
            } else {
                found.extend(phases.iter().map(|phase| mark.clone().in_phase(Some(phase.clone()))));
            }
        }
    }

    fn add(
        &self,
        lines: &[Line<'_>],
        sentence: &Sentence<'_>,
        party: &Party<'_>,
        phases: &[Phase],
        found: &mut Vec<Mark>,
    ) {
        let line = &lines[sentence.tokens[party.start].line];
        for (tool, model) in party.pairs() {
            let mark = Mark::inferred(self.kind(), line.text, line.number).naming(tool, model);
            if phases.is_empty() {
                found.push(mark);
            } else {
                found.extend(phases.iter().map(|phase| mark.clone().in_phase(Some(phase.clone()))));
            }
        }
    }
}

/// The parts that a disclosure names; there, a review is the AI's too.
fn phases_of(clause: &[prose::Token<'_>]) -> Vec<Phase> {
    let mut phases = phases(clause);
    let reviews =
        clause.iter().any(|token| token.is_any(&["review", "reviewing", "judging", "audit"]));
    if reviews && !phases.contains(&Phase::Review) {
        phases.push(Phase::Review);
    }
    phases
}

/// Whether a sentence says that no AI took part.
fn denies(sentence: &Sentence<'_>) -> bool {
    let tokens = &sentence.tokens;
    let first = &tokens[0];
    if first.is_any(&["none", "no", "n/a", "nothing", "not", "never", "na"]) {
        return true;
    }
    let is_ai = |place: usize| {
        tokens
            .iter()
            .skip(place)
            .take(3)
            .any(|token| token.is_any(&["ai", "llm", "llms", "used", "use", "ai-generated"]))
    };
    tokens.iter().enumerate().any(|(place, token)| {
        (token.is_any(&["no", "without", "didn't", "not", "zero"]) && is_ai(place + 1))
            || token.is("hand-crafted")
    })
}

/// Returns what follows the heading of a disclosure on its line; `None` for other lines.
pub(super) fn heading(text: &str) -> Option<&str> {
    let is_ornament = |c: char| matches!(c, '#' | '*' | '_' | '>' | ' ' | '-');
    let text = text.trim_start_matches(is_ornament);
    let text = text.strip_prefix("<details><summary>").unwrap_or(text);
    let lower: String = text.chars().take(60).collect::<String>().to_ascii_lowercase();
    for alone in ["disclosure:", "disclosures:", "disclaimer:", "full disclosure:"] {
        if lower.starts_with(alone) {
            let rest = text[alone.len()..].trim_matches(is_ornament);
            return prose::may_name(rest).then_some(rest);
        }
    }
    let behind = ["ai", "llm", "genai", "a.i."].iter().find_map(|word| lower.strip_prefix(word))?;
    let at = lower.len() - behind.len();
    if let Some(colon) = behind.strip_prefix(':') {
        return (colon.starts_with([' ', '*', '_'])
            && text.starts_with(|c: char| c.is_ascii_uppercase()))
        .then(|| text[at + 1..].trim_matches(is_ornament))
        .filter(|rest| !rest.is_empty() && !rest.contains(" accepted, "));
    }
    let assisted =
        ["-assisted:", "-assisted.", "-assisted ("].iter().any(|word| behind.starts_with(word));
    if assisted {
        // `AI-assisted (Codex worker)`; the trailer `AI-assisted:` is another reader's.
        return (!behind.starts_with("-assisted:"))
            .then(|| text[at + "-assisted".len()..].trim_matches(is_ornament))
            .filter(|rest| rest.len() > 1);
    }
    let behind = behind.strip_prefix([' ', '-'])?;
    let word: String = behind.chars().take_while(char::is_ascii_alphabetic).collect();
    if !HEADS.contains(&word.as_str()) {
        return None;
    }
    // To the colon, or nothing but the heading.
    let rest = &text[lower.len() - behind.len() + word.len()..];
    match rest.split_once(':') {
        Some((between, rest)) if between.split_whitespace().count() <= 4 => {
            Some(rest.trim_matches(is_ornament))
        }
        _ => {
            let rest = rest
                .trim_matches(|c: char| is_ornament(c) || c == ':')
                .trim_end_matches("</summary>");
            let is_whole = ["", "disclosure", "used", "usage", "statement", "note"]
                .iter()
                .any(|word| rest.eq_ignore_ascii_case(word));
            is_whole.then_some("")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found() {
        assert_eq!(heading("**AI usage:** Test writing"), Some("Test writing"));
        assert_eq!(heading("## AI Usage Disclosure"), Some(""));
        assert_eq!(heading("AI disclosure per `AI_POLICY.md`: I used it"), Some("I used it"));
        assert_eq!(
            heading("AI: Claude Code (claude-sonnet-4). Tests."),
            Some("Claude Code (claude-sonnet-4). Tests.")
        );
        assert_eq!(
            heading("> **AI Disclosure**: Claude Code for research"),
            Some("Claude Code for research")
        );
        assert_eq!(heading("Disclosure: the form was wrong"), None);
        assert_eq!(heading("ai: add a command"), None);
        assert_eq!(heading("AI usage policy for contributions"), None);
        assert_eq!(heading("AI disclosure requirements are tightened"), None);
    }
}
