//! A mark: anything in an existing commit that names a model or a tool.

use super::{Grade, Identity, ModelName, Phase};

/// What a reader of marks is shown of one commit, decoded to UTF-8.
#[derive(Debug, Clone, Copy)]
pub struct CommitText<'a> {
    /// Who wrote the change, as the commit says.
    pub author: Identity<'a>,
    /// Who made the commit, as the commit says.
    pub committer: Identity<'a>,
    /// The whole message.
    pub message: &'a str,
}

/// The name of a form of mark, such as `co-author`; each reader has its own.
pub type MarkKind = &'static str;

/// One mark that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which form it has.
    pub kind: MarkKind,
    /// The words that are the evidence, as they stand in the commit.
    pub text: String,
    /// The line of the message, from 1; 0 for the author or committer.
    pub line: usize,
    /// The id of the tool that is named (`claude-code`), if any.
    pub tool: Option<&'static str>,
    /// The model that is named, if any.
    pub model: Option<ModelName>,
    /// The phase that is named, if any.
    pub phase: Option<Phase>,
    /// How sure the mark makes us: `Declared` for our own trailer, `Inferred` for others.
    pub grade: Grade,
}
