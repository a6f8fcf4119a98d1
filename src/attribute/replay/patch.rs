//! Hunks, forwards and backwards, on a content whose lines are numbers.

use std::ops::Range;

use super::text::{Texts, Token};
use crate::provenance::Hunk;

/// A hunk whose lines are numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Patch {
    /// Where each side begins, counted from 0.
    starts: [usize; 2],
    /// What it finds, and what it leaves.
    sides: [Vec<Token>; 2],
    /// The lines of the second side that are added, in runs.
    pub added: Vec<Range<usize>>,
}

/// In which direction a patch is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forwards,
    Backwards,
}

impl Patch {
    pub(super) fn all<'a>(texts: &mut Texts<'a>, hunks: &'a [Hunk]) -> Vec<Self> {
        let mut patches = hunks.iter().map(|hunk| Self::new(texts, hunk)).collect::<Vec<_>>();
        patches.sort_by_key(|patch| patch.starts[0]);
        patches
    }

    fn new<'a>(texts: &mut Texts<'a>, hunk: &'a Hunk) -> Self {
        let mut patch = Self::default();
        for line in &hunk.lines {
            let bytes = line.as_bytes();
            let Some((sign, text)) = bytes.split_first() else { continue };
            // `\ No newline at end of file` is no line.
            if !matches!(sign, b' ' | b'-' | b'+') {
                continue;
            }
            let token = texts.token(text);
            if *sign != b'+' {
                patch.sides[0].push(token);
            }
            if *sign == b'+' {
                let place = patch.sides[1].len();
                match patch.added.last_mut().filter(|run| run.end == place) {
                    Some(run) => run.end += 1,
                    None => patch.added.push(place..place + 1),
                }
            }
            if *sign != b'-' {
                patch.sides[1].push(token);
            }
        }
        let starts = [hunk.old_start as usize, hunk.new_start as usize];
        for (side, start) in starts.into_iter().enumerate() {
            // A side without lines names the line before it.
            let is_empty = patch.sides[side].is_empty();
            patch.starts[side] = if is_empty { start } else { start.saturating_sub(1) };
        }
        patch
    }

    /// Returns the lines that it finds.
    pub(super) fn before(&self) -> &[Token] {
        &self.sides[0]
    }

    /// Returns the lines that it leaves.
    pub(super) fn after(&self) -> &[Token] {
        &self.sides[1]
    }
}

/// Applies patches, which must be in order; `None` where one of them does not fit.
///
/// Each is looked for at its place, then at the nearest place that has its lines.
pub(super) fn apply(
    content: &[Token],
    patches: &[Patch],
    direction: Direction,
) -> Option<Vec<Token>> {
    let (found, left) = if direction == Direction::Forwards { (0, 1) } else { (1, 0) };
    let mut result = Vec::with_capacity(content.len());
    let mut done = 0;
    let mut drift = 0_isize;
    for patch in patches {
        let lines = &patch.sides[found];
        let wanted = patch.starts[found].saturating_add_signed(drift);
        let place = find(content, lines, done, wanted)?;
        drift += place.cast_signed() - wanted.cast_signed();
        result.extend_from_slice(&content[done..place]);
        result.extend_from_slice(&patch.sides[left]);
        done = place + lines.len();
    }
    result.extend_from_slice(&content[done..]);
    Some(result)
}

/// Finds the place of some lines that is nearest to the wanted one.
fn find(content: &[Token], lines: &[Token], from: usize, wanted: usize) -> Option<usize> {
    let last = content.len().checked_sub(lines.len())?;
    let fits = |place: &usize| content[*place..*place + lines.len()] == *lines;
    if wanted >= from && wanted <= last && fits(&wanted) {
        return Some(wanted);
    }
    // Nothing proves another place of no lines.
    let first = lines.first()?;
    let places = content.get(from..=last)?.iter().enumerate();
    let places = places.filter(|(_, token)| *token == first).map(|(place, _)| from + place);
    places.filter(fits).min_by_key(|place| place.abs_diff(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(old_start: u32, new_start: u32, lines: &[&str]) -> Hunk {
        Hunk { old_start, new_start, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    fn applied(content: &str, hunks: &[Hunk], direction: Direction) -> Option<String> {
        let mut texts = Texts::default();
        let tokens = texts.parse(content.as_bytes());
        let patches = Patch::all(&mut texts, hunks);
        let result = apply(&tokens, &patches, direction)?;
        let lines = result.iter().map(|token| String::from_utf8_lossy(texts.bytes(*token)));
        Some(lines.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn hunks_are_applied_and_reversed() {
        let hunks =
            [hunk(1, 1, &["-a", "+A", "+B", " b"]), hunk(3, 4, &[" c", "-d", "\\ No newline"])];
        assert_eq!(applied("a\r\nb\nc\nd", &hunks, Direction::Forwards).unwrap(), "A B b c");
        assert_eq!(applied("A\nB\nb\nc\n", &hunks, Direction::Backwards).unwrap(), "a b c d");
    }

    #[test]
    fn a_hunk_fits_where_its_lines_stand_and_else_nowhere() {
        let hunks = [hunk(2, 2, &[" b", "+X"])];
        assert_eq!(applied("y\ny\na\nb\nc\n", &hunks, Direction::Forwards).unwrap(), "y y a b X c");
        assert_eq!(applied("a\nB\n", &hunks, Direction::Forwards), None);
        assert_eq!(applied("", &hunks, Direction::Forwards), None);
    }

    #[test]
    fn a_new_file_is_one_hunk_without_old_lines() {
        let hunks = [hunk(0, 1, &["+a", "+b"])];
        assert_eq!(applied("", &hunks, Direction::Forwards).unwrap(), "a b");
        assert_eq!(applied("a\nb\n", &hunks, Direction::Backwards).unwrap(), "");
    }
}
