//! Shell commands of agents: what they change, what they bring in, and what others do while they run.

use expect_test::{Expect, expect};

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::{Sandbox, check};

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

#[test]
fn a_stash_that_the_agent_pops_is_nobody_s() {
    let sandbox = Sandbox::with_base();
    sandbox.write("f.txt", "one\ntwo\nthree\nby hand, stashed\n");
    sandbox.ok(&["stash", "-q"]);
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.shell("git stash pop -q && echo more >> f.txt");
    commit(&sandbox, "popped");
    drawn(
        &sandbox,
        &expect![[r#"
        | popped
        commit
        unknown +2 -0
        f.txt
          unknown: by hand, stashed
          unknown: more
    "#]],
    );
}

#[test]
fn a_stash_that_the_agent_pops_and_commits_at_once_is_nobody_s() {
    let sandbox = Sandbox::with_base();
    sandbox.write("f.txt", "one\ntwo\nthree\nby hand, stashed\n");
    sandbox.ok(&["stash", "-q"]);
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.shell("git stash pop -q && git commit -q -a -m popped");
    drawn(
        &sandbox,
        &expect![[r#"
        | popped
        commit
        unknown +1 -0
        f.txt
          unknown: by hand, stashed
    "#]],
    );
}

#[test]
fn a_person_s_commit_while_the_agent_s_command_runs_is_not_the_agent_s() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let call = session.begin_shell("sleep 60");
    sandbox.write("f.txt", "one\nby hand meanwhile\nthree\n");
    commit(&sandbox, "from another terminal");
    drawn(
        &sandbox,
        &expect![[r#"
        | from another terminal
        commit
        unknown +1 -1
        f.txt
          unknown: by hand meanwhile
    "#]],
    );
    session.end_shell(&call);
    sandbox.write("f.txt", "one\nby hand meanwhile\nthree\nby hand later\n");
    commit(&sandbox, "later");
    drawn(
        &sandbox,
        &expect![[r#"
        | later
        commit
        unknown +1 -0
        f.txt
          unknown: by hand later
    "#]],
    );
}

#[test]
fn a_person_s_uncommitted_work_from_before_a_command_is_not_the_agent_s() {
    let sandbox = Sandbox::with_base();
    sandbox.write("f.txt", "one\nby hand before\nthree\n");
    sandbox.write("untracked.txt", "by hand before\n");
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.shell("echo of the command >> f.txt; echo of the command >> untracked.txt");
    commit(&sandbox, "both");
    drawn(
        &sandbox,
        &expect![[r#"
        | both
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        unknown +2 -1
        f.txt
          unknown: by hand before
          Opus 5.5: of the command
        untracked.txt
          unknown: by hand before
          Opus 5.5: of the command
    "#]],
    );
}

#[test]
fn a_commit_inside_of_a_command_is_the_agent_s() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.shell("echo of the command >> f.txt && git commit -q -a -m inside");
    drawn(
        &sandbox,
        &expect![[r#"
        | inside
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        f.txt
          Opus 5.5: of the command
    "#]],
    );
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        <1> unknown   -               -         1  one
        <1> unknown   -               -         2  two
        <1> unknown   -               -         3  three
        <2> Opus 5.5  implementation  observed  4  of the command
        exit 0
    "#]],
    );
}

#[test]
fn a_command_that_runs_on_in_the_background_is_not_guessed() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let call = session.begin_shell("make &");
    sandbox.write("f.txt", "one\n2\nthree\n");
    let result = serde_json::json!({"stdout": "", "stderr": "", "backgroundTaskId": "b1"});
    session.succeeded(&call, &result);
    commit(&sandbox, "background");
    drawn(
        &sandbox,
        &expect![[r#"
        | background
        commit
        unknown +1 -1
        f.txt
          unknown: 2
    "#]],
    );
}

/// Runs a command of each of two sessions at once; each makes a file.
fn two_commands_at_once(sandbox: &Sandbox, models: [&'static str; 2]) {
    let first = AgentSession::new(sandbox, models[0], Tells::Both);
    let second = AgentSession::at(sandbox, sandbox.path(), 2, models[1], Tells::Both);
    let one = first.begin_shell("one");
    let two = second.begin_shell("two");
    first.in_shell("echo of the first > first.txt");
    second.in_shell("echo of the second > second.txt");
    first.end_shell(&one);
    second.end_shell(&two);
}

#[test]
fn commands_of_two_agents_at_once_are_not_given_to_the_wrong_one() {
    let sandbox = Sandbox::with_base();
    two_commands_at_once(&sandbox, [OPUS, SONNET]);
    commit(&sandbox, "at once");
    drawn(
        &sandbox,
        &expect![[r#"
        | at once
        commit
        unknown +2 -0
        first.txt
          unknown: of the first
        second.txt
          unknown: of the second
    "#]],
    );
}

#[test]
fn what_was_made_while_another_agent_s_command_still_runs_is_not_guessed() {
    let sandbox = Sandbox::with_base();
    let opus = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let sonnet = AgentSession::at(&sandbox, sandbox.path(), 2, SONNET, Tells::Both);
    opus.shell("echo before > before.txt");
    sonnet.begin_shell("two");
    opus.shell("echo of one of them > one.txt");
    opus.edit("f.txt", "two", "2 of opus");
    commit(&sandbox, "the other one still runs");
    drawn(
        &sandbox,
        &expect![[r#"
        | the other one still runs
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -1
        unknown +1 -0
        before.txt
          Opus 5.5: before
        f.txt
          Opus 5.5: 2 of opus
        one.txt
          unknown: of one of them
    "#]],
    );
}

#[test]
fn a_commit_inside_of_a_command_while_another_agent_s_runs_is_not_guessed() {
    let sandbox = Sandbox::with_base();
    let opus = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let sonnet = AgentSession::at(&sandbox, sandbox.path(), 2, SONNET, Tells::Both);
    opus.begin_shell("one");
    sonnet.shell("sleep 0; echo of sonnet > sonnet.txt; git add -A; git commit -q -m inside");
    drawn(
        &sandbox,
        &expect![[r#"
        | inside
        commit
        unknown +1 -0
        sonnet.txt
          unknown: of sonnet
    "#]],
    );
}

#[test]
fn commands_one_after_the_other_have_their_own_lines() {
    let sandbox = Sandbox::with_base();
    let opus = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let sonnet = AgentSession::at(&sandbox, sandbox.path(), 2, SONNET, Tells::Both);
    opus.shell("echo of opus >> f.txt");
    sonnet.shell("echo of sonnet >> f.txt");
    commit(&sandbox, "in turn");
    drawn(
        &sandbox,
        &expect![[r#"
        | in turn
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        Sonnet 5.5 (implementation) observed +1 -0
        f.txt
          Opus 5.5: of opus
          Sonnet 5.5: of sonnet
    "#]],
    );
}

#[test]
fn what_a_person_edits_while_an_agent_runs_tests_is_nobody_s() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    let call = session.begin_shell("cargo test --workspace 2>&1 | tail -20");
    sandbox.write("f.txt", "one\nby hand meanwhile\nthree\n");
    session.end_shell(&call);
    commit(&sandbox, "work");
    drawn(&sandbox, &expect![[r#""#]]);
}
