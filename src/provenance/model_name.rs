//! The name of an AI model: an open set, with one canonical id for its many spellings.
//!
//! Names of known vendors follow patterns, so that a model released tomorrow reads well without
//! any table; a name that fits no pattern is kept as it is.

use std::hash::{Hash, Hasher};

mod brand;
mod recognise;
mod spelling;
#[cfg(test)]
mod tests;

/// The longest name, id and display name, in bytes.
const LONGEST_NAME: usize = 200;

/// The longest word for an effort, in bytes; the longest known is `minimal`.
const LONGEST_EFFORT: usize = 16;

/// The longest text with its routes (`arn:aws:.../`) before the name, in bytes.
const LONGEST_TEXT: usize = 1000;

/// A model as met somewhere: canonical id, display name, and the raw spelling.
///
/// Two names are equal if their ids are; the raw spelling, effort and context are only as met.
#[derive(Debug, Clone)]
pub struct ModelName {
    id: String,
    display: String,
    raw: String,
    effort: Option<String>,
    context: Option<String>,
}

/// Why a text cannot name a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelNameError {
    /// Nothing, or nothing but white space, brackets and separators.
    #[error("the name of a model is empty")]
    Empty,
    /// A control character, a bidirectional control, a line separator or an invisible character,
    /// which no name holds and no terminal should see.
    #[error("the name of a model holds a control character")]
    ControlCharacter,
    /// Longer than any name.
    #[error("the name of a model is longer than 200 bytes")]
    TooLong,
}

impl ModelName {
    /// Reads any spelling of a model; an unknown one is kept as it is.
    ///
    /// Routes before the name (`openrouter/anthropic/`, `us.anthropic.`), dates, revisions, context,
    /// price, effort and mode after it are no part of the id. Never guesses a version, so `Opus` has
    /// the id `claude-opus`; placeholders of agents (`default`, `unknown`) are names like any other.
    ///
    /// A display name parses back to the same id, and so does the id itself. Neither holds a round,
    /// square or curly bracket (`Foo (x)` is `Foo x`), so that a phase in brackets can follow it.
    pub fn parse(raw: &str) -> Result<Self, ModelNameError> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(ModelNameError::Empty);
        }
        if text.chars().any(is_unfit) {
            return Err(ModelNameError::ControlCharacter);
        }
        let name = text.trim_end_matches('/').rsplit('/').next().unwrap_or(text);
        if name.len() > LONGEST_NAME || text.len() > LONGEST_TEXT {
            return Err(ModelNameError::TooLong);
        }
        let spelling = spelling::read(text).ok_or(ModelNameError::Empty)?;
        if spelling.id.len() > LONGEST_NAME || spelling.display.len() > LONGEST_NAME {
            return Err(ModelNameError::TooLong);
        }
        Ok(Self {
            id: spelling.id,
            display: spelling.display,
            raw: text.to_owned(),
            effort: spelling.effort,
            context: spelling.context,
        })
    }

    /// Reads a text only if the whole of it is plainly the name of a model.
    ///
    /// For fields that hold people, tools and models alike, such as a co-author. The rules:
    /// - Claude: a known line (`Claude Haiku`, `claude-opus-4-6`, `Opus 4.7`) or a version, and
    ///   nothing else. A line alone needs its capital (`Haiku`, not `haiku`).
    /// - Other vendors: a brand and a version (`GPT-9 Nova`, `o4-mini`), or a brand and a known
    ///   variant (`Gemini Pro`). At most one word after the version may be unknown, and only in an
    ///   id (`gpt-9-nova`) or with a capital. A brand alone counts only if it means nothing else,
    ///   written as the vendor does (`DeepSeek`).
    /// - `Claude`, `Gemini`, `Grok`, `Kimi` and `GPT` alone are `None`: these are people, tools and
    ///   other things too. A caller who knows better has [`ModelName::parse`].
    ///
    /// Most texts are rejected by their first word, without allocation.
    pub fn recognise(text: &str) -> Option<Self> {
        recognise::recognise(text)
    }

    /// Returns the canonical id, such as `claude-opus-5-5`; it never holds `/` or a space.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the display name, such as `Opus 5.5`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Returns the spelling as met, trimmed.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Returns the vendor's id, such as `anthropic`, where the pattern of the name shows it.
    pub fn vendor(&self) -> Option<&'static str> {
        brand::of_id(&self.id).map(|brand| brand.vendor)
    }

    /// Returns the word for the family: Claude's line (`Opus`), else the brand (`GPT`, `Gemini`).
    ///
    /// `Claude` where no known line is named. `None` for unknown names and for `o3` and its like.
    pub fn family(&self) -> Option<&'static str> {
        brand::family(&self.id)
    }

    /// Returns the line, which is the id without its version: `claude-opus`, `gpt-sol`.
    ///
    /// `None` for unknown names, and for a Claude whose line is not known.
    pub fn line(&self) -> Option<String> {
        brand::line_and_version(&self.id).map(|(line, _)| line)
    }

    /// Returns the numbers of the version, major first; empty where none is named.
    pub fn version(&self) -> Vec<u32> {
        brand::line_and_version(&self.id).map(|(_, version)| version).unwrap_or_default()
    }

    /// Says whether this name means a model: itself, and, of a line alone, each version of it. `Opus` means `Opus 5.5`.
    pub fn means(&self, model: &Self) -> bool {
        let is_line = self.version().is_empty() && self.line().is_some();
        self == model || is_line && self.line() == model.line()
    }

    /// Returns the reasoning effort that the spelling named, or that was told beside it: `low`, `high`, `xhigh`, `max`.
    pub fn effort(&self) -> Option<&str> {
        self.effort.as_deref()
    }

    /// Returns the name with an effort that was told beside it; an unfit text changes nothing.
    #[must_use]
    pub fn with_effort(mut self, effort: &str) -> Self {
        let is_word = !effort.is_empty() && effort.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_word && effort.len() <= LONGEST_EFFORT {
            self.effort = Some(effort.to_ascii_lowercase());
        }
        self
    }

    /// Returns the context window that the spelling named, in lower case, such as `1m`.
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// Returns `provider/model` as the `model_id` of Agent Trace wants it, at most 250 bytes.
    ///
    /// The provider is `unknown` where the vendor is. [`ModelName::parse`] reads it back to the same id.
    pub fn provider_model_id(&self) -> String {
        format!("{}/{}", self.vendor().unwrap_or("unknown"), self.id)
    }
}

impl PartialEq for ModelName {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for ModelName {}

impl Hash for ModelName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// Tells control, bidirectional and invisible characters and the separators of lines.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
