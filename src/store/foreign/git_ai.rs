//! git-ai, `authorship/3.0.0`: a map of lines, `---`, and a JSON document with prompts or sessions.

use serde_json::Value;

use super::reader::{Reader, claim, once, text};
use crate::provenance::{AttributedRange, Claim, FileAttribution};

pub(super) struct GitAi;

impl Reader for GitAi {
    fn references(&self) -> &'static [&'static str] {
        &["refs/notes/ai"]
    }

    fn read(&self, note: &[u8]) -> Vec<Claim> {
        let Some((_, document)) = parts(note) else { return Vec::new() };
        // A note without prompts and sessions is of a commit in which the tool saw no AI: it proves nothing.
        once(entries(&document).filter_map(|(_, entry)| claim_of(entry)))
    }

    fn lines(&self, note: &[u8], claims: &[Claim]) -> Option<Vec<FileAttribution>> {
        let (map, document) = parts(note)?;
        let place = |key: &str| {
            let (_, entry) = entries(&document).find(|(known, _)| *known == key)?;
            let claim = claim_of(entry)?;
            claims.iter().position(|known| *known == claim)
        };
        let mut files: Vec<FileAttribution> = Vec::new();
        for line in String::from_utf8_lossy(map).lines() {
            let Some(entry) = line.strip_prefix("  ") else {
                let path = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let path = path.unwrap_or(line).to_owned();
                files.push(FileAttribution { path, ranges: Vec::new() });
                continue;
            };
            let (Some(file), Some((key, ranges))) = (files.last_mut(), entry.split_once(' '))
            else {
                continue;
            };
            // A session's key may have that of a turn behind it; `h_...` is a person, or whoever had no hooks.
            let key = key.split("::").next().unwrap_or(key);
            let Some(contribution) = place(key) else { continue };
            file.ranges.extend(ranges.split(',').filter_map(|range| {
                let (start, end) = range.split_once('-').unwrap_or((range, range));
                let (start, end) = (start.parse().ok()?, end.parse().ok()?);
                (1 <= start && start <= end).then_some(AttributedRange { start, end, contribution })
            }));
        }
        for file in &mut files {
            file.ranges.sort_by_key(|range| range.start);
        }
        files.retain(|file| !file.ranges.is_empty());
        Some(files)
    }
}

/// Returns the map of lines and the document after the line `---`; `None` for a note of somebody else.
fn parts(note: &[u8]) -> Option<(&[u8], Value)> {
    let (map, start) = if note.starts_with(b"---\n") {
        (&b""[..], 4)
    } else {
        let end = memchr::memmem::find(note, b"\n---\n")?;
        (&note[..end], end + 5)
    };
    let document: Value = serde_json::from_slice(&note[start..]).ok()?;
    let schema = text(&document, "schema_version")?;
    schema.starts_with("authorship/").then_some((map, document))
}

/// Returns the prompts and sessions, each with its key in the map of lines.
fn entries(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    ["prompts", "sessions"]
        .into_iter()
        .filter_map(|field| document.get(field)?.as_object())
        .flat_map(|entries| entries.iter().map(|(key, entry)| (key.as_str(), entry)))
}

fn claim_of(entry: &Value) -> Option<Claim> {
    let agent = entry.get("agent_id").unwrap_or(entry);
    claim(text(agent, "tool"), text(agent, "model"))
}
