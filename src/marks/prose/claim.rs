//! Whether a sentence says that an AI took part in the work itself.

use super::mention::Party;
use super::sentence::{Sentence, Token};
use super::words::{
    ABOUT, ADVERBS, ARTICLES, DID, FOUND, IF, NOT, OBJECTS, PARTICIPLES, POINTERS, WORK,
};

/// The most words that are looked at to the left of a name.
const REACH: usize = 10;

/// A sentence with what is needed to judge it.
pub(super) struct Judge<'s, 'a> {
    pub(super) sentence: &'s Sentence<'a>,
    /// The message takes back a commit: what an AI did may be what is taken back.
    pub(super) is_revert: bool,
}

impl<'a> Judge<'_, 'a> {
    fn tokens(&self) -> &[Token<'a>] {
        &self.sentence.tokens
    }

    /// Whether the sentence says of a party that it made something of this change.
    pub(super) fn claims(&self, party: &Party<'_>) -> bool {
        if self.is_denied(party) || self.is_about(party) {
            return false;
        }
        if party.is_compound() {
            return self.is_compound(party);
        }
        if party.is_generic() {
            return self.is_assisted(party);
        }
        self.is_passive(party)
            || (self.is_active(party) && !self.is_revert)
            || self.is_used(party)
            || self.is_helper(party)
            || self.is_in_brackets(party)
            || self.is_signature(party)
            || self.is_asked(party)
    }

    /// Whether the words right before a party, or right behind it, deny.
    fn is_denied(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let before = &tokens[self.clause_start(party.start)..party.start];
        let after = tokens.iter().skip(party.end).take(3);
        before.iter().any(|token| token.is_any(NOT))
            || after.take_while(|token| !token.is_break()).any(|token| token.is_any(NOT))
    }

    /// Whether the sentence is about such work, a rule, or a condition.
    fn is_about(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let first = match tokens {
            // `feat(scope): ...`
            [_, colon, first, ..] if colon.is(":") && self.sentence.is_subject => Some(first),
            [_, open, _, close, colon, first, ..]
                if open.is("(") && close.is(")") && colon.is(":") =>
            {
                Some(first)
            }
            _ => tokens.first(),
        };
        first.is_some_and(|first| first.is_any(ABOUT) || first.is("Revert"))
            || tokens.first().is_some_and(|first| first.is_any(IF))
            || self.clause(party).iter().any(|token| token.is_any(IF))
    }

    /// The token after the break before `at`; brackets and commas inside a name do not count.
    fn clause_start(&self, at: usize) -> usize {
        let tokens = self.tokens();
        (0..at)
            .rev()
            .take(40)
            .find(|place| tokens[*place].is_break() && !tokens[*place].is(")"))
            .map_or(at.saturating_sub(40), |place| place + 1)
    }

    /// The clause around a party.
    fn clause(&self, party: &Party<'_>) -> &[Token<'a>] {
        let tokens = self.tokens();
        let behind = tokens[party.end..].iter().take(40);
        let length = behind.take_while(|token| !token.is_break() || token.is(")")).count();
        &tokens[self.clause_start(party.start)..party.end + length]
    }

    /// `written by Claude`, `Developed with Claude Code`, `created with assistance from Codex`.
    fn is_passive(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let left = skip_back(tokens, party.start, ARTICLES);
        let Some(preposition) = left.checked_sub(1).filter(|place| {
            tokens[*place].is_any(&["by", "with", "w/", "using", "via", "from", "through"])
        }) else {
            return false;
        };
        // `Ported from Haiku` is about a place, `with support from Claude` is not.
        let helps = ["support", "help", "assistance", "input", "guidance", "suggestions"];
        let is_from = tokens[preposition].is("from");
        if is_from && !preposition.checked_sub(1).is_some_and(|place| tokens[place].is_any(&helps))
        {
            return false;
        }
        if tokens[preposition].is("via") && preposition > 0 && self.is_list_of_work(preposition) {
            return true;
        }
        let low = preposition.saturating_sub(REACH);
        let mut verb = None;
        for place in (low..preposition).rev() {
            if tokens[place].is_any(PARTICIPLES) {
                verb = Some(place);
                break;
            }
            if tokens[place].is_any(&[";", ":", "."]) {
                break;
            }
        }
        let Some(verb) = verb else { return false };
        // Between verb and `by` stand adverbs, `in part`, `with support`; a verb of another clause not.
        let between = &tokens[verb + 1..preposition];
        // `Created a suite for testing skills using Claude` says what is tested.
        let helped = between.iter().any(|token| token.is_any(&helps));
        let reach = if tokens[preposition].is("by") || helped { 7 } else { 4 };
        let is_near = between.len() <= reach
            && !between
                .iter()
                .any(|token| token.is_any(&["that", "which", "to", "is", "are", "was"]));
        is_near && self.is_of_this(verb, party)
    }

    /// `unit tests added, mostly via Claude`
    fn is_list_of_work(&self, preposition: usize) -> bool {
        let tokens = self.tokens();
        let start = skip_back(tokens, preposition, ADVERBS);
        start > 0
            && tokens[start - 1].is(",")
            && tokens[..start].iter().any(|token| token.is_any(PARTICIPLES))
    }

    /// Whether the subject of a verb is this change.
    fn is_of_this(&self, verb: usize, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let start = self.clause_start(verb);
        let before = &tokens[start..skip_back(tokens, verb, ADVERBS).max(start)];
        if before.is_empty() {
            return true;
        }
        let is_said = tokens[before.len() + start..verb]
            .iter()
            .any(|token| token.is_any(&["was", "were", "is", "are", "been", "be"]));
        let names_work = before.iter().any(|token| token.is_any(WORK));
        let points = before.iter().any(|token| token.is_any(POINTERS));
        let is_first_person =
            before.iter().any(|token| token.is_any(&["i", "we", "i've", "we've"]));
        if before
            .iter()
            .any(|token| token.is_any(&["that", "which", "files", "file", "because", "where"]))
        {
            return false;
        }
        if is_first_person {
            return true;
        }
        if is_said {
            let is_pointer = before.len() <= 2 && points;
            return is_pointer || names_work;
        }
        // `API endpoint implemented by Claude`; `Tests written by Claude`.
        let ends = tokens[party.end..].iter().all(|token| token.is_break() || token.is_any(&["#"]));
        let is_fragment = ends && (self.sentence.is_subject || before.len() <= 4);
        is_fragment && !(before.len() > 1 && before[0].is_any(ABOUT))
    }

    /// `Claude implemented it`, `Fable (via Claude Code) did the majority`.
    fn is_active(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        if !self.starts_clause(party.start) {
            return false;
        }
        let mut at = party.end;
        while tokens.get(at).is_some_and(|token| token.is(")")) {
            at += 1;
        }
        let auxiliary = tokens.get(at).filter(|token| token.is_any(&["was", "were"]));
        let verb = skip_forward(tokens, at, ADVERBS);
        let Some(word) = tokens.get(verb) else { return false };
        if auxiliary.is_some() {
            return word.is("used");
        }
        if word.is_any(&["helped", "assisted"]) {
            return true;
        }
        if word.is_any(FOUND) {
            // `Fable spotted this and wrote the test case`
            let rest = tokens[verb..].iter().take(REACH).take_while(|token| !token.is_break());
            let and = rest.take_while(|token| !token.is("and")).count() + verb;
            let is_and = tokens.get(and).is_some_and(|token| token.is("and"));
            return is_and && self.has_made(skip_forward(tokens, and + 1, ADVERBS));
        }
        self.has_made(verb)
    }

    /// Whether a verb says that something of this change was made: `wrote the tests`.
    fn has_made(&self, verb: usize) -> bool {
        let tokens = self.tokens();
        let (Some(word), object) = (tokens.get(verb), tokens.get(verb + 1)) else { return false };
        if !word.is_any(DID) {
            return false;
        }
        match object {
            None => word.is_any(&["implemented", "authored", "coded"]),
            Some(object) if word.is("did") => {
                object.is_any(&["this", "it", "these", "everything", "all", "most", "the", "batch"])
            }
            Some(object) => {
                object.is_any(OBJECTS) && !(word.is("wrote") && object.is("to"))
                    || (self.sentence.is_subject
                        && word.is_any(&["generated", "wrote", "implemented", "fixed"]))
                    || tokens[verb + 1..]
                        .iter()
                        .take(3)
                        .any(|token| token.is_any(&["tests", "fix"]))
            }
        }
    }

    fn starts_clause(&self, at: usize) -> bool {
        let tokens = self.tokens();
        let Some(before) = at.checked_sub(1) else { return true };
        let conjunction = ["and", "but", "so", "then", "-"];
        (tokens[before].is_break() && !tokens[before].is(")"))
            || tokens[before].is_any(&conjunction)
    }

    /// `I used Codex to`, `Used Claude Code for`, `Used a machine called Codex for`, `I had Amp help me`.
    fn is_used(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let start = self.before_kind(party.start).unwrap_or(party.start);
        let left = skip_back(tokens, start, &["the", "my", "an", "a", "our", "both", "some"]);
        let Some(verb) = left.checked_sub(1) else { return false };
        let subject = skip_back(tokens, verb, ADVERBS);
        let is_ours =
            subject > 0 && tokens[subject - 1].is_any(&["i", "we", "and", "i've", "we've"]);
        let word = &tokens[verb];
        if word.is_any(&["used", "leveraged"]) {
            let starts = subject == 0 || tokens[subject - 1].is_break();
            let aims = tokens.get(party.end).is_none_or(|token| {
                token.is_any(&[
                    "to",
                    "for",
                    "in",
                    "on",
                    "when",
                    "while",
                    "as",
                    "a",
                    "and",
                    "(",
                    ")",
                    ",",
                    "considerably",
                    "extensively",
                    "only",
                ])
            });
            return (is_ours || (starts && !self.sentence.is_subject)) && aims;
        }
        if word.is_any(&["asked", "had", "let", "prompted", "told", "got"]) {
            if word.is("got") && verb == 0 && !self.sentence.is_subject {
                return tokens.get(party.end).is_some_and(|token| token.is("to"));
            }
            let ours = is_ours && !tokens[subject - 1].is("and");
            return ours && tokens.get(party.end).is_some();
        }
        false
    }

    /// Returns where the words begin that say what a party is: behind `used` in `used a machine called Codex`.
    fn before_kind(&self, start: usize) -> Option<usize> {
        let tokens = self.tokens();
        let called = start.checked_sub(1).filter(|place| tokens[*place].is("called"))?;
        let verb = (called.saturating_sub(REACH)..called)
            .rev()
            .take_while(|place| !tokens[*place].is_break())
            .find(|place| tokens[*place].is("used"))?;
        Some(verb + 1)
    }

    /// `with the help of Claude`, `with Pi's help`, `in concert with Codex`.
    fn is_helper(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let behind = tokens.get(party.end);
        let left = skip_back(tokens, party.start, &["the", "an", "a", "some"]);
        let word = |back: usize| left.checked_sub(back).map(|place| tokens[place]);
        let is = |back: usize, words: &[&str]| word(back).is_some_and(|token| token.is_any(words));
        if is(1, &["with"]) && behind.is_some_and(|token| token.is_any(&["help", "assistance"])) {
            return true;
        }
        if is(1, &["of", "from", "by"]) && is(2, &["help", "assistance", "aid"]) {
            return left.checked_sub(3).is_some_and(|low| {
                tokens[low.saturating_sub(2)..=low]
                    .iter()
                    .any(|token| token.is_any(&["with", "w/"]))
            });
        }
        is(1, &["with"])
            && is(2, &["concert", "collaboration", "tandem", "alongside", "cooperation"])
    }

    /// `The tests are AI-generated`, `much Codex-driven.`; `AI-generated code` may be anybody's.
    fn is_compound(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let ends = tokens.get(party.end).is_none_or(|token| {
            (token.is_break() && !token.is(":"))
                || token.is_any(&["with", "by", "using", "and", "but", "via", "from"])
        });
        let start = skip_back(tokens, party.start, ADVERBS);
        let is_said = tokens[start..party.start]
            .iter()
            .any(|token| token.is_any(&["was", "were", "is", "are", "been"]));
        let points =
            tokens[..start].iter().any(|token| token.is_any(POINTERS) || token.is_any(WORK));
        ends && ((start == 0 && !self.sentence.is_subject) || (is_said && points))
    }

    /// `AI-assisted (Claude)`, `with AI assistance (Claude)`.
    fn is_in_brackets(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let open = party.start.checked_sub(1).filter(|place| tokens[*place].is("("));
        open.and_then(|open| open.checked_sub(1)).is_some_and(|place| {
            tokens[place].is_any(&["ai-assisted", "ai-generated", "assistance", "assisted"])
        })
    }

    /// `Codex: https://...`, `Mostly by Claude 3.5 Sonnet`: all that the sentence says.
    fn is_signature(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let is_link =
            |place: usize| tokens.get(place).is_some_and(|token| token.text.contains("://"));
        let label = match tokens.get(party.end) {
            // `Claude Code transcript for this change: https://...`
            Some(word)
                if word.is_any(&["transcript", "transcripts", "session", "conversation"]) =>
            {
                let behind = tokens[party.end..].iter().take(REACH);
                behind.take_while(|token| !token.is(":") && !token.is("is")).count()
            }
            _ => 0,
        };
        let colon = party.end + label;
        let links = tokens.get(colon).is_some_and(|token| token.is(":")) && is_link(colon + 1);
        if self.sentence.is_subject || party.is_generic() {
            return false;
        }
        let by = party.start.checked_sub(1).filter(|place| tokens[*place].is("by"));
        let is_short = by.is_some_and(|by| {
            by <= 4 && tokens[..by].iter().all(|token| token.is_any(ADVERBS) || token.is_any(WORK))
        });
        let ends = tokens.get(party.end).is_none_or(Token::is_break);
        (party.start == 0 && links) || (is_short && ends)
    }

    /// `Ask Claude to hash the code`, as the whole subject; the prompt has to follow.
    fn is_asked(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        self.sentence.is_subject
            && party.start == 1
            && tokens[0].is_any(&["ask", "asked"])
            && tokens.get(party.end).is_some_and(|token| token.is("to"))
    }

    /// `written with AI assistance`, `AI helped me write the tests`, `I used AI to`.
    fn is_assisted(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let is_used = tokens.get(party.end).is_some_and(|token| token.is("was"))
            && tokens[party.end..].iter().take(4).any(|token| token.is("used"))
            && !tokens[party.end..].iter().take(5).any(|token| token.is("by"));
        if party.start == 0 && is_used && !self.sentence.is_subject {
            // `AI was used in the changes in https://...` is about something else.
            return !tokens.iter().any(|token| token.text.contains("://"));
        }
        // `Added AI assistance disclosure` is about it; `written with AI assistance` is not.
        let place = skip_back(tokens, party.start, ARTICLES).checked_sub(1);
        let is_with = place.is_some_and(|place| {
            tokens[place].is_any(&["with", "w/", "by", "using", "via", "through"])
        });
        let assists = is_with
            && tokens.get(party.end).is_some_and(|token| token.is_any(&["assistance", "help"]));
        let verb = tokens[..party.start].iter().rposition(|token| token.is_any(PARTICIPLES));
        let is_made = verb.is_some_and(|verb| self.is_of_this(verb, party));
        let is_helped = self.is_helper(party) || (assists && is_made);
        let is_claim = self.is_passive(party) || self.is_active(party) || is_helped;
        (is_claim && self.points_here(party)) || (self.is_used(party) && !self.sentence.is_subject)
    }

    fn points_here(&self, party: &Party<'_>) -> bool {
        let tokens = self.tokens();
        let first = skip_forward(tokens, 0, ADVERBS);
        tokens[..party.start].get(first).is_none_or(|token| token.is_any(PARTICIPLES))
            || tokens
                .iter()
                .take(party.start + 6)
                .any(|token| token.is_any(&["this", "i", "me", "my", "these", "here"]))
    }
}

/// Returns the first place of the run of `words` that ends before `end`.
pub(super) fn skip_back(tokens: &[Token<'_>], end: usize, words: &[&str]) -> usize {
    (0..end).rev().find(|place| !tokens[*place].is_any(words)).map_or(0, |place| place + 1)
}

/// Returns the first place from `start` on that is none of `words`.
fn skip_forward(tokens: &[Token<'_>], start: usize, words: &[&str]) -> usize {
    (start..tokens.len()).find(|place| !tokens[*place].is_any(words)).unwrap_or(tokens.len())
}
