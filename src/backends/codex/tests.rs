//! How the program is called, and what each thing that it prints comes to.

use expect_test::expect;

use super::*;
use crate::backends::program::testing::{SHAPE, question, read, shown};

fn place(reads: Option<&str>) -> Place<'_> {
    let folder = std::path::Path::new("/own");
    Place { folder, reads: reads.map(std::path::Path::new), url: None }
}

fn answered(lines: &[&str]) -> String {
    read(&Codex, "gpt-5.5", (&lines.join("\n"), "", Some(0)))
}

#[test]
fn a_reviewer_has_no_shell() {
    let call = Codex.call(&question("gpt-5.5", Some(SHAPE)), &place(None));
    expect![[r#"
        "exec"
        "--json"
        "--color"
        "never"
        "--sandbox"
        "read-only"
        "--ephemeral"
        "--ignore-user-config"
        "--ignore-rules"
        "--skip-git-repo-check"
        "--model"
        "gpt-5.5"
        "-c"
        "features.apps=false"
        "-c"
        "features.browser_use=false"
        "-c"
        "features.computer_use=false"
        "-c"
        "features.goals=false"
        "-c"
        "features.hooks=false"
        "-c"
        "features.image_generation=false"
        "-c"
        "features.memories=false"
        "-c"
        "features.multi_agent=false"
        "-c"
        "features.plugins=false"
        "-c"
        "features.remote_plugin=false"
        "-c"
        "features.skill_mcp_dependency_install=false"
        "-c"
        "features.tool_suggest=false"
        "-c"
        "features.view_image=false"
        "-c"
        "features.shell_tool=false"
        "-c"
        "features.unified_exec=false"
        "-c"
        "web_search=\"disabled\""
        "-c"
        "shell_environment_policy.inherit=\"core\""
        "--output-schema"
        "/own/schema.json"
        "-"
        file schema.json: "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}"
        stdin: "Review it.\n\nThe plan.\n\nThe change."
    "#]].assert_eq(&shown(&call));
}

#[test]
fn a_planner_has_a_shell_that_cannot_write() {
    let place = Place { url: Some("http://127.0.0.1:1/v1"), ..place(Some("/repo")) };
    let call = Codex.call(&question("gpt-5.5", None), &place);
    let off = call.args.iter().filter(|word| word.starts_with("features.")).collect::<Vec<_>>();
    assert!(
        !off.is_empty()
            && off.iter().all(|word| !word.contains("shell_tool") && !word.contains("exec"))
    );
    let rest = Call {
        args: call
            .args
            .iter()
            .filter(|word| !word.starts_with("features.") && *word != "-c")
            .cloned()
            .collect(),
        ..call
    };
    expect![[r#"
        "exec"
        "--json"
        "--color"
        "never"
        "--sandbox"
        "read-only"
        "--ephemeral"
        "--ignore-user-config"
        "--ignore-rules"
        "--skip-git-repo-check"
        "--model"
        "gpt-5.5"
        "web_search=\"disabled\""
        "shell_environment_policy.inherit=\"core\""
        "model_provider=\"own\""
        "model_providers.own={name=\"own\",base_url=\"http://127.0.0.1:1/v1\",wire_api=\"responses\",env_key=\"OPENAI_API_KEY\",supports_websockets=false}"
        "-"
        stdin: "Review it.\n\nThe repository stands in /repo. Read there what you need. You cannot change anything.\n\nThe plan.\n\nThe change."
    "#]].assert_eq(&shown(&rest));
}

#[test]
fn a_model_that_the_provider_chose_instead_is_the_one_that_answered() {
    let good = [
        r#"{"type":"thread.started","thread_id":"1"}"#,
        r#"{"type":"item.completed","item":{"type":"error","message":"Falling back from WebSockets to HTTPS transport."}}"#,
        r#"{"type":"item.completed","item":{"type":"agent_message","text":"I look around."}}"#,
        r#"{"type":"item.completed","item":{"type":"command_execution","aggregated_output":"{\"n\":2}"}}"#,
        r#"{"type":"item.completed","item":{"type":"agent_message","text":"{\"n\":1}"}}"#,
        r#"{"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":40,"cache_write_input_tokens":5,"output_tokens":20}}"#,
    ];
    expect![[
        r#"{"n":1} by gpt-5.5 Tokens { input: 60, output: 20, cache_read: 40, cache_write: 5 }"#
    ]]
    .assert_eq(&answered(&good));
    let rerouted = r#"{"type":"item.completed","item":{"type":"error","message":"model rerouted: gpt-5.5 -> gpt-5.4-mini (HighRiskCyberActivity)"}}"#;
    expect![[r#"{"n":1} by gpt-5.4-mini Tokens { input: 60, output: 20, cache_read: 40, cache_write: 5 }"#]].assert_eq(&answered(&[&good[..2], &[rerouted], &good[2..]].concat()));
}

#[test]
fn what_is_no_answer_is_a_failure_that_says_why() {
    let said = [
        "unexpected status 401 Unauthorized: scripted, url: http://127.0.0.1:39849/v1/responses",
        "Missing environment variable: `OPENAI_API_KEY`.",
        "The model `gpt-9` does not exist or you do not have access to it.",
        "exceeded retry limit, last status: 429 Too Many Requests",
        "Quota exceeded. Check your plan and billing details.",
        "You've hit your usage limit. Try again at 5 pm.",
        "We’re currently experiencing high demand, which may cause temporary errors.",
        "unexpected status 500 Internal Server Error: x",
        "unexpected status 400 Bad Request: x",
        "Incomplete response returned, reason: max_output_tokens",
        "stream disconnected before completion: Incomplete response returned, reason: content_filter",
        "Codex ran out of room in the model's context window.",
    ];
    let line = |said: &str| {
        let error = serde_json::json!({"type": "turn.failed", "error": {"message": said}});
        answered(&[&error.to_string()]) + "\n"
    };
    expect![[r"
        codex does not accept the key (unexpected status 401 Unauthorized: scripted, url: http://127.0.0.1:39849/v1/responses)
        nobody is logged in with the program `codex`
        codex knows no model `gpt-5.5`
        codex is asked too often
        the spend limit at codex is reached
        the spend limit at codex is reached
        codex failed (We’re currently experiencing high demand, which may cause temporary errors.)
        codex failed (500: unexpected status 500 Internal Server Error: x)
        codex does not accept the request: unexpected status 400 Bad Request: x
        the answer was cut off (max_output_tokens)
        the model refused (content_filter)
        the answer was cut off (the question is too long)
    "]].assert_eq(&said.iter().map(|said| line(said)).collect::<String>());
    let ended = |stdout, stderr, code| read(&Codex, "gpt-5.5", (stdout, stderr, code)) + "\n";
    let ends = ended("", "error: unexpected argument '--ephemeral' found", Some(2))
        + &ended(r#"{"type":"thread.started"}"#, "", None)
        + &ended(r#"{"type":"turn.completed","usage":{}}"#, "", Some(0))
        + &ended(
            r#"{"type":"item.completed","item":{"type":"agent_message","text":"hello"}}
{"type":"turn.completed","usage":{}}"#,
            "",
            Some(0),
        );
    expect![[r"
        codex failed (it does not know how it is called here, so it is too old: error: unexpected argument '--ephemeral' found)
        codex failed (a signal ended it)
        the reply holds no answer
        the answer is not of the shape that was asked for: it is no JSON (expected value at line 1 column 1)
    "]].assert_eq(&ends);
}
