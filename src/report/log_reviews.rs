//! What `git model log --full` says of reviews.

use serde::Serialize;

use crate::format::{Fact, thousands};
use crate::history::ReviewCounts;
use crate::provenance::FindingCounts;
use crate::report::review_words::counts_words;

/// Returns it for people; nothing where nothing was reviewed.
pub(super) fn fact(counts: &ReviewCounts) -> Option<Fact> {
    let named = [
        (counts.passed, "pass"),
        (counts.overridden, "blocked, overridden"),
        (counts.not_run, "not completed"),
        (counts.read_only, "read without a verdict"),
        (counts.skipped, "left out on purpose"),
    ];
    let parts = named.iter().filter(|(number, _)| *number > 0);
    let parts = parts.map(|(number, words)| format!("{} {words}", thousands(*number)));
    let parts = parts.collect::<Vec<_>>();
    if parts.is_empty() {
        return None;
    }
    let all = named.iter().map(|(number, _)| number).sum();
    let mut lines = vec![format!("{}: {}", thousands(all), parts.join(", "))];
    if counts.fixed_in > 0 {
        let commits = if counts.fixed_in == 1 { "commit" } else { "commits" };
        lines.push(format!(
            "found and fixed before the commit: {}, in {} {commits}",
            counts_words(counts.fixed),
            thousands(counts.fixed_in)
        ));
    }
    if counts.dismissed.total() > 0 {
        lines.push(format!("dismissed by a person: {}", counts_words(counts.dismissed)));
    }
    if counts.not_stronger > 0 {
        lines.push(format!(
            "{} by a model not known to be stronger than the author",
            thousands(counts.not_stronger)
        ));
    }
    Some(Fact { label: "Reviews".to_owned(), lines })
}

/// Reviews of a history on the wire.
#[derive(Debug, Serialize)]
pub(super) struct ReviewsJson {
    passed: u64,
    overridden: u64,
    not_run: u64,
    read_only: u64,
    skipped: u64,
    not_stronger: u64,
    fixed_in_commits: u64,
    fixed: FindingCounts,
    dismissed: FindingCounts,
}

pub(super) fn json(counts: &ReviewCounts) -> ReviewsJson {
    ReviewsJson {
        passed: counts.passed,
        overridden: counts.overridden,
        not_run: counts.not_run,
        read_only: counts.read_only,
        skipped: counts.skipped,
        not_stronger: counts.not_stronger,
        fixed_in_commits: counts.fixed_in,
        fixed: counts.fixed,
        dismissed: counts.dismissed,
    }
}
