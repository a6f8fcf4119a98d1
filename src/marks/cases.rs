//! The cases of all readers, from `tests/fixtures/marks/KIND.jsonl`, and what no message may do.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ALL, read};
use crate::provenance::{CommitText, Identity, Mark, Phase};

/// A message and the marks of one kind in it, as `TOOL MODEL PHASE`.
#[derive(Debug, Deserialize)]
struct Case {
    #[serde(default)]
    author: String,
    message: String,
    marks: Vec<String>,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/marks")
}

fn read_message(author: &str, message: &str) -> Vec<Mark> {
    let author = Identity::parse(author);
    read(&CommitText { author, committer: author, message })
}

fn written(mark: &Mark) -> String {
    let model = mark.model.as_ref().map_or("-", |model| model.id());
    format!(
        "{} {model} {}",
        mark.tool.unwrap_or("-"),
        mark.phase.as_ref().map_or("-", Phase::as_str)
    )
}

#[test]
fn every_reader_reads_its_cases_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for reader in ALL {
        let kind = reader.kind();
        let text = std::fs::read_to_string(fixtures().join(format!("{kind}.jsonl"))).unwrap();
        let cases: Vec<Case> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(cases.iter().any(|case| case.marks.is_empty()), "{kind}: a case without a mark");
        assert!(cases.iter().any(|case| !case.marks.is_empty()), "{kind}: a case with a mark");
        for case in &cases {
            count += 1;
            let marks = read_message(&case.author, &case.message);
            let of_kind: Vec<String> =
                marks.iter().filter(|mark| mark.kind == kind).map(written).collect();
            let others = case.marks.is_empty() && !marks.is_empty();
            if of_kind != case.marks || others {
                let all: Vec<_> = marks.iter().map(|mark| (mark.kind, written(mark))).collect();
                wrong.push(format!(
                    "{kind}: {:?}\n  expected {:?}\n  found {all:?}",
                    case.message, case.marks
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 150, "{count} cases");
}

#[test]
fn every_kind_is_documented_and_nothing_else_is() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/marks.md");
    let page = std::fs::read_to_string(page).unwrap();
    let documented: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(kind, _)| kind))
        .collect();
    let kinds: Vec<&str> = ALL.iter().map(|reader| reader.kind()).collect();
    assert_eq!(documented, kinds);
}

#[test]
fn no_two_readers_share_a_kind_and_needles_are_lower_case() {
    let mut kinds = HashSet::new();
    for reader in ALL {
        assert!(kinds.insert(reader.kind()), "{}", reader.kind());
        for needle in reader.needles() {
            assert_eq!(*needle, needle.to_ascii_lowercase());
        }
    }
}

/// Each of these would take minutes if the work grew with the square of the size.
#[test]
fn large_messages_take_time_in_proportion() {
    let many = |line: &str, count: usize| format!("subject\n\n{}", line.repeat(count));
    for message in [
        many("Co-authored-by: Claude <noreply@anthropic.com>\n", 100_000),
        many("AI usage: Claude wrote the tests\n", 100_000),
        many("Written by Claude Code, ", 60_000),
        many("```\n~~~\n", 100_000),
        many("> AI disclosure: Codex\n", 100_000),
        many("<!-- Claude -->", 60_000),
        many("[AI:claude:high] ", 60_000),
        many("claude (via ", 60_000),
        many("\u{202e}Generated with \u{1b}[31mClaude Code\n", 50_000),
        many("a\0Assisted-by: Codex\n", 50_000),
        many("\\n\\nCo-authored-by: openhands <openhands@all-hands.dev>", 50_000),
        "claude ".repeat(1 << 17),
    ] {
        let marks = read_message("", &message);
        assert!(marks.len() <= 4, "equal marks come once: {}", marks.len());
    }
}

#[test]
fn a_message_of_fifty_megabytes_without_a_mark_is_read() {
    let message = "An ordinary line about a cursor and its position.\n".repeat(1 << 20);
    assert_eq!(read_message("", &message), []);
}

#[test]
fn bytes_that_are_no_text_are_no_obstacle() {
    let bytes = b"s\n\n\xff\xfe Co-authored-by: Claude\xff <noreply@anthropic.com>\nAssisted-by: Codex:gpt-5.5\n\xf0\x9f";
    let marks = read_message("", &String::from_utf8_lossy(bytes));
    assert_eq!(marks.iter().map(written).collect::<Vec<_>>(), ["codex gpt-5.5 -"]);
}

#[test]
fn a_mark_keeps_a_bounded_piece_of_its_line() {
    let message = format!("s\n\nWritten by Claude. {}", "\u{e9}".repeat(1 << 20));
    let marks = read_message("", &message);
    assert!(!marks.is_empty() && marks.iter().all(|mark| mark.text.len() <= 500));
}
