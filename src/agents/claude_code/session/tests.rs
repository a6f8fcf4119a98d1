//! Session files that are not as they should be, and what fixtures do not show.

use super::*;
use crate::provenance::{Action, AgentEvent};

/// A session file that is removed when dropped.
struct Session(std::path::PathBuf);

impl Session {
    fn new(name: &str, lines: &[String]) -> Self {
        let folder = std::env::temp_dir().join(format!("git-model-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("s-1.jsonl"), lines.join("\n") + "\n").unwrap();
        Self(folder)
    }

    fn read(&self) -> SessionPart {
        read(&self.0.join("s-1.jsonl"), &Cursor::default()).unwrap()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns a line of a kind with what all lines have.
fn line(kind: &str, rest: &str) -> String {
    format!(
        r#"{{"sessionId":"s-1","timestamp":"2026-11-24T03:07:33.000Z","type":"{kind}",{rest}}}"#
    )
}

fn answer(id: &str, model: &str, block: &str) -> String {
    let message = format!(
        r#""message":{{"role":"assistant","model":"{model}","id":"{id}","content":[{block}]}}"#
    );
    line("assistant", &message)
}

fn call(id: &str, name: &str, input: &str) -> String {
    format!(r#"{{"type":"tool_use","id":"{id}","name":"{name}","input":{input}}}"#)
}

fn result(id: &str, is_error: bool, result: &str) -> String {
    let message = format!(
        r#""message":{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"{id}","is_error":{is_error}}}]}}"#
    );
    line("user", &format!(r#"{message},"toolUseResult":{result}"#))
}

fn actions(events: &[AgentEvent]) -> Vec<String> {
    let events = events.iter().filter(|event| event.action != Action::Answered);
    events.skip(1).map(|event| format!("{:?}", event.action)).collect()
}

const WRITTEN: &str = r#"{"type":"create","filePath":"/p/f","content":"a","structuredPatch":[]}"#;

#[test]
fn a_broken_line_is_counted_and_ends_nothing() {
    let session = Session::new(
        "broken",
        &[
            answer("m1", "claude-opus-5-5", &call("t1", "Write", "{}")),
            r#"{"type":"assistant","message":{"id":"#.to_owned(),
            "no JSON".to_owned(),
            r#"{"type":"assistant","timestamp":"2026-11-24T03:07:33.000Z","message":7}"#.to_owned(),
            "\u{1}{}".to_owned(),
            String::new(),
            result("t1", false, WRITTEN),
        ],
    );
    let part = session.read();
    assert_eq!(part.broken_lines, 4);
    assert_eq!(part.events.last().unwrap().call.as_ref().unwrap().0, "t1");
    assert!(matches!(part.events.last().unwrap().action, Action::Edited(_)));
}

#[test]
fn a_result_without_its_call_is_nobody_s() {
    let session = Session::new("orphan", &[result("t1", false, WRITTEN)]);
    assert_eq!(actions(&session.read().events), [""; 0]);
}

#[test]
fn a_call_whose_result_is_an_error_is_no_edit() {
    let session = Session::new(
        "errors",
        &[
            answer("m1", "claude-opus-5-5", &call("t1", "Write", "{}")),
            result("t1", true, WRITTEN),
            answer("m2", "claude-opus-5-5", &call("t2", "Write", "{}")),
            result("t2", true, r#""User rejected tool use""#),
        ],
    );
    assert_eq!(actions(&session.read().events), [""; 0]);
}

#[test]
fn the_program_s_own_answers_are_no_model_s() {
    let session = Session::new(
        "synthetic",
        &[answer("m1", "<synthetic>", &call("t1", "Write", "{}")), result("t1", false, WRITTEN)],
    );
    let events = session.read().events;
    assert!(events.iter().all(|event| event.turn.is_none()), "{events:?}");
    assert_eq!(actions(&events), [""; 0]);
}

#[test]
fn advice_that_failed_is_none() {
    let advice = |kind: &str| {
        format!(
            r#"{{"type":"advisor_tool_result","tool_use_id":"a-{kind}","content":{{"type":"{kind}"}}}}"#
        )
    };
    let with_adviser = |block: &str| {
        answer("m1", "claude-sonnet-5-5", block).replacen(
            "\"type\":",
            "\"advisorModel\":\"claude-opus-5-5\",\"type\":",
            1,
        )
    };
    let session = Session::new(
        "advice",
        &[
            with_adviser(&advice("advisor_tool_result_error")),
            with_adviser(&advice("some_new_result")),
            with_adviser(&advice("advisor_result")),
        ],
    );
    let events = session.read().events;
    let advised = events.iter().filter(|event| matches!(event.action, Action::Advised { .. }));
    let calls = advised.map(|event| event.call.as_ref().unwrap().0.as_str()).collect::<Vec<_>>();
    assert_eq!(calls, ["a-advisor_result"]);
}

#[test]
fn a_fallback_ends_with_the_choice_of_a_model_or_another_answer() {
    let fallback = line(
        "system",
        r#""subtype":"model_fallback","originalModel":"claude-opus-5-5","fallbackModel":"claude-sonnet-5-5","trigger":"overloaded""#,
    );
    let sonnet = |id: &str| {
        answer(id, "claude-sonnet-5-5", &call(&format!("t-{id}"), "Bash", r#"{"command":"ls"}"#))
    };
    let chosen = line(
        "user",
        r#""message":{"role":"user","content":"<command-name>/model</command-name>"}"#,
    );
    let session = Session::new(
        "fallback",
        &[
            sonnet("m1"),
            fallback.clone(),
            sonnet("m2"),
            chosen,
            sonnet("m3"),
            fallback,
            answer("m4", "claude-opus-5-5", r#"{"type":"text"}"#),
            sonnet("m5"),
        ],
    );
    let events = session.read().events;
    let in_place =
        |event: &&AgentEvent| event.turn.as_ref().is_some_and(|turn| turn.requested.is_some());
    let answers =
        events.iter().filter(in_place).map(|event| event.turn.as_ref().unwrap().answer.as_str());
    assert_eq!(answers.collect::<Vec<_>>(), ["m2", "m2"]);
    // What is found by a call from the end is the same.
    for event in events.iter().filter(|event| event.call.is_some()) {
        let call = event.call.as_ref().unwrap();
        let found =
            crate::agents::claude_code::turn::find(&session.0.join("s-1.jsonl"), None, call);
        assert_eq!(found, event.turn, "{call:?}");
    }
}

#[test]
fn a_file_that_became_shorter_is_read_anew() {
    let lines =
        [answer("m1", "claude-opus-5-5", &call("t1", "Write", "{}")), result("t1", false, WRITTEN)];
    let session = Session::new("shorter", &lines);
    let path = session.0.join("s-1.jsonl");
    let whole = session.read();
    let past = Cursor { offset: whole.cursor.offset + 1, memory: whole.cursor.memory.clone() };
    assert_eq!(read(&path, &past).unwrap().events, whole.events);
    let foreign = Cursor { offset: whole.cursor.offset, memory: "{".to_owned() };
    assert_eq!(read(&path, &foreign).unwrap().events, whole.events);
    assert_eq!(read(&path, &whole.cursor).unwrap().events, []);
}

#[test]
fn a_place_without_a_memory_is_where_reading_begins() {
    let write = |id: &str| {
        [answer("m1", "claude-opus-5-5", &call(id, "Write", "{}")), result(id, false, WRITTEN)]
    };
    let lines = [write("t1"), write("t2")].concat();
    let session = Session::new("middle", &lines);
    let path = session.0.join("s-1.jsonl");
    // In the middle of a line, as somebody finds it who counts from the end.
    let offset = lines[0].len() as u64 + lines[1].len() as u64 - 5;
    let part = read(&path, &Cursor { offset, memory: String::new() }).unwrap();
    let calls = part.events.iter().filter_map(|event| event.call.clone()).collect::<Vec<_>>();
    assert_eq!((calls, part.broken_lines), (vec![crate::provenance::CallId("t2".into())], 1));
}

#[test]
fn a_plan_of_another_session_is_linked_by_the_path_in_the_prompt() {
    let opened = |rest: &str, hint: &str| {
        let prompt = format!("Implement the following plan:\\n\\nread a.jsonl\\n{hint}");
        line(
            "user",
            &format!(
                r#""message":{{"role":"user","content":"{prompt}"}},"planContent":"read a.jsonl\n"{rest}"#
            ),
        )
    };
    let old = "1f7ccefe-06d8-4701-870a-945b90d924a7";
    for (rest, hint, from) in [
        (
            "",
            format!("at: /home/dev/.claude/projects/-p/{old}.jsonl\\nUser feedback: see b.jsonl"),
            Some(old),
        ),
        (r#","session_id":"first""#, String::new(), Some("first")),
        (r#","session_id":"s-1""#, String::new(), None),
        ("", String::new(), None),
    ] {
        let session = Session::new("opened", &[opened(rest, &hint)]);
        let part = session.read();
        let Action::OpenedWithPlan { text, from: found } = &part.events[1].action else {
            panic!("{part:?}")
        };
        assert_eq!(text, "read a.jsonl\n");
        assert_eq!(found.as_ref().map(|session| session.0.as_str()), from);
    }
}

#[test]
fn a_line_that_is_too_long_is_skipped() {
    let mut reader = BufReader::with_capacity(16, &b"short\nanother that is long\nlast"[..]);
    let mut line = Vec::new();
    let mut lines = Vec::new();
    while let Some((length, kept)) = next_line(&mut reader, &mut line, 10).unwrap() {
        lines.push((length, kept.is_ok(), String::from_utf8(line.clone()).unwrap()));
    }
    assert_eq!(lines, [(6, true, "short".to_owned()), (21, false, String::new())]);
}
