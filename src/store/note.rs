//! The note of a commit: a valid Agent Trace 0.1.0 record, with our part under `metadata["git-model"]`.
//!
//! Source of the format: the Agent Trace specification, section 6.1 (revision of 2026-02-06). Fields of our own
//! stand nowhere but in `metadata`, so that any reader of Agent Trace can use the note.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::provenance::{
    AttributedRange, CommitId, CommitRecord, Contribution, FileAttribution, Grade, LineCounts,
    ModelName, Origin,
};
use crate::store::{Error, KeptUsage};

mod join;
mod wire;

pub use join::{JoinedNote, join};

/// Where notes stand.
pub const REFERENCE: &str = "refs/notes/model";

/// The version of our part; readers accept newer ones with the same first number.
pub const SCHEMA: &str = "1.0";

/// The largest note that is written, in bytes; beyond it the line ranges are left out.
const SIZE_LIMIT: usize = 1 << 20;

/// The largest note that is read.
pub(super) const READ_LIMIT: usize = 16 << 20;

/// Writes the record of a commit as a note.
pub fn render(commit: CommitId, record: &CommitRecord, written: DateTime<Utc>) -> Vec<u8> {
    let timestamp = written.to_rfc3339_opts(SecondsFormat::Secs, true);
    let whole = to_json(&wire::Trace::new(commit, record, &timestamp));
    if whole.len() <= SIZE_LIMIT {
        return whole;
    }
    let without_ranges = CommitRecord { files: Vec::new(), ..record.clone() };
    let mut trace = wire::Trace::new(commit, &without_ranges, &timestamp);
    trace.metadata.ours.as_mut().expect("a note of ours has our part").ranges_left_out = true;
    to_json(&trace)
}

fn to_json(trace: &wire::Trace) -> Vec<u8> {
    serde_json::to_vec(trace).expect("a note has only text, numbers and lists")
}

/// Reads the note of a commit.
///
/// A note that some setting of Git has joined from several is read too: the last part that is about this very
/// commit counts, else the last of all. A record of another program without our part gives the models it names.
pub fn parse(commit: CommitId, bytes: &[u8]) -> Result<CommitRecord, Error> {
    parse_placed(commit, bytes).map(|(record, _)| record)
}

/// Reads the note of a commit, and says whether its line numbers are those of this very commit.
///
/// They are not where Git has copied the note of another commit (`notes.rewriteRef`).
pub fn parse_placed(commit: CommitId, bytes: &[u8]) -> Result<(CommitRecord, bool), Error> {
    let damaged = |reason: String| Error::DamagedNote { commit, reason };
    if bytes.len() > READ_LIMIT {
        return Err(damaged(format!("it has {} bytes", bytes.len())));
    }
    let mut traces = Vec::new();
    let mut failure = "it is empty".to_owned();
    for part in serde_json::Deserializer::from_slice(bytes).into_iter::<wire::Trace>() {
        match part {
            Ok(trace) => traces.push(trace),
            Err(error) => failure = error.to_string(),
        }
    }
    let own = commit.to_string();
    let about_this =
        |trace: &wire::Trace| trace.vcs.as_ref().is_some_and(|vcs| vcs.revision == own);
    let last = traces.len().checked_sub(1).ok_or_else(|| damaged(failure))?;
    let chosen = traces.iter().rposition(about_this);
    let record = traces.swap_remove(chosen.unwrap_or(last)).into_record(commit)?;
    Ok((record, chosen.is_some()))
}

/// Says whether a note is one record, made for this very commit.
///
/// Git's own copying (`notes.rewriteRef`) makes notes that speak of another commit, with its line numbers, or joins
/// two of them.
pub fn is_made_for(commit: CommitId, bytes: &[u8]) -> bool {
    let own = commit.to_string();
    let mut traces = serde_json::Deserializer::from_slice(bytes).into_iter::<wire::Trace>();
    let first = traces.next().and_then(Result::ok).and_then(|trace| trace.vcs);
    first.is_some_and(|vcs| vcs.revision == own) && traces.next().is_none()
}

/// Says whether our part has a version that this program reads.
fn is_known(schema: &str) -> bool {
    let first = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    first(schema) == first(SCHEMA)
}

impl wire::Trace {
    fn into_record(self, commit: CommitId) -> Result<CommitRecord, Error> {
        let Some(ours) = self.metadata.ours else { return Ok(foreign_record(&self.files)) };
        if !is_known(&ours.schema) {
            return Err(Error::NewerNote { commit, found: ours.schema, known: SCHEMA });
        }
        let damaged = |reason: &str| Error::DamagedNote { commit, reason: reason.to_owned() };
        let contributions = ours
            .contributions
            .into_iter()
            .map(|contribution| {
                contribution
                    .into_contribution()
                    .ok_or_else(|| damaged("a contribution names nobody"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let files = self
            .files
            .into_iter()
            .map(|file| file_attribution(&file, contributions.len()))
            .collect();
        Ok(CommitRecord {
            contributions,
            files,
            unknown: ours.unknown,
            trailers: ours.trailers,
            mismatches: ours.mismatches.iter().filter_map(|id| ModelName::parse(id).ok()).collect(),
            read_by: ours.read_by.into_iter().map(wire::ReadByWire::into_read_by).collect(),
            usage: ours.usage.iter().filter_map(KeptUsage::usage).collect(),
            plans: ours.plans.into_iter().filter_map(wire::PlanWire::into_followed).collect(),
            unclear_plans: ours.unclear_plans.iter().filter_map(|id| id.parse().ok()).collect(),
            recorder: ours.recorder,
            operation: ours.operation,
            sources: ours.sources,
        })
    }
}

/// Reads the ranges of one file; those that point nowhere are left out, and so are unknown.
fn file_attribution(file: &wire::File, contributions: usize) -> FileAttribution {
    let mut ranges = Vec::new();
    for conversation in &file.conversations {
        let place = conversation.url.as_deref().and_then(wire::contribution_of_url);
        let Some(contribution) = place.filter(|place| *place < contributions) else { continue };
        let valid = conversation
            .ranges
            .iter()
            .filter(|range| range.start_line >= 1 && range.end_line >= range.start_line);
        ranges.extend(valid.map(|range| AttributedRange {
            start: range.start_line,
            end: range.end_line,
            contribution,
        }));
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    FileAttribution { path: file.path.clone(), ranges }
}

/// Makes what can be made of a record without our part: each model that it names, declared by that program.
fn foreign_record(files: &[wire::File]) -> CommitRecord {
    let mut record = CommitRecord::default();
    for conversation in files.iter().flat_map(|file| &file.conversations) {
        let own = conversation.contributor.as_ref();
        for contributor in
            conversation.ranges.iter().filter_map(|range| range.contributor.as_ref().or(own))
        {
            let Some(model) =
                contributor.model_id.as_deref().and_then(|id| ModelName::parse(id).ok())
            else {
                continue;
            };
            let origin = Origin::Model { model, phase: None, agent: None, grade: Grade::Declared };
            if !record.contributions.iter().any(|known| known.origin == origin) {
                let lines = LineCounts::default();
                record.contributions.push(Contribution {
                    origin,
                    requested: None,
                    session: None,
                    lines,
                });
            }
        }
    }
    record
}

#[cfg(test)]
mod tests;
