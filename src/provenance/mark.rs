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

/// The longest text that a mark keeps, in bytes; a squash merge can be one line of megabytes.
const LONGEST_TEXT: usize = 500;

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
    /// The reasoning effort that is named, if any (`high`).
    pub effort: Option<String>,
    /// How sure the mark makes us: `Declared` for our own trailer, `Inferred` for others.
    pub grade: Grade,
    /// Whether it says no more than that an AI was near: the branch in a person's merge. Shown, and not counted.
    pub is_weak: bool,
}

impl Mark {
    /// Makes a mark of the grade `Inferred` that names nothing yet; a long text is cut.
    pub fn inferred(kind: MarkKind, text: &str, line: usize) -> Self {
        let end = (0..=LONGEST_TEXT.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        Self {
            kind,
            text: text[..end.unwrap_or(0)].to_owned(),
            line,
            tool: None,
            model: None,
            phase: None,
            effort: None,
            grade: Grade::Inferred,
            is_weak: false,
        }
    }

    /// Says which tool and model it names; the effort is that of the model's spelling.
    #[must_use]
    pub fn naming(mut self, tool: Option<&'static str>, model: Option<ModelName>) -> Self {
        self.tool = tool;
        self.effort = model.as_ref().and_then(ModelName::effort).map(str::to_owned);
        self.model = model;
        self
    }

    /// Says that it is not to be counted by itself.
    #[must_use]
    pub fn as_weak(mut self) -> Self {
        self.is_weak = true;
        self
    }

    /// Says which phase it names.
    #[must_use]
    pub fn in_phase(mut self, phase: Option<Phase>) -> Self {
        self.phase = phase;
        self
    }
}
