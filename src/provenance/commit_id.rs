//! Object ids of Git, of either hash.

use std::fmt;
use std::str::FromStr;

/// The id of a Git object: 20 bytes (SHA-1) or 32 (SHA-256).
///
/// Ordered by bytes, which is the order of Git's trees of notes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId {
    bytes: [u8; 32],
    len: u8,
}

/// What is wrong with a text that should be a full object id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a full object id")]
pub struct ParseCommitIdError {
    text: String,
}

impl CommitId {
    /// Makes an id from its raw bytes; `None` unless there are 20 or 32.
    pub fn from_bytes(raw: &[u8]) -> Option<Self> {
        let len = match raw.len() {
            20 => 20,
            32 => 32,
            _ => return None,
        };
        let mut bytes = [0; 32];
        bytes[..raw.len()].copy_from_slice(raw);
        Some(Self { bytes, len })
    }

    /// Returns the raw bytes, 20 or 32 of them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Returns the first seven hexadecimal digits, as people write it.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(7);
        text
    }

    /// Says whether this is the id that stands for "no object".
    pub fn is_zero(&self) -> bool {
        self.as_bytes().iter().all(|byte| *byte == 0)
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.as_bytes() {
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for CommitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for CommitId {
    type Err = ParseCommitIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseCommitIdError { text: text.chars().take(80).collect() };
        let digits = text.as_bytes();
        if digits.len() != 40 && digits.len() != 64 {
            return Err(error());
        }
        let mut raw = [0_u8; 32];
        for (index, pair) in digits.chunks_exact(2).enumerate() {
            let high = char::from(pair[0]).to_digit(16).ok_or_else(error)?;
            let low = char::from(pair[1]).to_digit(16).ok_or_else(error)?;
            raw[index] = u8::try_from(high * 16 + low).map_err(|_| error())?;
        }
        Self::from_bytes(&raw[..digits.len() / 2]).ok_or_else(error)
    }
}

impl serde::Serialize for CommitId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for CommitId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        for text in ["0123456789abcdef0123456789abcdef01234567", &"9f".repeat(32)] {
            let id: CommitId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn an_abbreviation_or_another_text_is_no_id() {
        for text in ["", "0123456", &"g".repeat(40), &"é".repeat(20)] {
            assert!(text.parse::<CommitId>().is_err(), "{text}");
        }
    }
}
