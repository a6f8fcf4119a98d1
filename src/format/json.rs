//! JSON, for programs. The fields are those of the report; see `docs/json.md`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::format::block::is_unsafe;
use crate::format::{Canvas, Format, ListHead, ListItem, Report};

pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn report(&self, report: &dyn Report, _: &Canvas, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", report.json())
    }

    fn begin(&self, head: &ListHead, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{")?;
        for (name, value) in &head.fields {
            write!(out, "\"{name}\":{value},")?;
        }
        write!(out, "\"list\":[")
    }

    fn items(
        &self,
        _: &ListHead,
        items: &[&dyn ListItem],
        (_, before): (&Canvas, u64),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for (place, item) in items.iter().enumerate() {
            let comma = if before == 0 && place == 0 { "" } else { "," };
            write!(out, "{comma}\n{}", item.json())?;
        }
        Ok(())
    }

    fn end(&self, head: &ListHead, written: u64, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n],\"{}\":{written}}}", head.count_field)
    }
}

/// Writes a value as JSON in one line, with escapes for all that could steer a terminal.
pub fn to_json(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, SafeFormatter);
    let written = value.serialize(&mut serializer);
    debug_assert!(written.is_ok(), "our own types have text keys and no failing parts");
    String::from_utf8(bytes).unwrap_or_default()
}

struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut rest = text;
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return out.write_all(text.as_bytes());
        }
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            write!(out, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_back_the_same() {
        let text = "a\u{9b}31m\u{202e}\u{7f}\"é";
        let json = to_json(&text);
        assert_eq!(json, r#""a\u009b31m\u202e\u007f\"é""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
