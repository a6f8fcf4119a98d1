//! whogitit, formerly ai-blame: a JSON document with `session.model.id`. It hooks Claude Code and nothing else.

use serde_json::Value;

use super::reader::{Reader, claim, text};
use crate::provenance::Claim;

pub(super) struct Whogitit;

impl Reader for Whogitit {
    fn references(&self) -> &'static [&'static str] {
        &["refs/notes/whogitit", "refs/notes/ai-blame"]
    }

    fn read(&self, note: &[u8]) -> Vec<Claim> {
        let Ok(document) = serde_json::from_slice::<Value>(note) else { return Vec::new() };
        let model = document.get("session").and_then(|session| session.get("model"));
        let id = model.and_then(|model| text(model, "id").or_else(|| model.as_str()));
        id.and_then(|id| claim(Some("claude-code"), Some(id))).into_iter().collect()
    }
}
