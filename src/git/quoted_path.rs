//! Paths as Git prints them: in C's quotes where they hold what a line cannot.

use std::borrow::Cow;

/// Returns the path that Git printed, without its quotes and escapes; text that is not quoted as it is.
pub(super) fn unquote(printed: &[u8]) -> Cow<'_, [u8]> {
    let inner = printed.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let Some(inner) = inner else { return Cow::Borrowed(printed) };
    let mut path = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            path.push(byte);
            continue;
        }
        let Some(escape) = bytes.next() else { break };
        path.push(match escape {
            b'a' => 0x07,
            b'b' => 0x08,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 0x0b,
            b'f' => 0x0c,
            b'r' => b'\r',
            b'0'..=b'3' => {
                let mut value = escape - b'0';
                for _ in 0..2 {
                    let Some(digit) = bytes.next_if(|c| (b'0'..=b'7').contains(c)) else { break };
                    value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                }
                value
            }
            other => other,
        });
    }
    Cow::Owned(path)
}

/// Returns a path as one line shows it: in quotes and with escapes where it is no UTF-8 or holds what a line cannot.
pub fn quoted_path(path: &[u8], is_unfit: impl Fn(char) -> bool) -> String {
    let text = std::str::from_utf8(path).ok();
    let is_plain = |text: &&str| !text.contains(|c| c == '"' || c == '\\' || is_unfit(c));
    if let Some(text) = text.filter(is_plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for chunk in path.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                c if is_unfit(c) => escape(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut quoted),
                c => quoted.push(c),
            }
        }
        escape(chunk.invalid(), &mut quoted);
    }
    quoted.push('"');
    quoted
}

fn escape(bytes: &[u8], quoted: &mut String) {
    for byte in bytes {
        let digit = |shift: u8| char::from(b'0' + (byte >> shift & 7));
        quoted.extend(['\\', digit(6), digit(3), digit(0)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_where_it_must_be_and_reads_back() {
        let quoted = |path: &[u8]| quoted_path(path, char::is_control);
        assert_eq!(quoted("täst a.rs".as_bytes()), "täst a.rs");
        assert_eq!(quoted(b"a\xffb\n\"c\\.rs"), r#""a\377b\012\"c\\.rs""#);
        for path in [&b"a\xffb\n\"c\\.rs"[..], "ä\u{85}\"".as_bytes(), b"", b"\"x\""] {
            assert_eq!(&*unquote(quoted(path).as_bytes()), path);
        }
    }

    #[test]
    fn escapes_and_bytes_are_read_back() {
        assert_eq!(&*unquote(b"src/a b.rs"), b"src/a b.rs");
        assert_eq!(&*unquote(br#""t\303\244st \"x\"\t\\""#), "täst \"x\"\t\\".as_bytes());
        assert_eq!(&*unquote(br#""torn\"#), br#""torn\"#);
    }
}
