//! The lines of a message that are its own words: no code, no quotations, no template comments.

use std::borrow::Cow;

use super::disclosure;
use super::reader::Line;
use crate::provenance::is_commit_header;

/// Two line breaks, as a tool leaves them that has escaped a message.
const ESCAPED_BREAK: &str = "\\n\\n";

/// A message with more lines than this has its own line breaks, and `\n` in it is mostly code.
const MOST_ESCAPED: usize = 8;

/// Returns the lines in which marks are looked for.
///
/// Left out are fenced blocks, `>` quotations, HTML comments, spans in back-ticks, plans between
/// `<claude-plan>` and `</claude-plan>`, and lines indented
/// by four blanks or a tab. Indented lines count where they close the message and no line ending in
/// `:` introduces them, and where commits are quoted as `git log` writes them (`git merge --squash`). A `>` quotation counts where it
/// is a disclosure, which people set off like that. Where a tool has escaped the line breaks of a
/// message (a line holds `\\n\\n`), or of one message in a squash, its parts are lines with one number.
pub(super) fn readable(message: &str) -> Vec<Line<'_>> {
    let lines: Vec<&str> = message.lines().collect();
    let closing = closing_indent(&lines);
    let mut readable = Vec::new();
    let mut fence: Option<&str> = None;
    let mut in_comment = false;
    // A subject that is indented was taken from `git log`, and so was the rest.
    let mut in_log = lines.first().is_some_and(|line| line.starts_with("    "));
    let mut in_ticks = false;
    let mut in_plan = false;
    let mut in_disclosure = false;
    let is_escaped = lines.len() <= MOST_ESCAPED;
    let has_ticks = memchr::memchr(b'`', message.as_bytes()).is_some();
    let has_comment = ["<!--", "-->"]
        .iter()
        .any(|mark| memchr::memmem::find(message.as_bytes(), mark.as_bytes()).is_some());
    for (index, raw) in lines.iter().enumerate() {
        in_log |= is_commit_header(raw);
        let line = if in_log { raw.strip_prefix("    ").unwrap_or(raw) } else { raw };
        let text = line.trim();
        if let Some(mark) = fence_mark(text) {
            match fence {
                Some(open) if open == mark => fence = None,
                None if lines[index + 1..].iter().any(|line| line.trim().starts_with(mark)) => {
                    fence = Some(mark);
                }
                _ => {}
            }
            continue;
        }
        if text.is_empty() {
            in_ticks = false;
            continue;
        }
        if text.starts_with("<claude-plan>") {
            in_plan = true;
        }
        if in_plan {
            in_plan = !text.ends_with("</claude-plan>");
            continue;
        }
        in_disclosure = text.starts_with('>') && (in_disclosure || is_disclosure(text));
        let was_in_comment = in_comment;
        if has_comment {
            in_comment = match (text.rfind("<!--"), text.rfind("-->")) {
                (Some(open), Some(close)) => open > close,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => in_comment,
            };
        }
        let ticks = if has_ticks { text.bytes().filter(|byte| *byte == b'`').count() } else { 0 };
        let was_in_ticks = in_ticks && ticks > 0;
        if ticks % 2 == 1 {
            in_ticks = !in_ticks;
        }
        let is_quoted = fence.is_some()
            || was_in_comment
            || was_in_ticks
            || text.starts_with("<!--")
            || (text.starts_with('>') && !in_disclosure)
            || (is_indented(line) && index < closing);
        if is_quoted {
            continue;
        }
        if (is_escaped || is_paragraph(&lines, index)) && has_escaped_break(text, is_escaped) {
            readable.extend(text.split("\\n").filter_map(|part| line_of(part.trim(), index + 1)));
        } else {
            readable.extend(line_of(text.trim_start_matches('>').trim_start(), index + 1));
        }
    }
    readable
}

/// Reads a line as `KEY: VALUE`; a mail or bracket that stands alone on the next line is joined.
pub(super) fn trailer<'a>(lines: &[Line<'a>], index: usize) -> Option<(&'a str, Cow<'a, str>)> {
    let line = lines.get(index)?;
    let (key, rest) = line.text.split_at(key_length(line.text));
    let value = rest.trim_start().strip_prefix(':').filter(|_| !key.is_empty())?;
    let mut value = Cow::Borrowed(value.trim());
    let next = lines.get(index + 1).filter(|next| next.number == line.number + 1);
    if let Some(next) =
        next.filter(|next| next.text.starts_with(['<', '(']) && !value.contains('<'))
    {
        value = Cow::Owned(format!("{value} {}", next.text));
    }
    Some((key, value))
}

/// Returns how many bytes at the start of a line can be the key of a trailer: letters, digits, hyphens.
pub(super) fn key_length(text: &str) -> usize {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    text.bytes().position(|byte| !is_of_key(byte)).unwrap_or(text.len())
}

/// Whether a line stands between blank ones, as the messages of a squash merge do that had one line each.
fn is_paragraph(lines: &[&str], index: usize) -> bool {
    let is_blank = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
    index > 0 && is_blank(lines.get(index - 1)) && is_blank(lines.get(index + 1))
}

/// Whether a tool has escaped the line breaks of a text; in a long message only where a sentence ends and one begins.
fn has_escaped_break(text: &str, is_short: bool) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), ESCAPED_BREAK).any(|at| {
        let (before, after) = (&text[..at], &text[at + ESCAPED_BREAK.len()..]);
        is_short
            || (before.ends_with(['.', '!', '?', ')', ':'])
                && after.starts_with(|c: char| c.is_uppercase() || matches!(c, '_' | '*' | '-')))
    })
}

/// Whether a line that is set off by `>` discloses the help of AI, in the first person or under a heading.
fn is_disclosure(text: &str) -> bool {
    let own = text.trim_start_matches(['>', ' ', '*', '_']);
    let is_own = [
        "I used ",
        "Used ",
        "I consulted ",
        "AI helped ",
        "Disclaimer:",
        "Disclosure:",
        // An alert, as hosts show it, is set off and no quotation.
        "[!NOTE]",
        "[!IMPORTANT]",
        "[!WARNING]",
    ]
    .iter()
    .any(|start| own.starts_with(start));
    is_own || disclosure::heading(text).is_some()
}

fn line_of(text: &str, number: usize) -> Option<Line<'_>> {
    let inner = without_bullet(text);
    (!inner.is_empty()).then_some(Line { number, text: inner, is_item: inner.len() < text.len() })
}

fn fence_mark(text: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark))
}

fn is_indented(line: &str) -> bool {
    line.starts_with("    ") || line.starts_with('\t')
}

fn without_bullet(text: &str) -> &str {
    ["* ", "- ", "+ "]
        .into_iter()
        .find_map(|bullet| text.strip_prefix(bullet))
        .unwrap_or(text)
        .trim()
}

/// Returns where the indented lines start that close the message, or the number of lines.
///
/// A line ending in `:` introduces what follows: the rest after a blank line, the paragraph without.
fn closing_indent(lines: &[&str]) -> usize {
    let is_text = |line: &&str| !line.trim().is_empty() && !is_indented(line);
    let Some(last) = lines.iter().rposition(is_text) else { return lines.len() };
    let rest = &lines[last + 1..];
    if !lines[last].trim_end().ends_with(':') {
        return last + 1;
    }
    let paragraph = rest.iter().position(|line| line.trim().is_empty());
    match paragraph {
        Some(blank) if blank > 0 => last + 1 + blank,
        _ => lines.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(message: &str) -> Vec<usize> {
        readable(message).iter().map(|line| line.number).collect()
    }

    #[test]
    fn quotations_are_left_out() {
        assert_eq!(numbers("s\n\n```\na: b\n```\nend\n"), [1, 6]);
        assert_eq!(numbers("s\n\n```\na: b\n"), [1, 4]);
        assert_eq!(numbers("s\n\n> a: b\nend\n"), [1, 4]);
        assert_eq!(numbers("s\n\n    a: b\nend\n"), [1, 4]);
        assert_eq!(numbers("s\n\n<!-- a\nb: c -->\nend\n"), [1, 5]);
        assert_eq!(numbers("s\n\nWrites `a: b\nc: d` now\nend\n"), [1, 3, 5]);
    }

    #[test]
    fn indented_lines_that_close_the_message_count_unless_introduced() {
        assert_eq!(numbers("s\n\nbody\n\n    a: b\n"), [1, 3, 5]);
        assert_eq!(numbers("s\n\nsuch as:\n\n    x\n\n    a: b\n"), [1, 3]);
        assert_eq!(numbers("s\n\nsuch as:\n    x\n\n    a: b\n"), [1, 3, 6]);
    }

    #[test]
    fn squashed_commits_are_read() {
        let id = "0123456789012345678901234567890123456789";
        let message = format!("Squash\n\ncommit {id}\nAuthor: x\n\n    s\n\n        code\n\nend\n");
        assert_eq!(numbers(&message), [1, 3, 4, 6, 10]);
        assert_eq!(numbers("    s\n\n    body\n        code\n\n    a: b\n\nend\n"), [1, 3, 6, 8]);
    }

    #[test]
    fn line_breaks_that_a_tool_has_escaped_are_line_breaks() {
        let squash = |body: &str| format!("s\n\n* a\n\n{body}\n\n* b\n\nend\n\n* c\n\nend\n");
        assert_eq!(numbers("s\n\nOne thing\\n\\nanother\n"), [1, 3, 3]);
        assert_eq!(numbers(&squash("One thing.\\n\\nAnother.")), [1, 3, 5, 5, 7, 9, 11, 13]);
        assert_eq!(numbers(&squash("Splits a\\n\\nb too")), [1, 3, 5, 7, 9, 11, 13]);
        assert_eq!(numbers(&squash("x\nOne.\\n\\nAnother.")), [1, 3, 5, 6, 8, 10, 12, 14]);
    }

    #[test]
    fn a_trailer_may_be_broken_before_its_mail() {
        let lines = readable("* Co-authored-by: Some One\n  <a@b>\n");
        assert_eq!(trailer(&lines, 0), Some(("Co-authored-by", Cow::Borrowed("Some One <a@b>"))));
        assert_eq!(trailer(&lines, 1), None);
    }
}
