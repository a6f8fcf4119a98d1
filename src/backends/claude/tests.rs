//! How the program is called, and what each thing that it prints comes to.

use expect_test::expect;

use super::*;
use crate::backends::program::testing::{SHAPE, question, read, shown};

fn place(reads: Option<&str>) -> Place<'_> {
    let folder = std::path::Path::new("/own");
    Place { folder, reads: reads.map(std::path::Path::new), url: None }
}

fn answered(lines: &[&str]) -> String {
    read(&Claude, "claude-opus-5-5", (&lines.join("\n"), "", Some(0)))
}

#[test]
fn a_reviewer_gets_no_tools() {
    let call = Claude.call(&question("claude-opus-5-5", Some(SHAPE)), &place(None));
    expect![[r#"
        "-p"
        "--output-format"
        "stream-json"
        "--verbose"
        "--restricted"
        "--safe-mode"
        "--permission-prompts"
        "none"
        "--strict-mcp-config"
        "--setting-sources"
        ""
        "--no-session-persistence"
        "--tools"
        ""
        "--model"
        "claude-opus-5-5"
        "--json-schema"
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}"
        "--system-prompt"
        "Review it."
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
        DISABLE_AUTOUPDATER=1
        CLAUDE_CODE_MAX_RETRIES=2
        stdin: "The plan.\n\nThe change."
    "#]]
    .assert_eq(&shown(&call));
}

#[test]
fn a_planner_may_read_the_repository_and_has_an_address_of_the_users() {
    let place = Place { url: Some("http://127.0.0.1:1"), ..place(Some("/repo")) };
    let call = Claude.call(&question("Opus 5.5 max", None), &place);
    expect![[r#"
        "-p"
        "--output-format"
        "stream-json"
        "--verbose"
        "--restricted"
        "--safe-mode"
        "--permission-prompts"
        "none"
        "--strict-mcp-config"
        "--setting-sources"
        ""
        "--no-session-persistence"
        "--tools"
        "Read,Grep,Glob"
        "--model"
        "claude-opus-5-5"
        "--add-dir"
        "/repo"
        "--effort"
        "max"
        "--include-partial-messages"
        "--system-prompt"
        "Review it.\n\nThe repository stands in /repo. Read there what you need. You cannot change anything."
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
        DISABLE_AUTOUPDATER=1
        CLAUDE_CODE_MAX_RETRIES=2
        ANTHROPIC_BASE_URL=http://127.0.0.1:1
        stdin: "The plan.\n\nThe change."
    "#]].assert_eq(&shown(&call));
}

#[test]
fn the_model_that_answered_is_told_by_the_messages_and_not_by_the_totals() {
    expect![[r#"{"n":1} by claude-opus-4-8 Tokens { input: 100, output: 25, cache_read: 40, cache_write: 3 }"#]].assert_eq(&answered(&[
        r#"{"type":"system","subtype":"init","model":"claude-opus-5-5"}"#,
        r#"{"type":"assistant","message":{"model":"claude-opus-5-5","content":[{"type":"text","text":"no"}]}}"#,
        r#"{"type":"system","subtype":"model_refusal_fallback","fallback_model":"claude-opus-4-8"}"#,
        r#"{"type":"assistant","message":{"model":"claude-opus-4-8","content":[{"type":"tool_use","name":"StructuredOutput","input":{"n":1}}]}}"#,
        r#"{"type":"user","message":{"content":[{"type":"tool_result"}]}}"#,
        r#"{"type":"result","subtype":"success","is_error":false,"stop_reason":"tool_use","result":"{\"n\":1}","structured_output":{"n":1},"usage":{"input_tokens":100,"cache_creation_input_tokens":3,"cache_read_input_tokens":40,"output_tokens":25},"modelUsage":{"claude-opus-5-5":{}}}"#,
    ]));
}

#[test]
fn what_is_no_answer_is_a_failure_that_says_why() {
    let result =
        |rest: &str| format!(r#"{{"type":"result","is_error":true,"subtype":"success",{rest}}}"#);
    let cases = [
        result(r#""api_error_status":401,"result":"Failed to authenticate. API Error: 401 invalid x-api-key""#),
        result(r#""api_error_status":404,"result":"There's an issue with the selected model""#),
        result(r#""api_error_status":429,"result":"API Error: Request rejected (429)""#),
        result(r#""api_error_status":400,"result":"Your credit balance is too low to access the Anthropic API""#),
        result(r#""api_error_status":400,"result":"API Error: 400 scripted""#),
        result(r#""api_error_status":529,"result":"API Error: 529 Overloaded""#),
        result(r#""api_error_status":null,"api_error":"max_output_tokens","result":"API Error: Claude's response""#),
        result(r#""api_error_status":null,"api_error":"connection_failed","result":"API Error: Connection refused""#),
        result(r#""api_error_status":null,"result":"Not logged in · Please run /login""#),
        result(r#""api_error_status":null,"result":"Claude usage limit reached""#),
        result(r#""api_error_status":null,"result":"Something \u001b[31melse""#),
        result(r#""subtype":"error_max_budget_usd","errors":["Reached maximum budget ($0.01)"]"#),
        result(r#""subtype":"error_max_structured_output_retries","errors":["Failed to provide valid structured output after 5 attempts"]"#),
        r#"{"type":"result","is_error":false,"subtype":"success","stop_reason":"max_tokens","result":"half"}"#.to_owned(),
        r#"{"type":"result","is_error":false,"subtype":"success","stop_reason":"end_turn","result":"text only"}"#.to_owned(),
        r#"{"type":"result","is_error":false,"subtype":"success","stop_reason":"end_turn","result":""}"#.to_owned(),
        r#"{"type":"result","is_error":false,"subtype":"success","structured_output":{"n":"1"}}"#.to_owned(),
        "not json\n[1]\n{\"type\":5}".to_owned(),
        String::new(),
    ];
    let told = cases.map(|case| answered(&[case.as_str()]) + "\n").concat();
    expect![[r"
        claude does not accept the key (Failed to authenticate. API Error: 401 invalid x-api-key)
        claude knows no model `claude-opus-5-5`
        claude is asked too often
        the spend limit at claude is reached
        claude does not accept the request: API Error: 400 scripted
        claude failed (529: API Error: 529 Overloaded)
        the answer was cut off (max_output_tokens)
        the provider cannot be reached: API Error: Connection refused
        nobody is logged in with the program `claude`
        the spend limit at claude is reached
        claude failed (Something [31melse)
        the spend limit at claude is reached
        the answer is not of the shape that was asked for: Failed to provide valid structured output after 5 attempts
        the answer was cut off (max_tokens)
        the answer is not of the shape that was asked for: it is no JSON (expected ident at line 1 column 2)
        the reply holds no answer
        the answer is not of the shape that was asked for: n is not of the type integer
        the reply holds no answer
        the reply holds no answer
    "]].assert_eq(&told);
    expect!["the model refused (cyber)"].assert_eq(&answered(&[
        r#"{"type":"assistant","message":{"model":"<synthetic>","stop_reason":"refusal","stop_details":{"category":"cyber"}}}"#,
        r#"{"type":"result","subtype":"success","is_error":true,"stop_reason":"refusal","result":"API Error: safeguards"}"#,
    ]));
}

#[test]
fn a_program_that_ends_badly_says_nothing_as_an_answer() {
    let good =
        r#"{"type":"result","subtype":"success","is_error":false,"structured_output":{"n":1}}"#;
    let ended = |stdout, stderr, code| read(&Claude, "opus", (stdout, stderr, code));
    expect!["claude failed (it does not know how it is called here, so it is too old: error: unknown option '--restricted')"].assert_eq(&ended(
        "",
        "\nerror: unknown option '--restricted'\n",
        Some(1),
    ));
    expect!["claude failed (a signal ended it)"].assert_eq(&ended(&good[..40], "", None));
}

#[test]
fn who_waits_is_told_what_it_reads_and_writes() {
    let heard = [
        r#"{"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"text_delta","text":"1. Do"}}}"#,
        r#"{"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}}"#,
        r#"{"type":"assistant","message":{"model":"m","content":[{"type":"tool_use","name":"Read","input":{"file_path":"src/a\u0007.rs"}}]}}"#,
        r#"{"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"1. Do"}]}}"#,
        r#"{"type":"user","message":{"content":[]}}"#,
        "not json",
    ];
    let told = heard.map(|line| format!("{:?}\n", Claude.hear(line))).concat();
    expect![[r#"
        Says("1. Do")
        Dropped
        Does("reads src/a.rs")
        Kept
        Dropped
        Dropped
    "#]]
    .assert_eq(&told);
}
