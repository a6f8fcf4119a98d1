//! Running text that says what an AI did: `Plan by Fable 5`, `Claude implemented it`, hand-overs.
//!
//! General rules, not phrases: a name of an AI, a verb of making beside it in the right order, and a
//! subject that is this change. Conditions, rules, denials and work about a tool are no claims.

mod claim;
mod handoff;
mod mention;
mod sentence;
mod words;

use std::cell::OnceCell;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use self::claim::Judge;
pub(super) use self::mention::{Party, parties};
pub(super) use self::sentence::{Sentence, Token, sentences};
pub(super) use self::words::phases;
use super::lines::key_length;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Mark, MarkKind, Phase};

/// Of these, every name of a tool or model in running text holds one.
pub(super) const NAMES: [&str; 60] = [
    "claude",
    "codex",
    "copilot",
    "chatgpt",
    "gpt-",
    "gpt ",
    "gpt4",
    "gpt5",
    "gemini",
    "opus",
    "sonnet",
    "haiku",
    "fable",
    "mythos",
    "by cursor",
    "with cursor",
    "using cursor",
    "via cursor",
    "cursor ai",
    "cursor agent",
    "devin ",
    "aider",
    "opencode",
    "by amp",
    "with amp",
    "using amp",
    "amp wrote",
    "amp was",
    "amp did",
    "used amp",
    "had amp",
    "amp assisted",
    "deepseek",
    "kimi",
    "qwen",
    "grok",
    "glm-",
    "glm ",
    "ai assistance",
    "ai assisted",
    "by ai",
    "with ai",
    "used ai",
    "some ai",
    "ai was",
    "ai helped",
    "ai wrote",
    "ai did",
    "llms",
    "an llm",
    "an ai",
    "of ai",
    "ai-",
    "by jules",
    "warp agent",
    "zed ai",
    "junie",
    "windsurf",
    "pr-pilot",
    "karigor",
];

static AUTOMATON: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(NAMES).ok());

/// Reads sentences.
pub(super) struct Prose;

/// The lines of a message, with what is asked again at every sentence.
struct Message<'m, 'a> {
    lines: &'m [Line<'a>],
    is_revert: OnceCell<bool>,
}

impl Reader for Prose {
    fn kind(&self) -> MarkKind {
        "prose"
    }

    fn needles(&self) -> &'static [&'static str] {
        &NAMES
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        let message = Message { lines, is_revert: OnceCell::new() };
        let mut from = 0;
        while from < lines.len() {
            let to = end_of_paragraph(lines, from);
            let is_prompt = is_prompt(lines[from].text);
            if !is_prompt && lines[from..to].iter().any(|line| may_name(line.text)) {
                self.read_paragraph(&message, (from, to), found);
            }
            from = to;
        }
    }
}

impl Prose {
    fn read_paragraph(
        &self,
        message: &Message<'_, '_>,
        (from, to): (usize, usize),
        found: &mut Vec<Mark>,
    ) {
        let lines = message.lines;
        let mut start = from;
        // Trailers are other readers' matter, and end the sentence before them.
        for place in from..=to {
            if place == to || is_trailer(lines[place]) {
                if start < place {
                    for sentence in sentences(lines, start, place) {
                        self.read_sentence(message, &sentence, found);
                    }
                }
                start = place + 1;
            }
        }
    }

    fn read_sentence(
        &self,
        message: &Message<'_, '_>,
        sentence: &Sentence<'_>,
        found: &mut Vec<Mark>,
    ) {
        let lines = message.lines;
        let parties = parties(&sentence.tokens);
        if parties.is_empty() {
            return;
        }
        if let Some(parts) = handoff::parts(sentence, &parties) {
            for (place, phase) in parts {
                self.add(lines, sentence, &parties[place], &[phase], found);
            }
            return;
        }
        let judge = Judge { sentence, is_revert: message.is_revert() };
        for (place, party) in parties.iter().enumerate() {
            if judge.claims(party) && (!is_asking(sentence) || has_prompt(lines)) {
                let phases = phases(&clause_of(sentence, &parties, place));
                self.add(lines, sentence, party, &phases, found);
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

impl Message<'_, '_> {
    fn is_revert(&self) -> bool {
        *self.is_revert.get_or_init(|| self.lines.iter().any(is_revert))
    }
}

/// Returns the words of the clauses that speak of a party: from the party before it to the next.
///
/// Names are left out (`Claude Code` is no code), and so are clauses in which a person did it.
pub(super) fn clause_of<'a>(
    sentence: &Sentence<'a>,
    parties: &[Party<'_>],
    place: usize,
) -> Vec<Token<'a>> {
    let tokens = &sentence.tokens;
    let party = &parties[place];
    let low = if place == 0 { 0 } else { parties[place - 1].end };
    let high = parties.get(place + 1).map_or(tokens.len(), |next| next.start);
    // Words between two parties belong to the one behind, where a clause begins between them.
    let low = (low..party.start)
        .find(|at| place > 0 && (tokens[*at].is_break() || tokens[*at].is("and")))
        .unwrap_or(low);
    let mut kept = Vec::new();
    let mut start = low;
    for at in low..=high {
        if at < high && !(tokens[at].is_break() || tokens[at].is_any(&["but", "while"])) {
            continue;
        }
        let clause = &tokens[start..at];
        let holds_party = (start..at).contains(&party.start);
        if holds_party || !is_by_person(clause) {
            let words = (start..at)
                .filter(|one| party.is_compound() || !(party.start..party.end).contains(one));
            kept.extend(words.map(|one| tokens[one]));
        }
        start = at;
    }
    kept
}

/// Whether the clause says what a person did: `I reviewed and tested it`.
pub(super) fn is_by_person(clause: &[Token<'_>]) -> bool {
    const DONE: [&str; 4] = ["asked", "had", "let", "used"];
    clause
        .iter()
        .take(4)
        .any(|token| token.is_any(&["i", "we", "i've", "myself", "reviewed", "tested", "human"]))
        && !clause.iter().any(|token| token.is_any(&DONE))
        || clause.iter().any(|token| token.is_any(&["myself", "manually", "human-driven"]))
}

/// Whether a line says which commit is taken back: `This partially reverts 0123abc, so that`.
fn is_revert(line: &Line<'_>) -> bool {
    let mut words = line.text.split(' ');
    let says = words.any(|word| {
        ["revert", "reverts", "reverting"].iter().any(|one| word.eq_ignore_ascii_case(one))
    });
    let id = words.find(|word| *word != "commit").unwrap_or_default();
    let id = id.trim_end_matches(|c: char| c.is_ascii_punctuation());
    says && (7..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_asking(sentence: &Sentence<'_>) -> bool {
    sentence.is_subject && sentence.tokens[0].is_any(&["ask", "asked"])
}

fn has_prompt(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| is_prompt(line.text))
}

/// Whether a line opens a quoted prompt.
pub(super) fn is_prompt(text: &str) -> bool {
    let lower = text.get(..24.min(text.len())).unwrap_or_default().to_ascii_lowercase();
    ["prompt:", "prompts:", "additional prompt:", "ai-prompt:", "user:", "prompt used:"]
        .iter()
        .any(|opening| lower.starts_with(opening))
}

/// Whether a line may name an AI; most lines do not, and need no closer look.
pub(super) fn may_name(text: &str) -> bool {
    AUTOMATON.as_ref().is_none_or(|automaton| automaton.is_match(text))
}

pub(super) fn end_of_paragraph(lines: &[Line<'_>], from: usize) -> usize {
    let mut to = from + 1;
    while to < lines.len()
        && lines[to].number == lines[to - 1].number + 1
        && lines[to - 1].number != 1
    {
        to += 1;
    }
    to
}

/// Whether a line is a trailer such as `Signed-off-by:`: its key has a hyphen and no blank.
fn is_trailer(line: Line<'_>) -> bool {
    let (key, rest) = line.text.split_at(key_length(line.text));
    line.number > 1
        && rest.starts_with(": ")
        && (key.contains('-')
            || ["author", "commit", "date", "model", "role", "rig"]
                .iter()
                .any(|one| key.eq_ignore_ascii_case(one)))
        && !key.to_ascii_lowercase().starts_with("ai-assisted")
}
