//! Agent Note: a JSON document with `agent` and `model`.

use serde_json::Value;

use super::reader::{Reader, claim, text};
use crate::provenance::Claim;

pub(super) struct AgentNote;

impl Reader for AgentNote {
    fn references(&self) -> &'static [&'static str] {
        &["refs/notes/agentnote"]
    }

    fn read(&self, note: &[u8]) -> Vec<Claim> {
        let Ok(document) = serde_json::from_slice::<Value>(note) else { return Vec::new() };
        claim(text(&document, "agent"), text(&document, "model")).into_iter().collect()
    }
}
