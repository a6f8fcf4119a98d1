//! Edits of an agent in files that are not plain: renamed, with other line ends, binary, huge; and payloads that are not
//! to be kept.

use expect_test::{Expect, expect};

use crate::agent_session::{AgentSession, Tells, numbered};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";

fn drawn(sandbox: &Sandbox, expected: &Expect) {
    expected.assert_eq(&sandbox.drawn("HEAD"));
}

/// Commits all that is there.
fn commit(sandbox: &Sandbox) {
    sandbox.ok(&["add", "-A"]);
    sandbox.ok(&["commit", "-q", "-m", "work"]);
    sandbox.learn("HEAD");
}

#[test]
fn a_file_renamed_and_edited() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("old.txt", numbered(12), "long");
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("old.txt", "line 3\n", "line 3 by the agent\n");
    session.shell("git mv old.txt renamed.txt");
    session.edit("renamed.txt", "line 9\n", "line 9 by the agent\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        unknown +0 -2
        renamed.txt
          Opus 5.5: line 3 by the agent
          Opus 5.5: line 9 by the agent
    "#]],
    );
}

#[test]
fn line_ends_of_windows_and_a_last_line_without_one() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("crlf.txt", "one\r\ntwo\r\nthree\r\n", "crlf");
    sandbox.commit("end.txt", "one\ntwo", "no end");
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("crlf.txt", "two\r\n", "2\r\n");
    session.edit("end.txt", "two", "two\nthree");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
            | work
            |
            | Model: Opus 5.5 (implementation)
            commit
            Opus 5.5 (implementation) observed +2 -1
            unknown +1 -1
            crlf.txt
              Opus 5.5: 2
            end.txt
              unknown: two
              Opus 5.5: three
        "#]],
    );
}

#[test]
fn line_ends_of_windows_that_git_takes_away() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "core.autocrlf", "input"]);
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("crlf.txt", "one\r\ntwo\r\n");
    sandbox.write("crlf.txt", "one\r\ntwo\r\nby hand\r\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        unknown +1 -0
        crlf.txt
          Opus 5.5: one
          Opus 5.5: two
          unknown: by hand
    "#]],
    );
}

#[test]
fn a_binary_file_and_a_submodule_cost_nothing_else() {
    let sandbox = Sandbox::with_base();
    let other = sandbox.beside("other");
    std::fs::create_dir(&other).unwrap();
    sandbox.at(&other).ok(&["init", "-q"]);
    sandbox.at(&other).ok(&["commit", "-q", "--allow-empty", "-m", "other"]);
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("new.txt", "alpha\n");
    session.shell("printf 'a\\0b' > data.bin");
    sandbox.ok(&["submodule", "--quiet", "add", other.to_str().unwrap(), "sub"]);
    session.shell("echo text > shell.txt");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        unknown +3 -0
        .gitmodules
          unknown: [submodule "sub"]
          unknown: 	path = sub
          unknown: 	url = <beside>/other
        new.txt
          Opus 5.5: alpha
        shell.txt
          Opus 5.5: text
    "#]],
    );
}

#[test]
fn a_file_of_five_megabytes_is_counted_without_lines() {
    let sandbox = Sandbox::with_base();
    let line = "x".repeat(99) + "\n";
    sandbox.write("huge.txt", line.repeat(52_000));
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("huge.txt", "x\nx", "x\nthe agent's line\nx");
    session.write("new.txt", "alpha\n");
    commit(&sandbox);
    let drawing = sandbox.drawn("HEAD").replace(&format!("  unknown: {line}"), "");
    expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        huge.txt
          unknown: the agent's line
        new.txt
          Opus 5.5: alpha
    "#]]
    .assert_eq(&drawing);
    assert_eq!(*session.said.borrow(), "");
}

#[test]
fn where_init_was_not_run_nothing_is_kept() {
    let sandbox = Sandbox::without_hooks();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("f.txt", "one\n");
    session.shell("echo two >> f.txt");
    assert_eq!(*session.said.borrow(), "");
    assert!(!sandbox.path().join(".git/model").exists());
}

#[test]
fn a_payload_of_another_program_is_left_alone() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let (call, result) = session.begin_write("g.txt", "one\n");
    let mut payload = session.payload("PostToolUse", &call, Some(&result));
    payload["transcript_path"] = format!("/elsewhere/{}.jsonl", session.id()).into();
    let before = sandbox.ok(&["hash-object", "--", ".git/HEAD"]);
    for text in [payload.to_string(), "{}".to_owned(), "nonsense".to_owned(), String::new()] {
        let output = sandbox.here().input(text).run("git-model", &["agent-hook", "claude-code"]);
        assert_eq!((output.code, output.stdout, output.stderr), (0, String::new(), String::new()));
    }
    assert_eq!(before, sandbox.ok(&["hash-object", "--", ".git/HEAD"]));
    assert!(!sandbox.path().join(".git/model/evidence").exists());
    let output = sandbox.here().input("{}").run("git-model", &["agent-hook", "another-agent"]);
    assert_eq!((output.code, output.stdout, output.stderr), (0, String::new(), String::new()));
}

#[test]
fn a_call_that_is_told_twice_counts_once() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let (call, result) = session.begin_write("g.txt", "one\n");
    let payload = session.payload("PostToolUse", &call, Some(&result));
    session.hook(&payload);
    session.hook(&payload);
    session.result(&call, &result);
    sandbox.write("g.txt", "one\nby hand\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        unknown +1 -0
        g.txt
          Opus 5.5: one
          unknown: by hand
    "#]],
    );
}
