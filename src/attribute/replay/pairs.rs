//! Which lines of two versions are the same line.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use imara_diff::{Algorithm, Diff, IndentHeuristic, IndentLevel, InternedInput, Token as Number};

use super::text::{Texts, Token};

/// For each line of the new version its place in the old one.
pub(super) type Pairs = Vec<Option<usize>>;

/// So many equal lines around a change are looked at, since a change may slide.
const SURROUNDINGS: usize = 50;

/// So many lines more must a comparison without white space pair to be believed.
const CLEARLY_MORE: usize = 2;

/// Pairs the lines of two versions, in order: by their texts, or without white space where that pairs clearly more.
pub(super) fn pair(texts: &Texts<'_>, old: &[Token], new: &[Token]) -> Pairs {
    pair_by(texts, old, new, |texts, old, new| diff(texts, old, new, Manner::Indent))
}

/// Pairs the lines in other ways that are as good: from the end, and with changes as far down or up as they may slide.
///
/// Where one of them differs from `pair` is doubt.
pub(super) fn other_pairs(texts: &Texts<'_>, old: &[Token], new: &[Token]) -> [Pairs; 3] {
    [
        pair_by(texts, old, new, |texts, old, new| from_end(texts, old, new, Manner::Indent)),
        pair_by(texts, old, new, |texts, old, new| diff(texts, old, new, Manner::Plain)),
        pair_by(texts, old, new, |texts, old, new| from_end(texts, old, new, Manner::Plain)),
    ]
}

fn from_end(texts: &Texts<'_>, old: Side<'_>, new: Side<'_>, manner: Manner) -> Pairs {
    let reversed = |side: Side<'_>| side.iter().rev().copied().collect::<Vec<_>>();
    let mut pairs = diff(texts, &reversed(old), &reversed(new), manner);
    pairs.reverse();
    pairs.iter().map(|place| place.map(|place| old.len() - 1 - place)).collect()
}

/// How a comparison is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Rare lines first; a change that may slide stands where the indentation says.
    Indent,
    /// The fewest changes, each as far down as it may slide.
    Plain,
}

/// A side of a comparison: of each line, the number to be compared and the text.
type Side<'s> = &'s [(u32, Token)];

fn pair_by(
    texts: &Texts<'_>,
    old: &[Token],
    new: &[Token],
    diff: fn(&Texts<'_>, Side<'_>, Side<'_>) -> Pairs,
) -> Pairs {
    let by_text = |side: &[Token]| side.iter().map(|token| (*token, *token)).collect::<Vec<_>>();
    let by_shape =
        |side: &[Token]| side.iter().map(|token| (texts.shape(*token), *token)).collect::<Vec<_>>();
    let mut exact = diff(texts, &by_text(old), &by_text(new));
    if !has_equal_shapes_left(texts, old, new, &exact) {
        return exact;
    }
    let loose = diff(texts, &by_shape(old), &by_shape(new));
    let weight = |pairs: &Pairs| {
        let paired = pairs.iter().zip(new).filter(|(place, _)| place.is_some());
        paired.filter(|(_, token)| !texts.is_trivial(**token)).count()
    };
    if weight(&loose) >= weight(&exact) + CLEARLY_MORE {
        return loose;
    }
    for (before, after) in regions(&exact, old.len()) {
        if before.is_empty() || after.is_empty() {
            continue;
        }
        let found = diff(texts, &by_shape(&old[before.clone()]), &by_shape(&new[after.clone()]));
        for (place, line) in found.iter().zip(after) {
            exact[line] = place.map(|place| before.start + place);
        }
    }
    exact
}

/// Says whether a line without partner has the shape of another one on the other side.
fn has_equal_shapes_left(texts: &Texts<'_>, old: &[Token], new: &[Token], pairs: &Pairs) -> bool {
    let mut gone = HashSet::new();
    let regions = regions(pairs, old.len());
    for (before, _) in &regions {
        gone.extend(old[before.clone()].iter().map(|token| texts.shape(*token)));
    }
    let mut fresh = regions.iter().flat_map(|(_, after)| &new[after.clone()]);
    !gone.is_empty() && fresh.any(|token| gone.contains(&texts.shape(*token)))
}

/// Returns the places between the pairs, which must be in order: lines of the old and of the new version.
pub(super) fn regions(pairs: &Pairs, old_len: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut regions = Vec::new();
    let (mut old, mut new) = (0, 0);
    let ends = pairs.iter().enumerate().filter_map(|(line, place)| Some(((*place)?, line)));
    for (place, line) in ends.chain([(old_len, pairs.len())]) {
        if place > old || line > new {
            regions.push((old..place.max(old), new..line));
        }
        (old, new) = (place + 1, line + 1);
    }
    regions
}

fn diff(texts: &Texts<'_>, old: Side<'_>, new: Side<'_>, manner: Manner) -> Pairs {
    let same = |(one, other): &(&(u32, Token), &(u32, Token))| one.0 == other.0;
    let head = old.iter().zip(new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let head = head.saturating_sub(SURROUNDINGS);
    let tail = tail.saturating_sub(SURROUNDINGS);
    let mut numbers = HashMap::new();
    let mut text_of = Vec::new();
    let mut number = |side: Side<'_>| {
        let one = |(key, token): &(u32, Token)| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(*key).or_insert(next);
            if number == next {
                text_of.push(*token);
            }
            Number(number)
        };
        side.iter().map(one).collect::<Vec<_>>()
    };
    let before = number(&old[head..old.len() - tail]);
    let after = number(&new[head..new.len() - tail]);
    let mut input = InternedInput::<&[u8]>::default();
    (input.before, input.after) = (before, after);
    let mut diff = Diff::default();
    let all = u32::try_from(text_of.len()).unwrap_or(u32::MAX);
    let algorithm = match manner {
        Manner::Indent => Algorithm::Histogram,
        Manner::Plain => Algorithm::Myers,
    };
    diff.compute_with(algorithm, &input.before, &input.after, all);
    let level = |number: Number| {
        let text = texts.bytes(text_of[number.0 as usize]);
        IndentLevel::for_ascii_line(text.iter().copied().chain([b'\n']), 8)
    };
    match manner {
        Manner::Indent => {
            diff.postprocess_with_heuristic(&input, IndentHeuristic::new(level));
        }
        Manner::Plain => diff.postprocess_no_heuristic(&input),
    }
    let mut pairs = (0..head).map(Some).collect::<Pairs>();
    let mut place = head;
    for hunk in diff.hunks() {
        let start = head + hunk.before.start as usize;
        pairs.extend((place..start).map(Some));
        pairs.extend(hunk.after.map(|_| None));
        place = head + hunk.before.end as usize;
    }
    pairs.extend((place..old.len()).map(Some));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paired(old: &'static str, new: &'static str) -> Pairs {
        let mut texts = Texts::default();
        let (old, new) = (texts.parse(old.as_bytes()), texts.parse(new.as_bytes()));
        let pairs = pair(&texts, &old, &new);
        assert!(other_pairs(&texts, &old, &new).iter().all(|other| other.len() == pairs.len()));
        pairs
    }

    #[test]
    fn lines_are_paired_by_text_and_then_by_shape() {
        assert_eq!(paired("a\nb\nc\n", "a\nX\n  c\n"), [Some(0), None, Some(2)]);
        assert_eq!(paired("", "a\n"), [None]);
        assert_eq!(paired("a\n", ""), []);
    }

    #[test]
    fn an_indented_block_is_paired_as_a_whole() {
        let old = "a {\n  b()\n}\nc {\n  d()\n}\n";
        let new = "if x {\n  a {\n    b()\n  }\n}\nc {\n  d()\n}\n";
        let pairs = paired(old, new);
        assert_eq!(pairs[1..4], [Some(0), Some(1), Some(2)]);
        assert_eq!(pairs[5..], [Some(3), Some(4), Some(5)]);
    }

    #[test]
    fn regions_are_what_stands_between_pairs() {
        assert_eq!(regions(&vec![Some(0), None, Some(2)], 4), [(1..2, 1..2), (3..4, 3..3)]);
        assert_eq!(regions(&Vec::new(), 0), []);
    }
}
