//! Payloads: whose they are, and who approved.

use std::path::PathBuf;

use super::*;

const SESSION: &str = "2985bfd5-7fbb-44f3-b336-71276f91eb1b";

fn read_with(variables: &[(&str, &str)], payload: &str) -> Option<AgentEvent> {
    let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    let around = Surroundings { home: None, variables: variables.collect() };
    read(&around, DateTime::<Utc>::UNIX_EPOCH, payload.as_bytes())
}

fn stop_of(path: &str) -> Option<AgentEvent> {
    let payload = serde_json::json!({
        "session_id": SESSION, "transcript_path": path, "cwd": "/p", "hook_event_name": "Stop",
    });
    read_with(&[], &payload.to_string())
}

#[test]
fn payloads_of_other_programs_are_not_read() {
    let ours = format!("/home/dev/.claude/projects/-p/{SESSION}.jsonl");
    assert_eq!(stop_of(&ours).unwrap().action, Action::Stopped);
    for path in [
        format!("/home/dev/.codex/sessions/2026/11/24/rollout-{SESSION}.jsonl"),
        format!("/home/dev/.copilot/session-state/{SESSION}/events.jsonl"),
        format!("/home/dev/.cursor/projects/p/agent-transcripts/{SESSION}.jsonl"),
        format!("/home/dev/.claude/projects/-p/{SESSION}.json"),
        "/home/dev/.claude/projects/-p/another.jsonl".to_owned(),
        String::new(),
    ] {
        assert_eq!(stop_of(&path), None, "{path}");
    }
}

#[test]
fn the_first_bytes_of_the_session_file_tell_whose_it_is() {
    let folder = std::env::temp_dir().join(format!("git-model-head-{}", std::process::id()));
    let file: PathBuf = folder.join(format!("projects/-p/{SESSION}.jsonl"));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    for (head, is_ours) in [
        ("", true),
        (r#"{"type":"mode","mode":"normal","sessionId":"x"}"#, true),
        (r#"{"parentUuid":null,"type":"user"}"#, true),
        (r#"{"type":"session.start","data":{}}"#, false),
        ("[1]", false),
    ] {
        std::fs::write(&file, head).unwrap();
        assert_eq!(stop_of(file.to_str().unwrap()).is_some(), is_ours, "{head}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_person_approved_only_at_an_attended_terminal() {
    let payload = |mode: &str, agent: &str| {
        format!(
            r#"{{"session_id":"{SESSION}","transcript_path":"/c/projects/-p/{SESSION}.jsonl",
            "hook_event_name":"PostToolUse","tool_name":"ExitPlanMode","permission_mode":"{mode}",
            "tool_input":{{"plan":"old"}},"tool_response":{{"plan":"new"}},"tool_use_id":"t"{agent}}}"#
        )
    };
    let terminal = [(ENTRYPOINT, "cli"), (IS_ATTENDED, "1")];
    let attended_host = [(ENTRYPOINT, "sdk-cli"), (IS_ATTENDED, "1")];
    let unattended = [(ENTRYPOINT, "cli"), (IS_ATTENDED, "0")];
    for (variables, mode, agent, expected) in [
        (&terminal[..], "default", "", ApprovedBy::Person),
        (&terminal, "auto", "", ApprovedBy::Person),
        (&terminal, "bypassPermissions", "", ApprovedBy::Automation),
        (&terminal, "dontAsk", "", ApprovedBy::Automation),
        (&terminal, "default", r#","agent_id":"a1""#, ApprovedBy::Automation),
        (&unattended, "default", "", ApprovedBy::Automation),
        (&attended_host, "default", "", ApprovedBy::Automation),
        (&terminal[..1], "default", "", ApprovedBy::Automation),
        (&[], "default", "", ApprovedBy::Automation),
    ] {
        let event = read_with(variables, &payload(mode, agent)).unwrap();
        let written = Some("old".to_owned());
        let expected = Action::PlanApproved { text: "new".to_owned(), written, by: expected };
        assert_eq!(event.action, expected, "{variables:?} {mode} {agent}");
        assert!(event.in_plan_mode);
    }
}

#[test]
fn what_tells_nothing_is_no_event() {
    for (rest, expected) in [
        (r#""hook_event_name":"PostToolUse","tool_name":"Read","tool_response":{}"#, None),
        (r#""hook_event_name":"PostToolUse","tool_name":"Write","tool_response":"Error""#, None),
        (r#""hook_event_name":"PostToolUseFailure","tool_name":"Edit","error":"x""#, None),
        (r#""hook_event_name":"SubagentStop","agent_type":"""#, None),
        (r#""hook_event_name":"SomethingNew""#, None),
        (r#""hook_event_name":"SessionEnd","reason":"other""#, Some(Action::Hint)),
        (
            r#""hook_event_name":"PostToolUseFailure","tool_name":"mcp__x__y","error":"x""#,
            Some(Action::ShellEnded { in_background: false }),
        ),
    ] {
        let payload = format!(
            r#"{{"session_id":"{SESSION}","transcript_path":"/c/projects/-p/{SESSION}.jsonl",{rest}}}"#
        );
        assert_eq!(read_with(&[], &payload).map(|event| event.action), expected, "{rest}");
    }
    for payload in ["", "{", "[]", "{}", "\"x\"", "\u{0}"] {
        assert_eq!(read_with(&[], payload), None, "{payload}");
    }
}
