//! Tests of where quoted code is found.

use super::place::{Misplaced, place, place_anywhere};
use crate::git::{HunkLine, hunks_between};
use crate::review::{Change, ChangedFile, ChangedLine, FileKind, LineKind, Section};

/// Makes a change of one file, with one line around each change.
fn change(old: &str, new: &str) -> Change {
    let (old_lines, new_lines) = (old.lines().collect::<Vec<_>>(), new.lines().collect::<Vec<_>>());
    let line = |line: HunkLine| {
        let (kind, at, lines) = match line {
            HunkLine::Kept(at) => (LineKind::Kept, at, &new_lines),
            HunkLine::Added(at) => (LineKind::Added, at, &new_lines),
            HunkLine::Deleted(at) => (LineKind::Deleted, at, &old_lines),
        };
        let number = u32::try_from(at + 1).unwrap();
        ChangedLine { kind, number, text: lines[at].to_owned(), origin: None }
    };
    let hunks = hunks_between(old, new, 1).into_iter();
    let sections = hunks.map(|hunk| Section { lines: hunk.lines.into_iter().map(line).collect() });
    let file = ChangedFile {
        path: "src/a.rs".to_owned(),
        raw_path: b"src/a.rs".to_vec(),
        old_path: Some("src/old.rs".to_owned()),
        kind: FileKind::Renamed,
        remark: None,
        sections: sections.collect(),
    };
    let tree = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
    Change { base: None, tree, files: vec![file], left_out: Vec::new() }
}

fn found(change: &Change, path: &str, quote: &str, line: u32) -> String {
    match place(change, path, quote, (line, line)) {
        Ok(place) => {
            let sign = if place.is_deleted_code { "-" } else { "" };
            format!("{sign}{}-{} {}", place.start_line, place.end_line, place.quote.trim())
        }
        Err(Misplaced::Path) => "no such file".to_owned(),
        Err(Misplaced::Code) => "no such code".to_owned(),
        Err(Misplaced::Unchanged) => "unchanged".to_owned(),
    }
}

const OLD: &str =
    "fn a() {\n    one();\n    two();\n}\n\nfn b() {\n    one();\n    check();\n    end();\n}\n";
const NEW: &str =
    "fn a() {\n    one();\n    2 + two(x,  y);\n}\n\nfn b() {\n    one();\n    end();\n}\n";

#[test]
fn the_quote_decides_and_a_wrong_number_is_corrected() {
    let change = change(OLD, NEW);
    assert_eq!(found(&change, "src/a.rs", "    2 + two(x, y);", 90), "3-3 2 + two(x,  y);");
    assert_eq!(found(&change, "src/a.rs", "two(x,y)", 3), "3-3 2 + two(x,  y);");
    assert_eq!(found(&change, "src/a.rs", "   3 +     2 + two(x,  y);", 3), "3-3 2 + two(x,  y);");
    assert_eq!(found(&change, "b/src/a.rs", "2 + two(x, y);\n}", 0), "3-4 2 + two(x,  y);\n}");
    assert_eq!(found(&change, "src/old.rs", "2 + two(x, y);", 0), "3-3 2 + two(x,  y);");
    assert_eq!(found(&change, "src/a.rs", "one();\n...\n}", 2), "unchanged");
    assert_eq!(found(&change, "src/a.rs", "two(x, y);\n...\nend();", 2), "3-3 2 + two(x,  y);");
}

#[test]
fn deleted_code_stands_before_the_line_that_followed_it() {
    let change = change(OLD, NEW);
    assert_eq!(found(&change, "src/a.rs", "check();", 0), "-8-8 check();");
    assert_eq!(found(&change, "src/a.rs", "- check();\n  end();", 0), "-8-8 check();\n    end();");
    assert_eq!(found(&super::place_tests::change("a\nb\n", ""), "src/a.rs", "b", 0), "-1-1 b");
}

#[test]
fn what_the_change_does_not_touch_is_not_in_it() {
    let change = change(OLD, NEW);
    assert_eq!(found(&change, "src/a.rs", "one();", 2), "unchanged");
    assert_eq!(found(&change, "src/a.rs", "fn a() {", 1), "no such code");
    assert_eq!(found(&change, "src/b.rs", "two(x, y);", 3), "no such file");
    assert_eq!(found(&change, "src/a.rs", "two(z);", 3), "no such code");
    assert_eq!(found(&change, "src/a.rs", "y", 3), "no such code");
    assert!(place_anywhere(&change, "two(x, y)").is_ok());
    assert_eq!(place_anywhere(&change, "one();"), Err(Misplaced::Unchanged));
}

#[test]
fn of_equal_places_the_nearest_counts() {
    let change = change("a\nb\nc\nd\ne\nf\n", "x();\na\nb\nc\nx();\nd\ne\nf\nx();\n");
    for (near, line) in [(0, 1), (1, 1), (4, 5), (6, 5), (40, 9)] {
        assert_eq!(found(&change, "src/a.rs", "x();", near), format!("{line}-{line} x();"));
    }
}

#[test]
fn without_a_quote_the_numbers_must_touch_a_changed_line() {
    let change = change(OLD, NEW);
    assert_eq!(found(&change, "src/a.rs", "", 3), "3-3 2 + two(x,  y);");
    assert_eq!(found(&change, "src/a.rs", " ", 2), "unchanged");
    assert_eq!(found(&change, "src/a.rs", "", 40), "no such code");
    assert_eq!(found(&change, "src/a.rs", "", 8), "-8-8 check();\n    end();");
}
