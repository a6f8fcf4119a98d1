//! The name of an AI model: an open set, with one canonical id for its many spellings.

/// A model as met somewhere: canonical id, display name, and the raw spelling.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModelName {
    id: String,
    display: String,
    raw: String,
}

/// Why a text cannot name a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelNameError {
    /// Nothing, or white space only.
    #[error("the name of a model is empty")]
    Empty,
    /// A control character, which no name holds and no terminal should see.
    #[error("the name of a model holds a control character")]
    ControlCharacter,
    /// Longer than any name.
    #[error("the name of a model is longer than 200 bytes")]
    TooLong,
}

impl ModelName {
    /// Reads any spelling of a model; an unknown one is kept as it is.
    pub fn parse(raw: &str) -> Result<Self, ModelNameError> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(ModelNameError::Empty);
        }
        if text.chars().any(char::is_control) {
            return Err(ModelNameError::ControlCharacter);
        }
        Ok(Self { id: text.to_ascii_lowercase(), display: text.to_owned(), raw: text.to_owned() })
    }

    /// Reads a text that as a whole is recognisably the name of a model.
    pub fn recognise(text: &str) -> Option<Self> {
        const WORDS: [&str; 20] = [
            "claude", "opus", "sonnet", "haiku", "fable", "gpt", "gemini", "glm", "kimi", "qwen",
            "deepseek", "minimax", "grok", "composer", "mimo", "mai", "o3", "o4", "llama",
            "mistral",
        ];
        let name = text.trim().rsplit('/').next()?.to_ascii_lowercase();
        let first = name
            .split([' ', '-'])
            .next()?
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_short = text.split_whitespace().count() <= 5;
        let is_name = WORDS.contains(&first) || WORDS.iter().any(|word| name == *word);
        (is_short && is_name).then(|| Self::parse(text).ok()).flatten()
    }

    /// Returns the canonical id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the display name.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Returns the spelling as met.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Returns `provider/model`, as Agent Trace wants it.
    pub fn provider_model_id(&self) -> String {
        format!("unknown/{}", self.id)
    }
}
