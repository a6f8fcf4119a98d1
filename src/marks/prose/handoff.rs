//! Who had which part, said shortly: `Plan by Fable 5`, `Implementation: Sonnet`, `Opus (architecture)`,
//! `Planning phase complete (Opus). HANDOFF: Switching to Sonnet 3.5 for implementation.`

use super::mention::Party;
use super::sentence::{Sentence, Token};
use super::words::{IF, NOT};
use crate::marks::roles;
use crate::provenance::Phase;

/// Words beside a part and its model that change nothing.
const FILLERS: [&str; 22] = [
    "phase",
    "stage",
    "step",
    "complete",
    "completed",
    "done",
    "finished",
    "handoff",
    "hand-off",
    "the",
    "by",
    "from",
    "to",
    "for",
    "of",
    "spike",
    "and",
    "now",
    "was",
    "over",
    "off",
    "with",
];

/// Words that say that the work went to another model.
const SWITCHES: [&str; 10] = [
    "switching",
    "switched",
    "handing",
    "handed",
    "handoff",
    "hand-off",
    "handover",
    "moving",
    "moved",
    "passed",
];

/// Returns the parties with their parts, by place; `None` where the sentence says no such thing.
pub(super) fn parts(sentence: &Sentence<'_>, parties: &[Party<'_>]) -> Option<Vec<(usize, Phase)>> {
    let tokens = &sentence.tokens;
    if tokens.iter().any(|token| token.is_any(NOT) || token.is_any(IF)) {
        return None;
    }
    let mut parts = Vec::new();
    for (place, party) in parties.iter().enumerate() {
        if party.is_generic() {
            continue;
        }
        let found = by(tokens, party)
            .or_else(|| completed(tokens, party))
            .or_else(|| label(sentence, party))
            .or_else(|| switched(tokens, party))
            .or_else(|| used_for(tokens, party));
        match found {
            Some(phase) => parts.push((place, phase)),
            None => parts.extend(titled(tokens, party).into_iter().map(|phase| (place, phase))),
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// `Plan by Fable 5`, `Architecture designed by Opus`, `Research spike by Claude`: at the start of a clause.
fn by(tokens: &[Token<'_>], party: &Party<'_>) -> Option<Phase> {
    let preposition = party.start.checked_sub(1).filter(|place| tokens[*place].is("by"))?;
    let start =
        (0..preposition).rev().find(|place| tokens[*place].is_break()).map_or(0, |place| place + 1);
    let words = &tokens[start..preposition];
    let (first, rest) = words.split_first()?;
    let is_short = rest.iter().all(|token| {
        token.is_any(&FILLERS)
            || token.is_any(&["designed", "written", "done", "made", "drafted", "created"])
    });
    if !is_short || words.len() > 4 {
        return None;
    }
    // `Review by Codex` on a line of its own is said of this change; `review` amid text is not.
    let ends = tokens
        .get(party.end)
        .is_none_or(|token| token.is_break() || token.is_any(&["on", "for", "of", "in", "using"]));
    let phase = part(*first).filter(|_| ends)?;
    (phase != Phase::Review || (start == 0 && party.end == tokens.len())).then_some(phase)
}

/// `Planning phase complete (Opus).`
fn completed(tokens: &[Token<'_>], party: &Party<'_>) -> Option<Phase> {
    let open = party
        .start
        .checked_sub(1)
        .filter(|place| tokens[*place].is_any(&["(", "by", "\u{2014}"]))?;
    let start =
        (0..open).rev().find(|place| tokens[*place].is_break()).map_or(0, |place| place + 1);
    let words = &tokens[start..open];
    let is_said =
        words.iter().any(|token| token.is_any(&["complete", "completed", "done", "finished"]));
    let phase = words.iter().find_map(|token| part(*token))?;
    (is_said && words.iter().all(|token| token.is_any(&FILLERS) || part(*token).is_some()))
        .then_some(phase)
}

/// `Implementation: Sonnet 5.5`, on a line of its own; the prefix of a subject is an area of code.
fn label(sentence: &Sentence<'_>, party: &Party<'_>) -> Option<Phase> {
    let tokens = &sentence.tokens;
    let is_label = party.start == 2 && tokens[1].is(":") && party.end == tokens.len();
    (is_label && !sentence.is_subject).then(|| part(tokens[0])).flatten()
}

/// `Switching to Sonnet 3.5 for implementation`
fn switched(tokens: &[Token<'_>], party: &Party<'_>) -> Option<Phase> {
    let to = party.start.checked_sub(1).filter(|place| tokens[*place].is("to"))?;
    let near = &tokens[to.saturating_sub(3)..to];
    near.iter().any(|token| token.is_any(&SWITCHES)).then_some(())?;
    for_part(tokens, party)
}

/// `Used Opus for planning and Sonnet for implementation`
fn used_for(tokens: &[Token<'_>], party: &Party<'_>) -> Option<Phase> {
    let used = tokens[..party.start].iter().rposition(|token| token.is("used"))?;
    let is_ours = used == 0 || tokens[used - 1].is_any(&["i", "we"]) || tokens[used - 1].is_break();
    is_ours.then(|| for_part(tokens, party)).flatten()
}

fn for_part(tokens: &[Token<'_>], party: &Party<'_>) -> Option<Phase> {
    let preposition = tokens.get(party.end)?;
    let word =
        tokens.get(party.end + 1).filter(|word| !word.is("the")).or(tokens.get(party.end + 2))?;
    preposition.is_any(&["for", "as"]).then(|| part(*word)).flatten()
}

/// `Opus 5.5 (architecture, review)`: the whole sentence is names and parts.
fn titled(tokens: &[Token<'_>], party: &Party<'_>) -> Vec<Phase> {
    let is_named = tokens.get(party.end).is_some_and(|token| token.is("("));
    let starts =
        party.start == 0 || tokens[party.start - 1].is_any(&[",", ";", "and", "\u{2014}", "+"]);
    if !is_named || !starts {
        return Vec::new();
    }
    let inside = &tokens[party.end + 1..];
    let Some(close) = inside.iter().position(|token| token.is(")")) else { return Vec::new() };
    let words: Vec<&Token<'_>> =
        inside[..close].iter().filter(|token| !token.is_any(&[",", "and", "+"])).collect();
    let phases: Vec<Phase> = words.iter().filter_map(|token| part(**token)).collect();
    let behind = inside.get(close + 1);
    let ends = behind.is_none_or(|token| token.is_any(&[",", ";", "and", "\u{2014}", "+"]));
    if phases.len() == words.len() && ends { phases } else { Vec::new() }
}

fn part(token: Token<'_>) -> Option<Phase> {
    match token.text.to_ascii_lowercase().as_str() {
        "planned" | "designed" | "architected" | "spec" => Some(Phase::Architecture),
        "implemented" | "implementing" | "built" | "coded" => Some(Phase::Implementation),
        "lead" | "manager" | "engineer" | "pm" => None,
        word => roles::of_title(word),
    }
}
