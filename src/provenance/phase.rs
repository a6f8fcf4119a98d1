//! The phase of the work in which a model had a part.

use std::fmt;

/// A phase of the work; an open set, in the order in which trailers are written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Planning and design.
    Architecture,
    /// Writing the change.
    Implementation,
    /// Reading the change and giving a verdict.
    Review,
    /// A stronger model consulted on the way; noted, and never a trailer by default.
    Advice,
    /// Any other word that somebody used for a phase.
    Other(String),
}

impl Phase {
    /// Reads a phase as people write it; `planning`, `plan` and `design` are the phase `architecture`.
    ///
    /// Returns `None` for an empty word and for one with anything but letters, digits and `-`.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        match word.as_str() {
            "architecture" | "planning" | "plan" | "design" | "architect" => {
                Some(Self::Architecture)
            }
            "implementation" | "implementing" | "implement" | "coding" | "code" => {
                Some(Self::Implementation)
            }
            "review" | "reviewing" | "reviewer" => Some(Self::Review),
            "advice" | "advisor" => Some(Self::Advice),
            _ => Self::is_word(&word).then_some(Self::Other(word)),
        }
    }

    /// Returns the canonical word, as in a trailer and in JSON.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Architecture => "architecture",
            Self::Implementation => "implementation",
            Self::Review => "review",
            Self::Advice => "advice",
            Self::Other(word) => word,
        }
    }

    /// Says whether this is planning, implementation or review, which have columns of their own.
    pub fn is_main(&self) -> bool {
        matches!(self, Self::Architecture | Self::Implementation | Self::Review)
    }

    fn is_word(word: &str) -> bool {
        !word.is_empty()
            && word.len() <= 40
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl serde::Serialize for Phase {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Phase {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&word).ok_or_else(|| serde::de::Error::custom("not the name of a phase"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planning_is_architecture_and_new_words_are_kept() {
        assert_eq!(Phase::parse(" Planning "), Some(Phase::Architecture));
        assert_eq!(Phase::parse("tests"), Some(Phase::Other("tests".into())));
        assert_eq!(Phase::parse("two words"), None);
        assert_eq!(Phase::parse(""), None);
    }
}
