//! Results of the file tools.

use super::*;

fn edit_of(json: &str) -> Option<FileEdit> {
    read(&RawValue::from_string(json.to_owned()).unwrap())
}

fn content(text: &str) -> FileState {
    FileState::Content(text.as_bytes().to_vec())
}

/// Returns what an edit made of a text, by the patch and the strings as Claude Code writes them.
fn after_edit(original: &str, old: &str, new: &str, all: bool, patch: &str) -> FileState {
    let json = serde_json::json!({
        "filePath": "/p/f", "oldString": old, "newString": new, "replaceAll": all,
        "originalFile": original,
        "structuredPatch": serde_json::from_str::<serde_json::Value>(patch).unwrap(),
    });
    edit_of(&json.to_string()).unwrap().after
}

#[test]
fn a_patch_is_applied_wherever_it_stands() {
    let numbers = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
    let expected = numbers.replace("2\n", "two\n").replace("1two", "12").replace("9\n", "");
    let patch = r#"[{"oldStart":1,"oldLines":5,"newStart":1,"newLines":5,
        "lines":[" 1","-2","+two"," 3"," 4"," 5"]},
        {"oldStart":6,"oldLines":7,"newStart":6,"newLines":6,
        "lines":[" 6"," 7"," 8","-9"," 10"," 11"," 12"]}]"#;
    let json = serde_json::json!({
        "filePath": "/p/f", "originalFile": numbers,
        "structuredPatch": serde_json::from_str::<serde_json::Value>(patch).unwrap(),
    });
    assert_eq!(edit_of(&json.to_string()).unwrap().after, content(&expected));
}

#[test]
fn the_end_of_the_file_is_as_the_texts_say() {
    let patch = r#"[{"oldStart":1,"newStart":1,"lines":[" a","-b","+c"]}]"#;
    for (original, old, new, expected) in [
        ("a\nb\n", "b", "c", "a\nc\n"),
        ("a\nb", "b", "c", "a\nc"),
        ("a\nb", "b", "c\n", "a\nc\n"),
        ("a\nb\n", "b\n", "c", "a\nc"),
    ] {
        assert_eq!(after_edit(original, old, new, false, patch), content(expected), "{original:?}");
    }
    // With the mark that some versions write for it.
    let patch = r#"[{"oldStart":1,"newStart":1,
        "lines":["-a","\\ No newline at end of file","+b","\\ No newline at end of file"]}]"#;
    assert_eq!(after_edit("a", "a", "b", false, patch), content("b"));
}

#[test]
fn texts_decide_where_a_patch_does_not_fit() {
    // Older versions wrote tabs as spaces into the patch.
    let patch = r#"[{"oldStart":1,"newStart":1,"lines":["-    a","+    b"," x"," y"," z"]}]"#;
    assert_eq!(
        after_edit("\ta\nx\ny\nz\nw\n", "a", "b", false, patch),
        content("\tb\nx\ny\nz\nw\n")
    );
    assert_eq!(after_edit("1\n", "2", "3", false, patch), FileState::Unknown);
}

#[test]
fn what_was_before_a_whole_file_is_told_or_computed() {
    let patch = r#""structuredPatch":[{"oldStart":1,"newStart":1,"lines":[" a","-b","+c"," d"]}]"#;
    for (rest, before) in [
        (
            r#""type":"create","originalFile":null,"structuredPatch":[]"#.to_owned(),
            FileState::Absent,
        ),
        (format!(r#""type":"update","originalFile":null,{patch}"#), content("a\nb\nd\n")),
        (format!(r#""type":"update","originalFile":"x",{patch}"#), content("x")),
        (
            r#""type":"update","originalFile":null,"structuredPatch":[]"#.to_owned(),
            FileState::Unknown,
        ),
        // A patch of another text.
        (
            r#""type":"update","originalFile":null,"structuredPatch":
            [{"oldStart":1,"newStart":1,"lines":["+z"]}]"#
                .to_owned(),
            FileState::Unknown,
        ),
    ] {
        let json = format!(r#"{{"filePath":"/p/f","content":"a\nc\nd\n",{rest}}}"#);
        let edit = edit_of(&json).unwrap();
        assert_eq!((edit.before, edit.after), (before, content("a\nc\nd\n")), "{rest}");
    }
}

#[test]
fn a_patch_without_the_file_gives_its_hunks_alone() {
    let edit = edit_of(
        r#"{"filePath":"/p/f","oldString":"b","newString":"c","originalFile":null,
        "structuredPatch":[{"oldStart":7,"newStart":7,"lines":["-b","+c"]}]}"#,
    );
    let edit = edit.unwrap();
    assert_eq!((edit.before, edit.after), (FileState::Unknown, FileState::Unknown));
    let lines = vec!["-b".to_owned(), "+c".to_owned()];
    assert_eq!(edit.hunks, [Hunk { old_start: 7, new_start: 7, lines }]);
}

#[test]
fn a_proposal_that_a_person_changed_is_nobody_s() {
    let edit = edit_of(
        r#"{"type":"update","filePath":"/p/f","content":"a\nmine\n","originalFile":"a\n",
        "structuredPatch":[{"oldStart":1,"newStart":1,"lines":[" a","+mine"]}],"userModified":true}"#,
    );
    let edit = edit.unwrap();
    assert_eq!((edit.before, edit.after), (content("a\n"), FileState::Unknown));
    assert_eq!(edit.hunks, []);
}

#[test]
fn a_notebook_that_was_not_changed_is_no_edit() {
    let json = |error: &str| {
        format!(
            r#"{{"notebook_path":"/p/n","original_file":"1","updated_file":"2","error":"{error}"}}"#
        )
    };
    assert_eq!(edit_of(&json("")).unwrap().after, content("2"));
    assert_eq!(edit_of(&json("no such cell")), None);
    assert_eq!(edit_of(r#""Error: no""#), None);
    assert_eq!(edit_of("{}"), None);
}

#[test]
fn the_input_of_a_helper_s_tool_gives_what_it_can() {
    let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
    let write = raw(r#"{"file_path":"/p/f","content":"a\n"}"#);
    let created = raw(r#""File created successfully at: /p/f""#);
    let edit = read_input(&write, Some(&created)).unwrap();
    assert_eq!((edit.before, edit.after), (FileState::Absent, content("a\n")));
    assert_eq!(read_input(&write, None).unwrap().before, FileState::Unknown);
    let edit = raw(r#"{"file_path":"/p/f","old_string":"a\nb\nc","new_string":"a\nx\ny\nc"}"#);
    let hunks = read_input(&edit, None).unwrap().hunks;
    let lines = [" a", "-b", "+x", "+y", " c"].map(str::to_owned).to_vec();
    assert_eq!(hunks, [Hunk { old_start: 0, new_start: 0, lines }]);
}

#[test]
fn a_line_more_and_less_again_is_nothing_wherever_it_stands() {
    for text in ["", "\n", "a", "a\n", "a\n\n", "\n\na", "a\n\nb\nc\n\n\nd", "a\na\na\n"] {
        let body = text.strip_suffix('\n').unwrap_or(text);
        let lines = if text.is_empty() { vec![] } else { body.split('\n').collect::<Vec<_>>() };
        for place in 0..=lines.len() {
            let number = u32::try_from(place).unwrap();
            let hunk =
                Hunk { old_start: number, new_start: number + 1, lines: vec!["+x".to_owned()] };
            let mut expected = lines.clone();
            expected.insert(place, "x");
            let end = if text.is_empty() || text.ends_with('\n') { "\n" } else { "" };
            let expected = expected.join("\n") + end;
            let hunks = [hunk];
            let made = apply(text, &hunks, Direction::Forth, End::AsBefore).unwrap();
            assert_eq!(made.0, expected, "{text:?} at {place}");
            let back = apply(&made.0, &hunks, Direction::Back, End::AsBefore).unwrap();
            assert_eq!(back.0, text, "{text:?} at {place}");
            // The patch of another text.
            let wrong = Hunk { lines: vec!["-y".to_owned()], ..hunks[0].clone() };
            assert!(apply(text, &[wrong], Direction::Forth, End::AsBefore).is_none());
        }
    }
}
