//! Lines as numbers, so that contents can be compared fast; line breaks are no part of a line.

use std::collections::HashMap;

use memchr::memchr_iter;

use super::moves::DISTINCTIVE_LETTERS;
use crate::attribute::line_diff::{is_trivial, lines};

/// The number of a line's text; equal for equal texts, whatever their line breaks.
pub(super) type Token = u32;

/// Compared by blocks of this size first.
const BLOCK: usize = 4096;

struct Text<'a> {
    bytes: &'a [u8],
    /// The number of the text without white space.
    shape: u32,
    /// How many letters and digits it has.
    letters: u32,
    is_trivial: bool,
}

/// All lines met so far.
#[derive(Default)]
pub(super) struct Texts<'a> {
    tokens: HashMap<&'a [u8], Token>,
    shapes: HashMap<Vec<u8>, u32>,
    known: Vec<Text<'a>>,
    /// Used while counting; all zero otherwise.
    counts: Vec<u32>,
}

impl<'a> Texts<'a> {
    /// Returns the number of one line; its line break does not count.
    pub(super) fn token(&mut self, line: &'a [u8]) -> Token {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        let line = &line[..end];
        if let Some(token) = self.tokens.get(line) {
            return *token;
        }
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let bare = line.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        let shapes = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        let shape = *self.shapes.entry(bare.collect()).or_insert(shapes);
        let letters = line.iter().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii()).count();
        self.known.push(Text {
            bytes: line,
            shape,
            letters: u32::try_from(letters).unwrap_or(u32::MAX),
            is_trivial: is_trivial(line),
        });
        self.tokens.insert(line, next);
        next
    }

    /// Returns the lines of a content as numbers.
    pub(super) fn parse(&mut self, content: &'a [u8]) -> Vec<Token> {
        lines(content).map(|line| self.token(line)).collect()
    }

    /// Parses a content that may have most lines in common with one that is parsed already.
    pub(super) fn parse_like(
        &mut self,
        content: &'a [u8],
        other: &[u8],
        known: &[Token],
    ) -> Vec<Token> {
        let head = whole_lines(&content[..common_prefix(content, other)]);
        let first = memchr_iter(b'\n', &content[..head]).count();
        let (rest, other_rest) = (&content[head..], &other[head..]);
        let tail = common_suffix(rest, other_rest);
        // A line that begins inside of the common tail begins in both.
        let tail = &rest[rest.len() - tail..];
        let tail = memchr::memchr(b'\n', tail).map_or(&[][..], |end| &tail[end + 1..]);
        let last = lines(tail).count();
        let middle = &rest[..rest.len() - tail.len()];
        let mut tokens = known.get(..first).unwrap_or_default().to_vec();
        tokens.extend(lines(middle).map(|line| self.token(line)));
        tokens.extend_from_slice(&known[known.len().saturating_sub(last)..]);
        tokens
    }

    pub(super) fn bytes(&self, token: Token) -> &'a [u8] {
        self.known[token as usize].bytes
    }

    /// Returns the number of a line's text without white space.
    pub(super) fn shape(&self, token: Token) -> u32 {
        self.known[token as usize].shape
    }

    pub(super) fn letters(&self, token: Token) -> u32 {
        self.known[token as usize].letters
    }

    pub(super) fn is_trivial(&self, token: Token) -> bool {
        self.known[token as usize].is_trivial
    }

    /// Says whether a line has letters or digits, but so few that the like of it stands in many places.
    pub(super) fn is_common(&self, token: Token) -> bool {
        !self.is_trivial(token) && self.letters(token) < DISTINCTIVE_LETTERS
    }

    /// Says whether the line before or the line after is the same, those without letter or digit aside.
    pub(super) fn has_same_neighbour(
        &self,
        one: (&[Token], usize),
        other: (&[Token], usize),
    ) -> bool {
        let is_telling = |token: &&Token| !self.is_trivial(**token);
        let shape = |token: &Token| self.shape(*token);
        let before = |(content, place): (&[Token], usize)| {
            content[..place].iter().rev().find(is_telling).map(shape)
        };
        let after = |(content, place): (&[Token], usize)| {
            content[place + 1..].iter().find(is_telling).map(shape)
        };
        before(one) == before(other) || after(one) == after(other)
    }

    /// Says of each wanted line whether its shape stands once in a content.
    pub(super) fn are_unique(&mut self, content: &[Token], wanted: &[Token]) -> Vec<bool> {
        self.counts.resize(self.shapes.len(), 0);
        let place = |texts: &[Text<'_>], token: &Token| texts[*token as usize].shape as usize;
        for token in content {
            self.counts[place(&self.known, token)] += 1;
        }
        let found =
            wanted.iter().map(|token| self.counts[place(&self.known, token)] == 1).collect();
        for token in content {
            self.counts[place(&self.known, token)] = 0;
        }
        found
    }
}

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.chunks_exact(BLOCK).zip(other.chunks_exact(BLOCK));
    let same = blocks.take_while(|(one, other)| one == other).count() * BLOCK;
    let rest = one[same..].iter().zip(&other[same..]);
    same + rest.take_while(|(one, other)| one == other).count()
}

fn common_suffix(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.rchunks_exact(BLOCK).zip(other.rchunks_exact(BLOCK));
    let same = blocks.take_while(|(one, other)| one == other).count() * BLOCK;
    let rest = one[..one.len() - same].iter().rev().zip(other[..other.len() - same].iter().rev());
    same + rest.take_while(|(one, other)| one == other).count()
}

/// Returns how much of a text are whole lines.
fn whole_lines(text: &[u8]) -> usize {
    memchr::memrchr(b'\n', text).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_are_no_part_of_a_line() {
        let mut texts = Texts::default();
        assert_eq!(texts.parse(b"a\r\nb"), texts.parse(b"a\nb\r\n"));
        assert!(texts.parse(b"").is_empty());
        assert_eq!(texts.parse(b"\n"), texts.parse(b"\r\n"));
    }

    #[test]
    fn a_content_parsed_like_another_has_the_same_lines() {
        let contents: &[&[u8]] = &[
            b"",
            b"a",
            b"a\n",
            b"a\nb",
            b"a\nb\n",
            b"b\na\nb\n",
            b"a\nxb\n",
            b"a\r\nb\n",
            b"\n\n",
        ];
        for other in contents {
            for content in contents {
                let mut texts = Texts::default();
                let known = texts.parse(other);
                let like = texts.parse_like(content, other, &known);
                assert_eq!(like, texts.parse(content), "{other:?} {content:?}");
            }
        }
    }

    #[test]
    fn only_what_stands_once_is_unique() {
        let mut texts = Texts::default();
        let content = texts.parse(b"a\n  a\nb\n");
        assert_eq!(texts.are_unique(&content, &content), [false, false, true]);
    }
}
