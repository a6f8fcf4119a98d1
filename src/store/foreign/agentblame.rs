//! Agent Blame: a JSON list of attributions, each with `provider` and `model`, alone or in `attributions`.

use serde_json::Value;

use super::reader::{Reader, claim, once, text};
use crate::provenance::Claim;

pub(super) struct AgentBlame;

impl Reader for AgentBlame {
    fn references(&self) -> &'static [&'static str] {
        &["refs/notes/agentblame"]
    }

    fn read(&self, note: &[u8]) -> Vec<Claim> {
        let Ok(document) = serde_json::from_slice::<Value>(note) else { return Vec::new() };
        let list = document.get("attributions").unwrap_or(&document).as_array();
        let entries = list.into_iter().flatten();
        once(entries.filter_map(|entry| claim(text(entry, "provider"), text(entry, "model"))))
    }
}
