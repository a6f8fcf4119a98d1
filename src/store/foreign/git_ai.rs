//! git-ai, `authorship/3.0.0`: a map of lines, `---`, and a JSON document with prompts or sessions.

use serde_json::Value;

use super::reader::{Reader, claim, once, text};
use crate::provenance::Claim;

pub(super) struct GitAi;

impl Reader for GitAi {
    fn references(&self) -> &'static [&'static str] {
        &["refs/notes/ai"]
    }

    fn read(&self, note: &[u8]) -> Vec<Claim> {
        let Some(document) = document(note) else { return Vec::new() };
        let is_ours = text(&document, "schema_version")
            .is_some_and(|schema| schema.starts_with("authorship/"));
        if !is_ours {
            return Vec::new();
        }
        // A note without prompts and sessions is of a commit in which the tool saw no AI: it proves nothing.
        let entries = ["prompts", "sessions"]
            .into_iter()
            .filter_map(|field| document.get(field)?.as_object())
            .flat_map(|entries| entries.values());
        once(entries.filter_map(|entry| {
            let agent = entry.get("agent_id").unwrap_or(entry);
            claim(text(agent, "tool"), text(agent, "model"))
        }))
    }
}

/// Returns the document after the line `---`.
fn document(note: &[u8]) -> Option<Value> {
    let start =
        if note.starts_with(b"---\n") { 4 } else { memchr::memmem::find(note, b"\n---\n")? + 5 };
    serde_json::from_slice(&note[start..]).ok()
}
