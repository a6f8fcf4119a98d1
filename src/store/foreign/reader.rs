//! What a reader of another tool's notes is.

use serde_json::Value;

use crate::provenance::{Claim, FileAttribution, ModelName};

/// Reads the notes of one tool.
pub trait Reader: Sync {
    /// The references where the tool keeps them.
    fn references(&self) -> &'static [&'static str];

    /// Returns who the note says had a part; empty where it says nothing, or is no note of this tool.
    ///
    /// An implementer must not guess: a note that names neither tool nor model proves nothing.
    fn read(&self, note: &[u8]) -> Vec<Claim>;

    /// Returns which lines belong to which of the claims, by their places; `None` where the tool tells no lines.
    fn lines(&self, _note: &[u8], _claims: &[Claim]) -> Option<Vec<FileAttribution>> {
        None
    }
}

/// Names by which other tools know agents, and our ids; any other name is an id itself.
const TOOLS: &[(&str, &str)] = &[
    ("claude", "claude-code"),
    ("claude_code", "claude-code"),
    ("claudecode", "claude-code"),
    ("gemini", "gemini-cli"),
    ("github-copilot", "copilot"),
    ("copilot-cli", "copilot"),
    ("codex-cli", "codex"),
    ("codex_cli", "codex"),
    ("continue-cli", "continue"),
    ("droid", "factory-droid"),
    ("qwen", "qwen-code"),
];

/// Words that stand where a name is not known, and for the stand-ins of tests.
const PLACEHOLDERS: &[&str] =
    &["", "unknown", "default", "auto", "none", "null", "human", "mock_ai"];

/// Makes a claim of two names; `None` where neither says anything.
pub(super) fn claim(tool: Option<&str>, model: Option<&str>) -> Option<Claim> {
    let said = |word: &&str| !PLACEHOLDERS.contains(&word.trim().to_ascii_lowercase().as_str());
    let tool = tool.filter(said).and_then(tool_id);
    let model = model.filter(said).and_then(|model| ModelName::parse(model).ok());
    (tool.is_some() || model.is_some()).then_some(Claim { tool, model })
}

/// Returns each claim once.
pub(super) fn once(claims: impl Iterator<Item = Claim>) -> Vec<Claim> {
    let mut found: Vec<Claim> = Vec::new();
    for claim in claims {
        if !found.contains(&claim) {
            found.push(claim);
        }
    }
    found
}

/// Returns a text of a JSON object.
pub(super) fn text<'a>(object: &'a Value, field: &str) -> Option<&'a str> {
    object.get(field)?.as_str()
}

fn tool_id(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase().replace(' ', "-");
    let is_word =
        name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let known = TOOLS.iter().find(|(other, _)| *other == name).map(|(_, id)| (*id).to_owned());
    is_word.then(|| known.unwrap_or(name))
}
