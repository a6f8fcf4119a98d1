//! The lines in which two texts differ, with some around them, as a patch shows them.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, sources};

/// A run of lines of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextHunk {
    /// The lines in their order, the deleted ones before those that stand in their place.
    pub lines: Vec<HunkLine>,
}

/// A line of a hunk. All numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HunkLine {
    /// Both texts have it; the number is that of the new one.
    Kept(usize),
    /// Only the new text has it.
    Added(usize),
    /// Only the old text has it.
    Deleted(usize),
}

/// Compares two texts by the histogram algorithm, with up to `around` kept lines before and after each change.
pub fn hunks_between(old: &str, new: &str, around: usize) -> Vec<TextHunk> {
    let input = InternedInput::new(
        sources::byte_lines(old.as_bytes()),
        sources::byte_lines(new.as_bytes()),
    );
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let wide = |range: Range<u32>| range.start as usize..range.end as usize;
    let mut hunks = Vec::<TextHunk>::new();
    // The first line of the new text that is in no hunk yet.
    let mut next = 0;
    let mut changes = diff.hunks().map(|hunk| (wide(hunk.before), wide(hunk.after))).peekable();
    while let Some((before, after)) = changes.next() {
        let start = after.start.saturating_sub(around).max(next);
        if start > next || hunks.is_empty() {
            hunks.push(TextHunk { lines: Vec::new() });
        }
        let following = changes.peek().map_or(input.after.len(), |(_, after)| after.start);
        next = (after.end + around).min(following);
        let Some(hunk) = hunks.last_mut() else { continue };
        hunk.lines.extend((start..after.start).map(HunkLine::Kept));
        hunk.lines.extend(before.map(HunkLine::Deleted));
        hunk.lines.extend(after.clone().map(HunkLine::Added));
        hunk.lines.extend((after.end..next).map(HunkLine::Kept));
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(old: &str, new: &str) -> String {
        let old_lines = old.lines().collect::<Vec<_>>();
        let new_lines = new.lines().collect::<Vec<_>>();
        let draw = |line: &HunkLine| match *line {
            HunkLine::Kept(at) => format!(" {}", new_lines[at]),
            HunkLine::Added(at) => format!("+{}", new_lines[at]),
            HunkLine::Deleted(at) => format!("-{}", old_lines[at]),
        };
        let hunks = hunks_between(old, new, 1);
        let hunks = hunks.iter().map(|hunk| hunk.lines.iter().map(draw).collect::<String>());
        hunks.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn changes_that_stand_near_each_other_are_one_hunk() {
        assert_eq!(drawn("a\nb\nc\nd\ne\nf\n", "a\nB\nc\nd\nE\nf\n"), " a-b+B c d-e+E f");
        assert_eq!(drawn("a\nb\nc\nd\ne\nf\n", "A\nb\nc\nd\nE\nf\n"), "-a+A b| d-e+E f");
        assert_eq!(drawn("a\nb\nc\n", "b\n"), "-a b-c");
    }

    #[test]
    fn a_new_and_a_deleted_text_are_whole() {
        assert_eq!(drawn("", "a\nb\n"), "+a+b");
        assert_eq!(drawn("a\nb\n", ""), "-a-b");
        assert_eq!(drawn("a\n", "a\n"), "");
    }
}
