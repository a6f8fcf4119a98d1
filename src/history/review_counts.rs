//! What reviews came to, and what they changed before the commit.

use crate::history::CommitFacts;
use crate::provenance::{FindingCounts, Strength, Verdict};

/// Counts of reviews; those of several threads are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReviewCounts {
    /// Reviews that passed a commit's change.
    pub passed: u64,
    /// Reviews that did not, of changes that were committed nevertheless.
    pub overridden: u64,
    /// Reviews that did not come to their end.
    pub not_run: u64,
    /// Commits that an agent's review read without a verdict, and that have none.
    pub read_only: u64,
    /// Commits whose review was left out on purpose.
    pub skipped: u64,
    /// Of the verdicts: by a model that is not known to be stronger than the author.
    pub not_stronger: u64,
    /// Commits with findings that were fixed before them.
    pub fixed_in: u64,
    /// Those findings.
    pub fixed: FindingCounts,
    /// Findings that a person dismissed.
    pub dismissed: FindingCounts,
}

impl ReviewCounts {
    pub(super) fn add(&mut self, facts: &CommitFacts<'_>) {
        let reading = facts.reading;
        let mut fixed = FindingCounts::default();
        for review in &reading.reviews {
            match review.verdict {
                Verdict::Pass => self.passed += 1,
                Verdict::Block => self.overridden += 1,
                Verdict::NotRun => self.not_run += 1,
            }
            let is_verdict = review.verdict != Verdict::NotRun;
            self.not_stronger += u64::from(is_verdict && review.strength != Strength::Stronger);
            fixed.add(review.fixed);
            self.dismissed.add(review.dismissed);
        }
        self.read_only += u64::from(reading.is_read && reading.reviews.is_empty());
        self.skipped += u64::from(reading.skips_review);
        self.fixed_in += u64::from(fixed.total() > 0);
        self.fixed.add(fixed);
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.passed += other.passed;
        self.overridden += other.overridden;
        self.not_run += other.not_run;
        self.read_only += other.read_only;
        self.skipped += other.skipped;
        self.not_stronger += other.not_stronger;
        self.fixed_in += other.fixed_in;
        self.fixed.add(other.fixed);
        self.dismissed.add(other.dismissed);
    }
}
