//! Commands, skills and helpers of an agent: which read a change, and in which phase those work that write.

use std::fs;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.ok(&["add", "-A"]);
    sandbox.ok(&["commit", "-q", "-m", message]);
}

/// Lets a command run that edits nothing.
fn run_command(session: &AgentSession<'_>, name: &str) {
    session.prompt(&format!("<command-name>/{name}</command-name>"));
    session.call("Read", json!({"file_path": "f.txt"}));
    session.prompt("thank you");
}

/// Returns who read a commit: name, model.
fn read_by(sandbox: &Sandbox, revision: &str) -> Vec<String> {
    let shown = sandbox.ok(&["model", "show", "--format", "json", revision]);
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    let rows = shown["read_by"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| format!("{} {}", row["name"], row["model"])).collect()
}

#[test]
fn a_review_that_edits_nothing_is_noted_and_is_no_trailer() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, SONNET, Tells::Both);
    session.write("a.txt", "one\n");
    run_command(&session, "security-review");
    run_command(&session, "explain");
    commit(&sandbox, "first");
    assert_eq!(read_by(&sandbox, "HEAD"), [r#""security-review" "claude-sonnet-5-5""#]);
    let expected = expect![[r#"
        | first
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) observed +1 -0
        a.txt
          Sonnet 5.5: one
    "#]];
    expected.assert_eq(&sandbox.drawn("HEAD"));
    session.write("b.txt", "one\n");
    commit(&sandbox, "second");
    assert_eq!(read_by(&sandbox, "HEAD"), [""; 0], "it did not read what came after it");
}

#[test]
fn the_user_says_which_command_reviews_and_which_does_not() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "model.agent.explain.phase", "review"]);
    sandbox.ok(&["config", "model.agent.review-notes.phase", "documentation"]);
    let session = AgentSession::new(&sandbox, SONNET, Tells::Both);
    session.write("a.txt", "one\n");
    run_command(&session, "explain");
    run_command(&session, "review-notes");
    commit(&sandbox, "first");
    assert_eq!(read_by(&sandbox, "HEAD"), [r#""explain" "claude-sonnet-5-5""#]);
}

/// Lets a helper of this kind write a file.
fn write_by_helper(session: &AgentSession<'_>, kind: &str, path: &str) {
    let (call, result) = session.begin_write(path, "by a helper\n");
    let lines = fs::read_to_string(session.file()).expect("a session file");
    let line = lines.lines().last().expect("the line of the call");
    let mut line: Value = serde_json::from_str(line).expect("JSON");
    line["isSidechain"] = json!(true);
    line["agentId"] = json!("a0a0a0a0");
    let folder = session.file().with_extension("").join("subagents");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("agent-a0a0a0a0.jsonl"), format!("{line}\n")).expect("a helper's file");
    let mut payload = session.payload("PostToolUse", &call, Some(&result));
    payload["agent_id"] = json!("a0a0a0a0");
    payload["agent_type"] = json!(kind);
    session.hook(&payload);
}

fn helper_is_drawn(kind: &str, settings: &[(&str, &str)], expected: &Expect) {
    let sandbox = Sandbox::with_base();
    for (key, value) in settings {
        sandbox.ok(&["config", key, value]);
    }
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    write_by_helper(&session, kind, "a.txt");
    commit(&sandbox, "first");
    expected.assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_helper_writes_in_the_phase_that_the_user_gives_it() {
    helper_is_drawn(
        "architect",
        &[("model.agent.architect.phase", "architecture")],
        &expect![[r#"
            | first
            |
            | Model: Opus 5.5 (architecture)
            commit
            Opus 5.5 (architecture) observed +1 -0
            a.txt
              Opus 5.5: by a helper
        "#]],
    );
}

#[test]
fn a_reviewer_that_writes_implements() {
    let expected = expect![[r#"
        | first
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        a.txt
          Opus 5.5: by a helper
    "#]];
    helper_is_drawn("reviewer", &[], &expected);
    helper_is_drawn("checker", &[("model.agent.checker.phase", "review")], &expected);
}

#[test]
fn a_new_helper_of_a_session_that_rested_for_hours_is_found_at_the_next_commit() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::FileAlone);
    session.write("a.txt", "one\n");
    commit(&sandbox, "first");
    let known = sandbox.path().join(".git/model/sessions");
    let text = fs::read_to_string(&known).expect("the known sessions");
    let rested = text.lines().map(|line| {
        let mut fields = line.split('\t').map(str::to_owned).collect::<Vec<_>>();
        if fields[0] == "file" {
            let grew = fields[2].parse::<i64>().expect("a time");
            fields[2] = (grew - 3 * 3_600_000).to_string();
        }
        fields.join("\t") + "\n"
    });
    fs::write(&known, rested.collect::<String>()).expect("the known sessions");
    session.prompt("Let a helper go on.");
    let own = fs::read_to_string(session.file()).expect("a session file");
    session.switch(SONNET);
    session.write("b.txt", "by a helper\n");
    let all = fs::read_to_string(session.file()).expect("a session file");
    fs::write(session.file(), &own).expect("a session file");
    let of_helper = all[own.len()..].lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        line["isSidechain"] = json!(true);
        line["agentId"] = json!("a0a0a0a0");
        format!("{line}\n")
    });
    let folder = session.file().with_extension("").join("subagents");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("agent-a0a0a0a0.jsonl"), of_helper.collect::<String>())
        .expect("a helper's file");
    commit(&sandbox, "second");
    expect![[r#"
        | second
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) observed +1 -0
        b.txt
          Sonnet 5.5: by a helper
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
