//! Several notes of one commit made into one, as two machines have written them.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::{READ_LIMIT, is_known, render, wire};
use crate::provenance::{CommitId, CommitRecord, combine};

/// One note in place of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedNote {
    /// The whole content; the same on every machine, in whatever order the notes are given.
    pub content: Vec<u8>,
    /// Records of both were combined line by line.
    pub is_combined: bool,
    /// A part was written by a newer version, or by another program, and stands beside ours as it was.
    pub keeps_foreign: bool,
}

/// A record of ours out of a note.
struct Part {
    written: DateTime<Utc>,
    text: String,
    record: CommitRecord,
}

/// Joins the notes of a commit; `None` where none of them can be read at all.
///
/// Records of ours are combined. What a newer version or another program wrote is kept before them, as it is: readers
/// take the last part that is about this commit. Text that is no JSON, and a record that Git copied from another
/// commit, give way to a record of ours.
pub fn join<'n>(commit: CommitId, notes: impl IntoIterator<Item = &'n [u8]>) -> Option<JoinedNote> {
    let mut parts = Vec::<Part>::new();
    let mut foreign = Vec::<String>::new();
    let mut copied = Vec::<String>::new();
    for bytes in notes.into_iter().filter(|bytes| bytes.len() <= READ_LIMIT) {
        for raw in serde_json::Deserializer::from_slice(bytes).into_iter::<Box<RawValue>>() {
            let Ok(raw) = raw else { break };
            let text = raw.get().to_owned();
            let Ok(trace) = serde_json::from_str::<wire::Trace>(&text) else { continue };
            let is_own = trace.vcs.as_ref().is_some_and(|vcs| vcs.revision == commit.to_string());
            let is_ours = trace.metadata.ours.as_ref().is_some_and(|ours| is_known(&ours.schema));
            let written = written(&trace);
            match trace.into_record(commit) {
                Ok(record) if is_ours && is_own => parts.push(Part { written, text, record }),
                Ok(_) if is_ours => copied.push(text),
                _ => foreign.push(text),
            }
        }
    }
    if parts.is_empty() {
        foreign.append(&mut copied);
    }
    foreign.sort();
    foreign.dedup();
    parts.sort_by(|one, other| (one.written, &one.text).cmp(&(other.written, &other.text)));
    parts.dedup_by(|one, other| one.text == other.text);
    let is_combined = parts.len() > 1;
    let ours = match parts.as_slice() {
        [] => None,
        [one] => Some(one.text.clone().into_bytes()),
        [.., last] => {
            let written = last.written;
            let records = parts.into_iter().map(|part| part.record);
            records.reduce(combine).map(|record| render(commit, &record, written))
        }
    };
    let keeps_foreign = !foreign.is_empty();
    let ours_length = ours.as_ref().map_or(0, Vec::len);
    let mut content = Vec::new();
    for text in foreign {
        if content.len() + text.len() + ours_length < READ_LIMIT {
            content.extend_from_slice(text.as_bytes());
            content.push(b'\n');
        }
    }
    content.extend(ours.unwrap_or_default());
    (!content.is_empty()).then_some(JoinedNote { content, is_combined, keeps_foreign })
}

fn written(trace: &wire::Trace) -> DateTime<Utc> {
    let time = DateTime::parse_from_rfc3339(&trace.timestamp);
    time.map(|time| time.to_utc()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{Contribution, LineCounts, Origin, Recorder};
    use crate::store::note::parse;

    fn commit() -> CommitId {
        "0123456789abcdef0123456789abcdef01234567".parse().unwrap()
    }

    fn note(recorder: Recorder, seconds: i64) -> Vec<u8> {
        let lines = LineCounts { added: 1, ..LineCounts::default() };
        let human = Contribution { origin: Origin::Human, requested: None, session: None, lines };
        let record =
            CommitRecord { recorder, contributions: vec![human], ..CommitRecord::default() };
        render(commit(), &record, DateTime::from_timestamp(seconds, 0).unwrap())
    }

    fn newer() -> Vec<u8> {
        String::from_utf8(note(Recorder::Hook, 5))
            .unwrap()
            .replace(&format!("\"{}\"", crate::store::note::SCHEMA), "\"2.0\"")
            .into_bytes()
    }

    #[test]
    fn the_order_of_the_notes_makes_no_difference() {
        let (one, other) = (note(Recorder::Hook, 1), note(Recorder::Record, 2));
        let joined = join(commit(), [&one[..], &other]).unwrap();
        assert_eq!(join(commit(), [&other[..], &one]).unwrap(), joined);
        assert_eq!(join(commit(), [&joined.content[..], &one]).unwrap().content, joined.content);
        assert_eq!(parse(commit(), &joined.content).unwrap().recorder, Recorder::Hook);
        assert!(joined.is_combined);
    }

    #[test]
    fn what_a_newer_version_wrote_stands_before_ours_and_stays() {
        let ours = note(Recorder::Hook, 1);
        let joined = join(commit(), [&ours[..], &newer()]).unwrap();
        assert!(joined.keeps_foreign && joined.content.starts_with(&newer()));
        assert_eq!(parse(commit(), &joined.content).unwrap().recorder, Recorder::Hook);
        let again = join(commit(), [&newer()[..], &joined.content]).unwrap();
        assert_eq!(again.content, joined.content);
    }

    #[test]
    fn what_nobody_can_read_gives_way() {
        let ours = note(Recorder::Hook, 1);
        assert_eq!(join(commit(), [&b"no JSON"[..], &ours]).unwrap().content, ours);
        assert_eq!(join(commit(), [&b"no JSON"[..], b"{\"files\":1}"]), None);
        let other = CommitId::from_bytes(&[7; 20]).unwrap();
        assert_eq!(join(other, [&ours[..]]).unwrap().content, [&ours[..], b"\n"].concat());
    }
}
