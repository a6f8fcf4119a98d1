//! Text of commits, which may be in any encoding.

use std::borrow::Cow;

/// Decodes a commit's text: by its `encoding` header, else UTF-8, else as Windows-1252 (which holds Latin-1).
pub fn decode<'a>(bytes: &'a [u8], header: Option<&str>) -> Cow<'a, str> {
    let declared = header.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = declared {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_1_is_read_with_and_without_its_header() {
        assert_eq!(decode(b"caf\xe9", Some("ISO-8859-1")), "café");
        assert_eq!(decode(b"caf\xe9", None), "café");
        assert_eq!(decode("café".as_bytes(), Some("no such encoding")), "café");
    }
}
