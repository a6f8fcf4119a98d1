//! How a claim about a model is known.

use serde::{Deserialize, Serialize};

/// The evidence grade of a claim. A smaller value is better evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// An agent's hook or session file shows this model making this edit.
    Observed,
    /// A person or an agent said so.
    Declared,
    /// A mark in a commit message, or a weaker link that is said as such.
    Inferred,
    /// Nothing is known.
    #[serde(other)]
    Unknown,
}

impl Grade {
    /// Returns the word for it, as on screens and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Declared => "declared",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }
}
