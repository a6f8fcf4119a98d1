//! Where a line or a change comes from.

use super::{Grade, ModelName, Phase};

/// The origin of a line. No evidence is `Unknown`, never `Human`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// An AI model wrote it, or had the part that the phase names.
    Model {
        /// Which model.
        model: ModelName,
        /// In which phase; `None` where nobody said.
        phase: Option<Phase>,
        /// The id of the program that drove the model (`claude-code`), where known.
        agent: Option<String>,
        /// How this is known.
        grade: Grade,
    },
    /// A person declared to have written it.
    Human,
    /// No evidence.
    Unknown,
}
