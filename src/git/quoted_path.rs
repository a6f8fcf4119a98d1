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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_bytes_are_read_back() {
        assert_eq!(&*unquote(b"src/a b.rs"), b"src/a b.rs");
        assert_eq!(&*unquote(br#""t\303\244st \"x\"\t\\""#), "täst \"x\"\t\\".as_bytes());
        assert_eq!(&*unquote(br#""torn\"#), br#""torn\"#);
    }
}
