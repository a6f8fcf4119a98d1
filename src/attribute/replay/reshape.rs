//! Lines that were joined or split, as a formatter does it.

use std::collections::HashMap;
use std::ops::Range;

use super::moves::DISTINCTIVE_LETTERS;
use super::text::{Texts, Token};

/// So many lines at most make one reshaped group.
const GROUP_LIMIT: usize = 80;

/// So many empty lines may stand between the lines of a group.
const EMPTY_LIMIT: usize = 3;

/// So many beginnings are tried for a line.
const TRIES: usize = 8;

/// Old lines that became new ones with the same text, but for white space and what formatters add.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub old: Range<usize>,
    pub new: Range<usize>,
    /// How many letters each of the new lines has of each of the old ones.
    pub shares: Vec<Vec<(usize, usize)>>,
    /// How many letters there are in all.
    letters: usize,
}

/// A line without white space and without what formatters add, drop or exchange: commas, semicolons, kinds of quotes.
fn loose(text: &[u8]) -> impl Iterator<Item = u8> {
    let keep = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b',' | b';');
    let one_quote = |byte: u8| if matches!(byte, b'\'' | b'`') { b'"' } else { byte };
    text.iter().copied().filter(keep).map(one_quote)
}

/// Returns the first letters of a line as lines are looked up by; `None` for a line that is shorter.
pub(super) fn beginning(texts: &Texts<'_>, token: Token) -> Option<[u8; LETTERS]> {
    let mut letters = loose(texts.bytes(token));
    let mut beginning = [0; LETTERS];
    for place in &mut beginning {
        *place = letters.next()?;
    }
    Some(beginning)
}

struct Side {
    /// The place of each line that is not empty, and its text.
    lines: Vec<(usize, Vec<u8>)>,
}

impl Side {
    fn new(texts: &Texts<'_>, content: &[Token], places: impl IntoIterator<Item = usize>) -> Self {
        let all = places
            .into_iter()
            .map(|line| (line, loose(texts.bytes(content[line])).collect::<Vec<_>>()));
        Self { lines: all.filter(|(_, text)| !text.is_empty()).collect() }
    }

    /// Returns the text of a line that follows the one before it, but for empty lines.
    fn following(&self, line: usize) -> Option<&[u8]> {
        let (place, text) = self.lines.get(line)?;
        (place - self.lines[line - 1].0 <= 1 + EMPTY_LIMIT).then_some(text)
    }
}

/// Where a line with a given beginning stands.
struct Beginnings<'s> {
    /// By the first letters, at most `LETTERS`.
    longer: HashMap<&'s [u8], Vec<usize>>,
    /// Lines that have fewer.
    whole: HashMap<&'s [u8], Vec<usize>>,
}

/// By so many letters are lines looked up.
const LETTERS: usize = 8;

impl<'s> Beginnings<'s> {
    fn new(side: &'s Side) -> Self {
        let (mut longer, mut whole) = (HashMap::new(), HashMap::new());
        for (place, (_, text)) in side.lines.iter().enumerate() {
            for length in 1..=text.len().min(LETTERS) {
                longer.entry(&text[..length]).or_insert_with(Vec::new).push(place);
            }
            if text.len() < LETTERS {
                whole.entry(&text[..]).or_insert_with(Vec::new).push(place);
            }
        }
        Self { longer, whole }
    }

    /// Returns the lines from a place on that begin as a text does, or with which it begins.
    fn of<'b>(&'b self, text: &'b [u8], from: usize) -> impl Iterator<Item = usize> + 'b {
        let all = (1..text.len().min(LETTERS)).map(|length| self.whole.get(&text[..length]));
        let all = all.chain([self.longer.get(&text[..text.len().min(LETTERS)])]).flatten();
        all.flat_map(move |places| {
            let first = places.partition_point(|place| *place < from);
            places[first..].iter().copied().take(TRIES)
        })
    }
}

/// Finds the groups in a region in which no lines are paired.
pub(super) fn find(
    texts: &Texts<'_>,
    old: (&[Token], &Range<usize>),
    new: (&[Token], &Range<usize>),
) -> Vec<Group> {
    let (old, new) =
        (Side::new(texts, old.0, old.1.clone()), Side::new(texts, new.0, new.1.clone()));
    let beginnings = Beginnings::new(&old);
    let mut groups = Vec::new();
    let (mut from, mut line) = (0, 0);
    while line < new.lines.len() {
        let mut places = beginnings.of(&new.lines[line].1, from);
        let found = places.find_map(|place| grow(&old, &new, place, line));
        match found {
            Some((group, old_end, new_end)) => {
                groups.push(group);
                (from, line) = (old_end, new_end);
            }
            None => line += 1,
        }
    }
    groups
}

/// Finds groups among lines that stand anywhere, and so must tell more.
pub(super) fn find_anywhere(
    texts: &Texts<'_>,
    old: (&[Token], Vec<usize>),
    new: (&[Token], Vec<usize>),
) -> Vec<Group> {
    let (old, new) = (Side::new(texts, old.0, old.1), Side::new(texts, new.0, new.1));
    let beginnings = Beginnings::new(&old);
    let mut is_used = vec![false; old.lines.len()];
    let mut groups = Vec::new();
    let mut line = 0;
    while line < new.lines.len() {
        let places = beginnings.of(&new.lines[line].1, 0).filter(|place| !is_used[*place]);
        let grown = places.filter_map(|place| Some((place, grow(&old, &new, place, line)?)));
        let mut telling = grown.filter(|(place, (group, old_end, new_end))| {
            let is_reshaped = old_end - place + new_end - line > 2;
            is_reshaped && group.letters >= DISTINCTIVE_LETTERS as usize
        });
        match telling.next() {
            Some((place, (group, old_end, new_end))) => {
                is_used[place..old_end].fill(true);
                groups.push(group);
                line = new_end;
            }
            None => line += 1,
        }
    }
    groups
}

/// Follows two texts as long as they are equal, until a line ends in both.
fn grow(old: &Side, new: &Side, old_from: usize, new_from: usize) -> Option<(Group, usize, usize)> {
    let (mut i, mut j) = (old_from, new_from);
    let (mut left, mut right) = (&old.lines[i].1[..], &new.lines[j].1[..]);
    let mut shares = vec![Vec::new()];
    let mut letters = 0;
    loop {
        let length = left.len().min(right.len());
        if left[..length] != right[..length] {
            return None;
        }
        let part = &left[..length];
        let count = part.iter().filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii()).count();
        letters += count;
        shares.last_mut()?.push((old.lines[i].0, count));
        (left, right) = (&left[length..], &right[length..]);
        if left.is_empty() && right.is_empty() {
            break;
        }
        if left.is_empty() {
            i += 1;
            left = old.following(i)?;
        }
        if right.is_empty() {
            j += 1;
            right = new.following(j)?;
            shares.push(Vec::new());
        }
        if i - old_from + j - new_from > GROUP_LIMIT {
            return None;
        }
    }
    if letters == 0 {
        return None;
    }
    let (old_range, new_range) =
        (old.lines[old_from].0..old.lines[i].0 + 1, new.lines[new_from].0..new.lines[j].0 + 1);
    // An empty line between the new lines has no share of anything.
    let mut placed = vec![Vec::new(); new_range.len()];
    for (share, (line, _)) in shares.into_iter().zip(&new.lines[new_from..=j]) {
        placed[line - new_range.start] = share;
    }
    Some((Group { old: old_range, new: new_range, shares: placed, letters }, i + 1, j + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(old: &'static str, new: &'static str) -> Vec<(Range<usize>, Range<usize>)> {
        let mut texts = Texts::default();
        let (old, new) = (texts.parse(old.as_bytes()), texts.parse(new.as_bytes()));
        let found = find(&texts, (&old, &(0..old.len())), (&new, &(0..new.len())));
        found.into_iter().map(|group| (group.old, group.new)).collect()
    }

    #[test]
    fn a_call_is_split_and_joined() {
        assert_eq!(groups("f(a, b)\nx\n", "f(\n  a,\n  b,\n)\ny\n"), [(0..1, 0..4)]);
        assert_eq!(groups("y\nf(\n  a,\n  b,\n)\n", "f(a, b)\n"), [(1..5, 0..1)]);
        assert_eq!(groups("say('a')\n", "say(\"a\");\n"), [(0..1, 0..1)]);
    }

    #[test]
    fn an_edited_line_is_not_reshaped() {
        assert_eq!(groups("f(a, b)\n", "f(\n  a,\n  c,\n)\n"), []);
        assert_eq!(groups(")\n", ");\n"), []);
    }

    #[test]
    fn each_new_line_knows_its_share() {
        let mut texts = Texts::default();
        let (old, new) = (texts.parse(b"ab\ncd\n"), texts.parse(b"ab cd\n"));
        let found = find(&texts, (&old, &(0..2)), (&new, &(0..1)));
        assert_eq!(found[0].shares, [vec![(0, 2), (1, 2)]]);
    }
}
