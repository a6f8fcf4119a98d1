//! How many lines one version of a file adds and removes against another, as `git diff --numstat` counts them.
//!
//! The numbers are those of Git's default algorithm. It leaves frequent lines such as `end` out of the comparison
//! where they stand among lines that the other version has not, and so finds a little more changed than the least
//! possible; the same is done here before the rest is compared.

use imara_diff::{Algorithm, Diff, InternedInput, Token, sources};

/// Git's `core.bigFileThreshold`: a larger file is not compared, in bytes.
const BIG_FILE: usize = 512 << 20;

/// A file with a NUL among so many first bytes is binary to Git.
const BINARY_PREFIX: usize = 8000;

/// A line that stands so often in the other version is frequent in a file of any length.
const MOST_OCCURRENCES: u32 = 1024;

/// So many lines around a frequent one are looked at.
const WINDOW: usize = 100;

/// With fewer changed lines than this no line stands between two others.
const FEW_LINES: usize = 3;

/// Up to so many edits Git looks for the least number of them; beyond it stops looking early.
const MOST_EDITS: usize = 512;

/// Says whether Git would not count the lines of a content.
pub fn is_binary(content: &[u8]) -> bool {
    content.len() > BIG_FILE
        || memchr::memchr(0, &content[..content.len().min(BINARY_PREFIX)]).is_some()
}

/// Counts the added and the deleted lines between two contents.
pub(super) fn count(old: &[u8], new: &[u8]) -> (u64, u64) {
    let (start, end) = common_ends(old, new);
    let (old_part, new_part) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    if old_part.is_empty() || new_part.is_empty() {
        return (lines(new_part), lines(old_part));
    }
    let mut input =
        InternedInput::new(sources::byte_lines(old_part), sources::byte_lines(new_part));
    let (all_old, all_new) = (input.before.len(), input.after.len());
    let few = all_old.max(all_new) < FEW_LINES;
    if !few {
        leave_out_frequent(&mut input, &old[..start], &old[old.len() - end..]);
    }
    let (old_kept, new_kept) = (input.before.len(), input.after.len());
    let (added, deleted) = if let Some(edits) = edits(&input.before, &input.after) {
        // Every edit adds or deletes one line, and the lengths tell how many more are added than deleted.
        ((edits + new_kept - old_kept) / 2, (edits + old_kept - new_kept) / 2)
    } else {
        let diff = Diff::compute(Algorithm::Myers, &input);
        (diff.count_additions() as usize, diff.count_removals() as usize)
    };
    ((all_new - new_kept + added) as u64, (all_old - old_kept + deleted) as u64)
}

/// Returns the least number of added and deleted lines that make one text of another; `None` where that is many.
///
/// Myers' greedy algorithm without its path: of each diagonal only how far it was followed.
fn edits(old: &[Token], new: &[Token]) -> Option<usize> {
    let same = old.iter().zip(new).take_while(|(left, right)| left == right).count();
    let (old, new) = (&old[same..], &new[same..]);
    if old.is_empty() || new.is_empty() {
        return Some(old.len() + new.len());
    }
    let end = new.len().cast_signed() - old.len().cast_signed();
    // One more diagonal on either side, so that each has two neighbours.
    let middle = (MOST_EDITS + 1).cast_signed();
    let mut reached = vec![-1_isize; 2 * MOST_EDITS + 3];
    let at = |diagonal: isize| (middle + diagonal).cast_unsigned();
    // How many new lines are behind us on a diagonal; diagonal = new lines - old lines.
    for edits in 0..=MOST_EDITS.cast_signed() {
        for diagonal in (-edits..=edits).step_by(2) {
            let by_adding = reached[at(diagonal - 1)] + 1;
            let by_deleting = reached[at(diagonal + 1)];
            let mut place = if edits == 0 { 0 } else { by_adding.max(by_deleting) };
            if place < 0 || place - diagonal < 0 {
                continue;
            }
            let (new_at, old_at) = (place.cast_unsigned(), (place - diagonal).cast_unsigned());
            if new_at <= new.len() && old_at <= old.len() {
                let rest = new[new_at..].iter().zip(&old[old_at..]);
                place += rest.take_while(|(new, old)| new == old).count().cast_signed();
                if diagonal == end && place == new.len().cast_signed() {
                    return Some(edits.cast_unsigned());
                }
            }
            reached[at(diagonal)] = place;
        }
    }
    None
}

/// Returns how many bytes of whole lines both contents begin with, and how many both end with.
fn common_ends(old: &[u8], new: &[u8]) -> (usize, usize) {
    let same = same_bytes(old.iter(), new.iter());
    let start = if same == old.len() && same == new.len() {
        same
    } else {
        memchr::memrchr(b'\n', &old[..same]).map_or(0, |end| end + 1)
    };
    let (old, new) = (&old[start..], &new[start..]);
    let same = same_bytes(old.iter().rev(), new.iter().rev());
    // What is left must end in whole lines on both sides.
    let is_whole = |side: &[u8]| same == side.len() || side[side.len() - same - 1] == b'\n';
    if is_whole(old) && is_whole(new) {
        return (start, same);
    }
    let tail = &old[old.len() - same..];
    (start, memchr::memchr(b'\n', tail).map_or(0, |end| same - end - 1))
}

fn same_bytes<'a>(
    left: impl Iterator<Item = &'a u8>,
    right: impl Iterator<Item = &'a u8>,
) -> usize {
    left.zip(right).take_while(|(left, right)| left == right).count()
}

fn lines(content: &[u8]) -> u64 {
    let ends = memchr::memchr_iter(b'\n', content).count() as u64;
    ends + u64::from(!content.is_empty() && !content.ends_with(b"\n"))
}

/// How often a line stands in the other version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Never,
    Seldom,
    Often,
}

/// Removes the lines that Git does not compare; `head` and `tail` are the lines common to both versions.
fn leave_out_frequent<'a>(input: &mut InternedInput<&'a [u8]>, head: &'a [u8], tail: &'a [u8]) {
    let known = input.interner.num_tokens() as usize;
    let count = |tokens: &[Token]| {
        let mut counts = vec![0_u32; known];
        for token in tokens {
            counts[token.0 as usize] += 1;
        }
        counts
    };
    let (mut in_old, mut in_new) = (count(&input.before), count(&input.after));
    let mut common = 0;
    for line in [head, tail].into_iter().flat_map(sources::byte_lines) {
        common += 1;
        let token = input.interner.intern(line).0 as usize;
        if token < known {
            in_old[token] += 1;
            in_new[token] += 1;
        }
    }
    let limit = |lines: usize| root(lines + common).min(MOST_OCCURRENCES);
    let (old_limit, new_limit) = (limit(input.before.len()), limit(input.after.len()));
    input.before = kept(&input.before, &in_new, old_limit);
    input.after = kept(&input.after, &in_old, new_limit);
}

/// Returns the power of two by which Git estimates a square root.
fn root(number: usize) -> u32 {
    2_u32.saturating_pow(number.checked_ilog(4).map_or(0, |power| power + 1))
}

fn kept(tokens: &[Token], in_other: &[u32], limit: u32) -> Vec<Token> {
    let found: Vec<Found> = tokens
        .iter()
        .map(|token| match in_other[token.0 as usize] {
            0 => Found::Never,
            times if times >= limit => Found::Often,
            _ => Found::Seldom,
        })
        .collect();
    let is_kept = |place: usize| match found[place] {
        Found::Never => false,
        Found::Seldom => true,
        Found::Often => !is_lost_among_others(&found, place),
    };
    tokens.iter().enumerate().filter(|(place, _)| is_kept(*place)).map(|(_, line)| *line).collect()
}

/// Says whether on both sides of a frequent line, up to the next seldom one, nearly all lines are new.
fn is_lost_among_others(found: &[Found], place: usize) -> bool {
    let before = found[place.saturating_sub(WINDOW)..place].iter().rev();
    let after = found[place + 1..].iter().take(WINDOW);
    let (never_before, often_before) = run(before);
    let (never_after, often_after) = run(after);
    // The line itself counts on either side.
    let (never, often) = (never_before + never_after, often_before + often_after + 2);
    never_before > 0 && never_after > 0 && often * 3 < never
}

/// Counts the lines of either kind up to the next seldom one.
fn run<'a>(lines: impl Iterator<Item = &'a Found>) -> (usize, usize) {
    let run = lines.take_while(|found| **found != Found::Seldom);
    run.fold((0, 0), |(never, often), found| match found {
        Found::Never => (never + 1, often),
        _ => (never, often + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_git_counts_them() {
        for (old, new, expected) in [
            ("", "a\nb", (2, 0)),
            ("a\nb\n", "", (0, 2)),
            ("a\nb\nc\n", "a\nB\nc\n", (1, 1)),
            ("a\n", "a", (1, 1)),
            ("a\nb", "a\nb\nc", (2, 1)),
            ("a\na\n", "a\na\na\n", (1, 0)),
            ("xa\n", "ya\n", (1, 1)),
            ("b\na\n", "ab\na\n", (1, 1)),
            ("b\na", "ab\na", (1, 1)),
        ] {
            assert_eq!(count(old.as_bytes(), new.as_bytes()), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn a_root_is_estimated_as_git_does() {
        let roots = [0, 1, 3, 4, 15, 16, 63, 64].map(root);
        assert_eq!(roots, [1, 2, 2, 4, 4, 8, 8, 16]);
    }

    #[test]
    fn a_frequent_line_among_new_ones_is_not_compared() {
        let many = "end\n".repeat(40);
        let old = format!("{many}a\nb\nc\nend\nd\ne\nf\n");
        let new = format!("{many}A\nB\nC\nD\nend\nE\nF\nG\nH\n");
        // The least possible would be eight added and six deleted.
        assert_eq!(count(old.as_bytes(), new.as_bytes()), (9, 7));
    }
}
