//! How the program is called, and what each thing that it prints comes to.

use expect_test::expect;

use super::*;
use crate::backends::program::testing::{SHAPE, question, read, shown};

fn place(reads: Option<&str>) -> Place<'_> {
    let folder = std::path::Path::new("/own");
    Place { folder, reads: reads.map(std::path::Path::new), url: None }
}

#[test]
fn everything_is_denied_but_reading() {
    let call = OpenCode.call(&question("anthropic/claude-opus-5-5", Some(SHAPE)), &place(None));
    expect![[r#"
        "run"
        "--format"
        "json"
        "--pure"
        "--agent"
        "plan"
        "--title"
        "git-model"
        "--model"
        "anthropic/claude-opus-5-5"
        OPENCODE_CONFIG_CONTENT={"agent":{"plan":{"permission":{"*":"deny"}}},"autoupdate":false,"permission":{"*":"deny"},"share":"disabled","snapshot":false}
        OPENCODE_DISABLE_PROJECT_CONFIG=1
        OPENCODE_DISABLE_AUTOUPDATE=1
        OPENCODE_DISABLE_LSP_DOWNLOAD=1
        stdin: "Review it.\n\nThe plan.\n\nThe change.\n\nAnswer with one JSON object of this schema and with nothing else:\n{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}"
    "#]].assert_eq(&shown(&call));
    let call = OpenCode.call(&question("gpt-5.5", None), &place(Some("/repo")));
    assert_eq!(call.args.last().map(String::as_str), Some("openai/gpt-5.5"));
    expect![[r#"{"agent":{"plan":{"permission":{"*":"deny","external_directory":{"*":"deny","/repo/**":"allow"},"glob":"allow","grep":"allow","list":"allow","read":"allow"}}},"autoupdate":false,"permission":{"*":"deny","external_directory":{"*":"deny","/repo/**":"allow"},"glob":"allow","grep":"allow","list":"allow","read":"allow"},"share":"disabled","snapshot":false}"#]].assert_eq(&call.variables[0].1);
}

#[test]
fn the_text_of_the_last_step_is_the_answer() {
    let lines = [
        r#"{"type":"step_start","part":{"type":"step-start"}}"#,
        r#"{"type":"text","part":{"text":"I look."}}"#,
        r#"{"type":"tool_use","part":{"tool":"read","state":{"input":{"filePath":"a.rs"}}}}"#,
        r#"{"type":"step_finish","part":{"reason":"tool-calls","tokens":{"input":100,"output":20,"reasoning":1,"cache":{"read":5,"write":6}}}}"#,
        r#"{"type":"step_start","part":{"type":"step-start"}}"#,
        r#"{"type":"text","part":{"text":"{\"n\":1}"}}"#,
        r#"{"type":"step_finish","part":{"reason":"stop","tokens":{"input":100,"output":20,"reasoning":0,"cache":{"read":0,"write":0}}}}"#,
    ];
    let printed = (lines.join("\n"), "", Some(0));
    expect![[
        r#"{"n":1} by gpt-5.5 Tokens { input: 200, output: 41, cache_read: 5, cache_write: 6 }"#
    ]]
    .assert_eq(&read(&OpenCode, "gpt-5.5", (&printed.0, printed.1, printed.2)));
}

#[test]
fn what_is_no_answer_is_a_failure_that_says_why() {
    let cases = [
        r#"{"type":"error","error":{"name":"APIError","data":{"message":"scripted","statusCode":401}}}"#,
        r#"{"type":"error","error":{"name":"APIError","data":{"message":"scripted","statusCode":429}}}"#,
        r#"{"type":"error","error":{"name":"ProviderAuthError","data":{"message":"no key"}}}"#,
        r#"{"type":"error","error":{"name":"ProviderModelNotFoundError","data":{}}}"#,
        r#"{"type":"error","error":{"name":"UnknownError","data":{"message":"Unexpected server error."}}}"#,
        r#"{"type":"step_finish","part":{"reason":"length"}}"#,
        r#"{"type":"step_finish","part":{"reason":"content-filter"}}"#,
        r#"{"type":"step_finish","part":{"reason":"stop"}}"#,
        "",
    ];
    let told = cases.map(|case| read(&OpenCode, "gpt-5.5", (case, "", Some(0))) + "\n").concat();
    expect![[r"
        opencode does not accept the key (scripted)
        opencode is asked too often
        nobody is logged in with the program `opencode`
        opencode knows no model `openai/gpt-5.5`
        opencode failed (UnknownError: Unexpected server error.)
        the answer was cut off (length)
        the model refused (content-filter)
        the reply holds no answer
        the reply holds no answer
    "]]
    .assert_eq(&told);
}
