//! Edits of an agent that are committed late, again, or never: amended, reset, stashed, discarded,
//! expired.

use std::fs;

use expect_test::{Expect, expect};

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

fn drawn(sandbox: &Sandbox, expected: &Expect) {
    expected.assert_eq(&sandbox.drawn("HEAD"));
}

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.ok(&["add", "-A"]);
    sandbox.ok(&["commit", "-q", "-m", message]);
    sandbox.learn("HEAD");
}

/// Commits a line of Opus, then lets Sonnet add one.
fn before_amend(sandbox: &Sandbox) {
    let session = AgentSession::new(sandbox, OPUS, Tells::Both);
    session.edit("f.txt", "two", "2 of opus");
    commit(sandbox, "first");
    session.switch(SONNET);
    session.edit("f.txt", "three", "3 of sonnet");
    sandbox.write("f.txt", sandbox.read("f.txt") + "by hand\n");
}

#[test]
fn an_amend_of_the_message_keeps_the_record() {
    let sandbox = Sandbox::with_base();
    before_amend(&sandbox);
    sandbox.ok(&["commit", "-q", "--amend", "-m", "another text"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | another text
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) observed +1 -1
        f.txt
          Opus 5.5: 2 of opus
    "#]],
    );
}

#[test]
fn an_amend_with_new_work_adds_its_writer() {
    let sandbox = Sandbox::with_base();
    before_amend(&sandbox);
    sandbox.ok(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | first
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) observed +1 -1
        Sonnet 5.5 (implementation) observed +1 -1
        unknown +1 -0
        f.txt
          Opus 5.5: 2 of opus
          Sonnet 5.5: 3 of sonnet
          unknown: by hand
    "#]],
    );
}

#[test]
fn an_amend_without_hooks_of_the_message_in_an_editor() {
    let sandbox = Sandbox::with_base();
    before_amend(&sandbox);
    sandbox.here().editor("sed -i s/first/edited/ \"$1\"").ok(&[
        "commit",
        "-q",
        "-a",
        "--amend",
        "--no-verify",
    ]);
    drawn(
        &sandbox,
        &expect![[r#"
        | edited
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) observed +1 -1
        Sonnet 5.5 (implementation) observed +1 -1
        unknown +1 -0
        f.txt
          Opus 5.5: 2 of opus
          Sonnet 5.5: 3 of sonnet
          unknown: by hand
    "#]],
    );
}

#[test]
fn a_commit_taken_back_and_made_again() {
    let sandbox = Sandbox::with_base();
    before_amend(&sandbox);
    sandbox.ok(&["reset", "-q", "--soft", "HEAD^"]);
    sandbox.ok(&["commit", "-q", "-m", "again, the old part"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | again, the old part
        |
        | Model: Opus 5.5 (implementation)
        commit <2>
        Opus 5.5 (implementation) observed +1 -1
        f.txt
          Opus 5.5: 2 of opus
    "#]],
    );
    commit(&sandbox, "and the new part");
    drawn(
        &sandbox,
        &expect![[r#"
        | and the new part
        |
        | Model: Sonnet 5.5 (implementation)
        commit <2>
        Sonnet 5.5 (implementation) observed +1 -0
        unknown +1 -1
        f.txt
          Sonnet 5.5: 3 of sonnet
          unknown: by hand
    "#]],
    );
}

#[test]
fn work_that_was_discarded_is_not_used() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("f.txt", "two", "a long line that the agent wrote");
    sandbox.ok(&["checkout", "-q", "--", "f.txt"]);
    sandbox.write("f.txt", "one\na line that a person wrote\nthree\n");
    commit(&sandbox, "by hand");
    drawn(
        &sandbox,
        &expect![[r#"
            | by hand
            commit
            unknown +1 -1
            f.txt
              unknown: a line that a person wrote
        "#]],
    );
}

#[test]
fn work_that_was_stashed_is_the_agent_s_when_it_comes_back() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("f.txt", "two", "2 of opus");
    sandbox.ok(&["stash", "-q"]);
    sandbox.write("other.txt", "by hand\n");
    commit(&sandbox, "other");
    drawn(
        &sandbox,
        &expect![[r#"
        | other
        commit
        unknown +1 -0
        other.txt
          unknown: by hand
    "#]],
    );
    sandbox.ok(&["stash", "pop", "-q"]);
    commit(&sandbox, "popped");
    drawn(
        &sandbox,
        &expect![[r#"
        | popped
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -1
        f.txt
          Opus 5.5: 2 of opus
    "#]],
    );
}

#[test]
fn evidence_older_than_two_weeks_is_not_used() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("f.txt", "two", "2 of opus");
    let evidence = sandbox.path().join(".git/model/evidence");
    let text = fs::read_to_string(&evidence).unwrap();
    fs::write(&evidence, aged(&text, 15 * 24 * 3600 * 1000)).unwrap();
    fs::remove_file(session.file()).unwrap();
    commit(&sandbox, "late");
    drawn(
        &sandbox,
        &expect![[r#"
        | late
        commit
        unknown +1 -1
        f.txt
          unknown: 2 of opus
    "#]],
    );
}

/// Makes all events of an evidence file older.
fn aged(evidence: &str, milliseconds: i64) -> String {
    let older = |line: &str| {
        let json = line.splitn(3, ' ').nth(2).expect("an entry has three words");
        let mut entry = serde_json::from_str::<serde_json::Value>(json).expect("an entry is JSON");
        if let Some(at) = entry["at"].as_i64() {
            entry["at"] = (at - milliseconds).into();
        }
        let json = entry.to_string();
        format!("1 {:08x} {json}\n", crc32fast::hash(json.as_bytes()))
    };
    evidence.lines().map(older).collect()
}

#[test]
fn a_clock_that_went_backwards_loses_nothing() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::HooksAlone);
    drop(session);
    let session = AgentSession::at(&sandbox, sandbox.path(), 2, OPUS, Tells::Both);
    session.edit("f.txt", "two", "2 of opus");
    let evidence = sandbox.path().join(".git/model/evidence");
    let text = fs::read_to_string(&evidence).unwrap();
    // What was told an hour ahead of the clock of today.
    fs::write(&evidence, aged(&text, -3600 * 1000)).unwrap();
    session.edit("f.txt", "2 of opus\n", "2 of opus\nmore of opus\n");
    sandbox.write("f.txt", sandbox.read("f.txt") + "by hand\n");
    commit(&sandbox, "clock");
    drawn(
        &sandbox,
        &expect![[r#"
        | clock
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -1
        unknown +1 -0
        f.txt
          Opus 5.5: 2 of opus
          Opus 5.5: more of opus
          unknown: by hand
    "#]],
    );
}

#[test]
fn two_agents_in_one_worktree_have_their_own_lines() {
    let sandbox = Sandbox::with_base();
    let opus = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let sonnet = AgentSession::at(&sandbox, sandbox.path(), 2, SONNET, Tells::Both);
    opus.write("g.txt", "one of opus\n");
    sonnet.edit("g.txt", "one of opus\n", "one of opus\ntwo of sonnet\n");
    opus.edit("g.txt", "one of opus\n", "zero of opus\none of opus\n");
    commit(&sandbox, "both");
    drawn(
        &sandbox,
        &expect![[r#"
        | both
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        Sonnet 5.5 (implementation) observed +1 -0
        g.txt
          Opus 5.5: zero of opus
          Opus 5.5: one of opus
          Sonnet 5.5: two of sonnet
    "#]],
    );
}
