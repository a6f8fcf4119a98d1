//! `git model classify`: lines in, lines out.

use expect_test::expect;

use crate::sandbox::{Sandbox, check};

const INPUT: &str = r#"{"author":"Ada <a@b>","message":"fix\n\nModel: Opus 5.5 (review, high)\n"}
{"message":"fix"
{"author":"Ada <a@b>","committer":"Ada <a@b>","message":"fix\n\nCo-authored-by: Claude \u202e<noreply@anthropic.com>","more":1}

{"author":"Ada <a@b>"}
{"message":"fix"}
"#;

#[test]
fn a_broken_line_is_answered_in_its_place() {
    let sandbox = Sandbox::without_hooks();
    let output = sandbox.here().input(INPUT).git(&["model", "classify"]);
    check(
        &output,
        &expect![[r#"
        {"ai":true,"tools":[],"models":["claude-opus-5-5"],"phases":["review"],"marks":[{"kind":"model-trailer","text":"Model: Opus 5.5 (review, high)","line":3,"tool":null,"model":"claude-opus-5-5","phase":"review","effort":"high","grade":"declared"}]}
        {"error":"EOF while parsing an object at line 1 column 16"}
        {"ai":true,"tools":["claude-code"],"models":[],"phases":[],"marks":[{"kind":"co-author","text":"Co-authored-by: Claude \u202e<noreply@anthropic.com>","line":3,"tool":"claude-code","model":null,"phase":null,"effort":null,"grade":"inferred"}]}
        {"error":"missing field `message` at line 1 column 22"}
        {"ai":false,"tools":[],"models":[],"phases":[],"marks":[]}
        exit 1
    "#]],
    );
}

#[test]
fn lines_that_can_all_be_read_are_no_failure() {
    let sandbox = Sandbox::without_hooks();
    let output = sandbox.here().input("{\"message\":\"fix\"}").git(&["model", "classify"]);
    check(
        &output,
        &expect![[r#"
        {"ai":false,"tools":[],"models":[],"phases":[],"marks":[]}
        exit 0
    "#]],
    );
}
