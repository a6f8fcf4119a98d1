//! `BlamePrompt`: a JSON document with `receipts`, each with `provider` and `model`.

use serde_json::Value;

use super::reader::{Reader, claim, once, text};
use crate::provenance::Claim;

pub(super) struct BlamePrompt;

impl Reader for BlamePrompt {
    fn references(&self) -> &'static [&'static str] {
        &["refs/notes/blameprompt"]
    }

    fn read(&self, note: &[u8]) -> Vec<Claim> {
        let Ok(document) = serde_json::from_slice::<Value>(note) else { return Vec::new() };
        let receipts = document.get("receipts").and_then(Value::as_array).into_iter().flatten();
        once(
            receipts.filter_map(|receipt| claim(text(receipt, "provider"), text(receipt, "model"))),
        )
    }
}
