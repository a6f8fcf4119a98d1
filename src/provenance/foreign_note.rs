//! What another tool noted about a commit, in a note of its own.

use super::{FileAttribution, ModelName};

/// A note that another tool wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignNote {
    /// The reference that holds it, as `refs/notes/ai`.
    pub reference: &'static str,
    /// Who it says had a part in this very commit; never empty.
    pub claims: Vec<Claim>,
    /// Which lines belong to which claim, where the tool tells lines apart: the others are then not the claims'.
    pub files: Option<Vec<FileAttribution>>,
}

/// One thing that a foreign note says: a tool, a model, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The id of the tool (`claude-code`), if it is named.
    pub tool: Option<String>,
    /// The model, if it is named.
    pub model: Option<ModelName>,
}
