//! The commits that followed a plan, found in history by their notes: also after a rebase.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicU64;

use chrono::DateTime;

use crate::git::{Error, HistoryReader, Pace, Selection, walk_in_order};
use crate::history::notes::Notes;
use crate::provenance::{CommitId, CommitRecord, FollowedPlan, PlanId};
use crate::store::note;

/// Clocks differ: commits are looked for from a day before the plan was made, in seconds.
const LENIENCE_SECONDS: i64 = 24 * 3600;

/// A commit that followed a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanCommit {
    /// Its id.
    pub id: CommitId,
    /// When it was committed: seconds since 1970.
    pub seconds: i64,
    /// The first line of its message.
    pub subject: String,
    /// How it followed the plan.
    pub followed: FollowedPlan,
    /// Its record.
    pub record: CommitRecord,
}

/// Finds the commits of all branches that followed a plan, oldest first; `since` is in seconds since 1970.
pub fn plan_commits(
    reader: &HistoryReader,
    plan: &PlanId,
    since: i64,
) -> Result<Vec<PlanCommit>, Error> {
    let notes = Notes::read(reader)?;
    if notes.own.is_empty() {
        return Ok(Vec::new());
    }
    let since = DateTime::from_timestamp(since - LENIENCE_SECONDS, 0).unwrap_or_default();
    let selection =
        Selection { all: true, since: Some(since.to_rfc3339()), ..Selection::default() };
    let ids = reader.list(&selection, Pace::Bulk)?;
    let mut found = Vec::new();
    let progress = AtomicU64::new(0);
    walk_in_order(
        reader,
        ids,
        &progress,
        |commit, objects| {
            let mut blobs = notes.own.blobs(commit.id);
            blobs.find_map(|blob| {
                let bytes = objects.blob(blob).ok()?;
                let record = note::parse(commit.id, bytes).ok()?;
                let followed = record.plans.iter().find(|followed| followed.id == *plan)?.clone();
                Some(PlanCommit {
                    id: commit.id,
                    seconds: commit.committer.seconds,
                    subject: commit.decode().subject().to_owned(),
                    followed,
                    record,
                })
            })
        },
        |block| {
            found.extend(block.into_iter().flatten());
            ControlFlow::Continue(())
        },
    )?;
    found.reverse();
    Ok(found)
}
