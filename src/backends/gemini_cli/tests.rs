//! How the program is called, and what each thing that it prints comes to.

use expect_test::expect;

use super::*;
use crate::backends::program::testing::{SHAPE, question, read, shown};

fn place(reads: Option<&str>) -> Place<'_> {
    let folder = std::path::Path::new("/own");
    Place { folder, reads: reads.map(std::path::Path::new), url: Some("http://127.0.0.1:1") }
}

#[test]
fn a_reviewer_gets_no_tools_and_a_planner_those_that_read() {
    let call = GeminiCli.call(&question("gemini-3.1-pro-preview", Some(SHAPE)), &place(None));
    expect![[r#"
        "--output-format"
        "json"
        "--approval-mode"
        "plan"
        "--policy"
        "/own/policy.toml"
        "--extensions"
        "none"
        "--allowed-mcp-server-names"
        "none"
        "--skip-trust"
        "--model"
        "gemini-3.1-pro-preview"
        GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:1
        file policy.toml: "[[rule]]\ntoolName = \"*\"\ndecision = \"deny\"\npriority = 998\n"
        stdin: "Review it.\n\nThe plan.\n\nThe change.\n\nAnswer with one JSON object of this schema and with nothing else:\n{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}"
    "#]].assert_eq(&shown(&call));
    let call = GeminiCli.call(&question("gemini-3.1-pro-preview", None), &place(Some("/repo")));
    let added = &call.args[call.args.len() - 2..];
    assert_eq!(added, ["--include-directories", "/repo"]);
    expect![[r#"
        [[rule]]
        toolName = "*"
        decision = "deny"
        priority = 998

        [[rule]]
        toolName = ["read_file", "read_many_files", "list_directory", "glob", "grep_search"]
        decision = "allow"
        priority = 999
    "#]]
    .assert_eq(&call.files[0].1);
}

#[test]
fn the_model_that_it_fell_back_to_is_the_one_that_answered() {
    let use_of = |role: &str| {
        format!(
            r#"{{"roles":{{"{role}":{{}}}},"tokens":{{"input":100,"candidates":20,"thoughts":3,"cached":7}}}}"#
        )
    };
    let reply = |models: &str| {
        format!(r#"{{"response":"```json\n{{\"n\":1}}\n```","stats":{{"models":{{{models}}}}}}}"#)
    };
    let good = |models: &str| {
        read(&GeminiCli, "gemini-3.1-pro-preview", (&reply(models), "Warning: x", Some(0)))
    };
    let asked = format!(r#""gemini-3.1-pro-preview":{}"#, use_of("main"));
    let other = format!(r#""gemini-3.8-flash":{}"#, use_of("main"));
    let helper = format!(r#""gemini-3.8-flash":{}"#, use_of("utility_router"));
    expect![[r#"
        {"n":1} by gemini-3.1-pro Tokens { input: 100, output: 23, cache_read: 7, cache_write: 0 }
        {"n":1} by gemini-3.8-flash Tokens { input: 200, output: 46, cache_read: 14, cache_write: 0 }
        {"n":1} by gemini-3.1-pro Tokens { input: 0, output: 0, cache_read: 0, cache_write: 0 }
    "#]].assert_eq(&format!(
        "{}\n{}\n{}\n",
        good(&format!("{helper},{asked}")),
        good(&format!("{asked},{other}")),
        good("")
    ));
}

#[test]
fn what_is_no_answer_is_a_failure_that_says_why() {
    let cases = [
        (
            "",
            r#"{"error":{"type":"Error","message":"Invalid auth method selected.","code":41}}"#,
            Some(41),
        ),
        (
            "",
            "Error when talking to Gemini API _ApiError: {\"error\":{\"message\":\"API key not valid\",\"code\":400}}",
            Some(144),
        ),
        ("", "Error when talking to Gemini API ModelNotFoundError: models/x is not found", Some(1)),
        ("", "Error: {\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\"}}", Some(1)),
        ("", "TerminalQuotaError: You have exhausted your daily quota on this model.", Some(1)),
        ("", "Unknown argument: policy", Some(1)),
        ("", "Warning: x\nError: it broke\n", Some(1)),
        ("", "", None),
        ("", "", Some(0)),
        ("half of it", "", Some(0)),
        (r#"{"response":"half","stats":{}}"#, "", Some(0)),
        (r#"{"response":"","stats":{}}"#, "", Some(0)),
    ];
    let told = cases.map(|case| read(&GeminiCli, "gemini-3.1-pro-preview", case) + "\n").concat();
    expect![[r"
        nobody is logged in with the program `gemini`
        gemini-cli does not accept the key
        gemini-cli knows no model `gemini-3.1-pro-preview`
        gemini-cli is asked too often
        the spend limit at gemini-cli is reached
        gemini-cli failed (it does not know how it is called here, so it is too old: Unknown argument: policy)
        gemini-cli failed (exit code 1: Error: it broke)
        gemini-cli failed (a signal ended it)
        the reply holds no answer
        the reply cannot be read: it holds no result
        the answer is not of the shape that was asked for: it is no JSON (expected value at line 1 column 1)
        the reply holds no answer
    "]].assert_eq(&told);
}
