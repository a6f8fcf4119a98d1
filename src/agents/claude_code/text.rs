//! Text as Claude Code writes it into JSON: possibly with half of a character.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// A text whose lone surrogates, which JSON can hold and UTF-8 cannot, are U+FFFD, as they are in the file on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Text, E> {
        Ok(Text(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(repaired(bytes.to_vec())))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Text, E> {
        Ok(Text(repaired(bytes)))
    }
}

fn repaired(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut bytes = error.into_bytes();
        // The parser leaves a lone surrogate as three bytes, as many as U+FFFD has.
        for start in 0..bytes.len().saturating_sub(2) {
            if bytes[start] == 0xED && bytes[start + 1] >= 0xA0 {
                bytes[start..start + 3].copy_from_slice("\u{fffd}".as_bytes());
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_does_not_lose_the_rest() {
        let read = |json: &str| serde_json::from_str::<Text>(json).unwrap().0;
        assert_eq!(read(r#""a\ud800b""#), "a\u{fffd}b");
        assert_eq!(read(r#""\ud83d\ude00 é""#), "😀 é");
        assert_eq!(read("\"plain\""), "plain");
        assert!(serde_json::from_str::<Text>("7").is_err());
    }
}
