//! Which lines of a file are kept, added and deleted between two versions.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, sources};

/// The difference between two versions of a file, by lines; all numbers count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineDiff {
    hunks: Vec<(Range<u32>, Range<u32>)>,
    new_len: u32,
}

impl LineDiff {
    /// Compares two versions by the histogram algorithm, as `git diff --histogram` would.
    ///
    /// A last line without its line break differs from one with it, as in Git.
    pub fn between(old: &[u8], new: &[u8]) -> Self {
        let input = InternedInput::new(sources::byte_lines(old), sources::byte_lines(new));
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        Self {
            hunks: diff.hunks().map(|hunk| (hunk.before, hunk.after)).collect(),
            new_len: u32::try_from(input.after.len()).unwrap_or(u32::MAX),
        }
    }

    /// Returns the same as [`Self::kept`] of two versions that are compared from their ends.
    ///
    /// Where one of two equal lines went, the other one is found.
    pub(super) fn kept_from_the_end(old: &[u8], new: &[u8]) -> Vec<Option<u32>> {
        let mut input = InternedInput::new(sources::byte_lines(old), sources::byte_lines(new));
        input.before.reverse();
        input.after.reverse();
        let diff = Diff::compute(Algorithm::Histogram, &input);
        let len = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        let (old_len, new_len) = (len(input.before.len()), len(input.after.len()));
        let hunks = diff.hunks().map(|hunk| (hunk.before, hunk.after)).collect();
        let mut kept = Self { hunks, new_len }.kept();
        kept.reverse();
        kept.into_iter().map(|place| place.map(|place| old_len - 1 - place)).collect()
    }

    /// Returns the runs that differ: lines of the old version, and those that stand in their place in the new one.
    pub(super) fn hunks(&self) -> impl Iterator<Item = (Range<u32>, Range<u32>)> {
        self.hunks.iter().cloned()
    }

    /// Returns the lines of the new version that the old one has not.
    pub fn added(&self) -> impl Iterator<Item = u32> {
        self.hunks.iter().flat_map(|(_, after)| after.clone())
    }

    /// Returns the lines of the old version that the new one has not.
    pub fn deleted(&self) -> impl Iterator<Item = u32> {
        self.hunks.iter().flat_map(|(before, _)| before.clone())
    }

    /// Returns for each line of the new version its number in the old one; `None` for an added line.
    ///
    /// ```text
    /// old: a b c      new: a X c      -> [0, None, 2]
    /// ```
    pub fn kept(&self) -> Vec<Option<u32>> {
        let mut kept = Vec::with_capacity(self.new_len as usize);
        let mut old = 0;
        for (before, after) in &self.hunks {
            let run = after.start - u32::try_from(kept.len()).unwrap_or(u32::MAX).min(after.start);
            kept.extend((old..old + run).map(Some));
            kept.extend(after.clone().map(|_| None));
            old = before.end;
        }
        let rest = self.new_len - u32::try_from(kept.len()).unwrap_or(u32::MAX).min(self.new_len);
        kept.extend((old..old + rest).map(Some));
        kept
    }
}

/// Returns the lines of a file, each with its line break.
pub fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split_inclusive(|byte| *byte == b'\n')
}

/// Says whether a line has neither letter nor digit; bytes beyond ASCII count as letters.
pub(super) fn is_trivial(line: &[u8]) -> bool {
    !line.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
}

/// Says whether Git takes a content for binary: a NUL among its first 8,000 bytes.
pub fn is_binary(content: &[u8]) -> bool {
    memchr::memchr(0, &content[..content.len().min(8000)]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_lines_know_their_old_numbers() {
        let diff = LineDiff::between(b"a\nb\nc\n", b"x\na\nB\nc\ny\n");
        assert_eq!(diff.kept(), [None, Some(0), None, Some(2), None]);
        assert_eq!(diff.added().collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!(diff.deleted().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn from_the_end_the_other_of_two_equal_lines_is_kept() {
        assert_eq!(LineDiff::between(b"x\nx\n", b"x\n").kept(), [Some(0)]);
        assert_eq!(LineDiff::kept_from_the_end(b"x\nx\n", b"x\n"), [Some(1)]);
        assert_eq!(
            LineDiff::kept_from_the_end(b"a\nb\nc\n", b"a\nc\nd\n"),
            [Some(0), Some(2), None]
        );
    }

    #[test]
    fn a_missing_last_line_break_is_a_change() {
        assert_eq!(LineDiff::between(b"a\nb", b"a\nb\n").kept(), [Some(0), None]);
        assert_eq!(LineDiff::between(b"", b"").kept(), []);
    }

    #[test]
    fn a_line_without_letter_or_digit_is_trivial() {
        assert!(is_trivial(b"  });\r\n"));
        assert!(!is_trivial("é".as_bytes()));
    }
}
