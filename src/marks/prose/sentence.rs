//! Sentences of a message, cut into words; code and quoted words are taken out of them.

use crate::marks::reader::Line;

/// A word or a mark of punctuation, and the place of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::marks) struct Token<'a> {
    /// As written, without punctuation around it.
    pub(in crate::marks) text: &'a str,
    /// The place in the list of lines.
    pub(in crate::marks) line: usize,
}

impl Token<'_> {
    pub(in crate::marks) fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    pub(in crate::marks) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Whether it ends a clause.
    pub(in crate::marks) fn is_break(&self) -> bool {
        matches!(self.text, "," | ";" | ":" | "(" | ")" | "\u{2014}" | "\u{2013}" | "." | "-")
    }
}

/// One sentence.
#[derive(Debug)]
pub(in crate::marks) struct Sentence<'a> {
    pub(in crate::marks) tokens: Vec<Token<'a>>,
    /// Whether it is the first line of the message.
    pub(in crate::marks) is_subject: bool,
}

/// What stands for words in quotation marks or back-ticks.
const QUOTED: &str = "\u{fffc}";

/// Text that is wrapped fills more of a line than this.
const SHORT_LINE: usize = 32;

/// Longer sentences are tables, logs or data.
const MOST_TOKENS: usize = 400;

/// Cuts lines that follow each other into sentences.
pub(in crate::marks) fn sentences<'a>(
    lines: &[Line<'a>],
    from: usize,
    to: usize,
) -> Vec<Sentence<'a>> {
    let mut sentences = Vec::new();
    let mut tokens: Vec<Token<'a>> = Vec::new();
    let mut flush = |tokens: &mut Vec<Token<'a>>, is_subject: bool| {
        if !tokens.is_empty() {
            sentences.push(Sentence { tokens: std::mem::take(tokens), is_subject });
        }
    };
    for place in from..to {
        let line = &lines[place];
        let is_subject = line.number == 1;
        let starts_anew = line.is_item || line.text.starts_with(['#', '|', '\u{1f916}']);
        let starts_anew = starts_anew || (place > from && ends_short(&lines[place - 1], line));
        if starts_anew || (place > from && lines[place - 1].text.starts_with('#')) {
            flush(&mut tokens, false);
        }
        let mut quote: Option<char> = None;
        for word in line.text.split_whitespace() {
            let ends = add_word(word, place, &mut quote, &mut tokens);
            if ends || tokens.len() >= MOST_TOKENS {
                flush(&mut tokens, is_subject);
            }
        }
        if is_subject {
            flush(&mut tokens, true);
        }
    }
    flush(&mut tokens, false);
    sentences
}

/// Whether a line was broken by its writer and not by its width: it is short, or ends with a link.
fn ends_short(line: &Line<'_>, next: &Line<'_>) -> bool {
    let has_capital = next.text.starts_with(|c: char| c.is_uppercase());
    let last = line.text.rsplit(' ').next().unwrap_or_default();
    has_capital && (line.text.len() < SHORT_LINE || last.contains("://"))
}

/// Adds a word with the punctuation around it; returns whether a sentence ends behind it.
fn add_word<'a>(
    word: &'a str,
    line: usize,
    quote: &mut Option<char>,
    tokens: &mut Vec<Token<'a>>,
) -> bool {
    if let Some(open) = *quote {
        if word.contains(open) {
            *quote = None;
        }
        return false;
    }
    let mut word = word.trim_matches(|c: char| matches!(c, '*' | '_' | '>'));
    let mut push = |text: &'a str| tokens.push(Token { text, line });
    while let Some(first) = word.chars().next() {
        match first {
            '(' | '[' => push("("),
            '`' | '"' | '\u{201c}' => {
                let close = if first == '\u{201c}' { '\u{201d}' } else { first };
                let rest = &word[first.len_utf8()..];
                push(QUOTED);
                if !rest.contains(close) {
                    *quote = Some(close);
                }
                return false;
            }
            c if c.is_alphanumeric() || matches!(c, '@' | '+' | '&' | '/' | '<' | '$' | '\'') => {
                break;
            }
            '-' | '\u{2014}' | '\u{2013}' | '\u{2192}' if word.len() <= 3 => {
                push("\u{2014}");
                return false;
            }
            _ => {}
        }
        word = &word[first.len_utf8()..];
    }
    // `[Claude Code](https://...)`
    if let Some((name, rest)) = word.split_once("](") {
        if !name.is_empty() {
            push(name);
        }
        push(")");
        let after = rest.split_once(')').map_or("", |(_, after)| after);
        return after.starts_with('.');
    }
    let end = word.trim_end_matches(|c: char| {
        matches!(c, ')' | ']' | ',' | ';' | ':' | '.' | '!' | '?' | '*' | '_' | '"' | '\u{2026}')
    });
    if !end.is_empty() {
        push(end.trim_start_matches('@'));
    }
    let mut ends = false;
    for mark in word[end.len()..].chars() {
        match mark {
            ')' | ']' => push(")"),
            ',' => push(","),
            ';' => push(";"),
            ':' => push(":"),
            '.' | '!' | '?' => ends = true,
            _ => {}
        }
    }
    ends && !matches!(end, "e.g" | "i.e" | "vs" | "etc" | "incl" | "approx")
}
