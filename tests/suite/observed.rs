//! Edits of an agent, from its hooks and its session file to the message, the record and `blame`.

use expect_test::{Expect, expect};

use crate::agent_session::{AgentSession, Tells, numbered};
use crate::sandbox::{Sandbox, check};

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

fn drawn(sandbox: &Sandbox, expected: &Expect) {
    expected.assert_eq(&sandbox.drawn("HEAD"));
}

/// Commits all that is there.
fn commit(sandbox: &Sandbox) {
    sandbox.ok(&["add", "-A"]);
    sandbox.ok(&["commit", "-q", "-m", "work"]);
    sandbox.learn("HEAD");
}

/// Lets an agent write two files, one of them new.
fn two_edits(session: &AgentSession<'_>) {
    session.edit("f.txt", "two", "2");
    session.write("new.txt", "alpha\nbeta\n");
}

#[test]
fn hooks_and_the_session_file_are_not_counted_twice() {
    let sandbox = Sandbox::with_base();
    two_edits(&AgentSession::new(&sandbox, OPUS, Tells::Both));
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +3 -1
        f.txt
          Opus 5.5: 2
        new.txt
          Opus 5.5: alpha
          Opus 5.5: beta
    "#]],
    );
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        <1> unknown   -               -         1  one
        <2> Opus 5.5  implementation  observed  2  2
        <1> unknown   -               -         3  three
        exit 0
    "#]],
    );
}

#[test]
fn the_session_file_alone_tells_the_same() {
    let sandbox = Sandbox::with_base();
    two_edits(&AgentSession::new(&sandbox, OPUS, Tells::FileAlone));
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +3 -1
        f.txt
          Opus 5.5: 2
        new.txt
          Opus 5.5: alpha
          Opus 5.5: beta
    "#]],
    );
}

#[test]
fn without_a_session_file_no_model_is_known() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::HooksAlone);
    two_edits(&session);
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        commit
        unknown +3 -1
        f.txt
          unknown: 2
        new.txt
          unknown: alpha
          unknown: beta
    "#]],
    );
    assert_eq!(*session.said.borrow(), "");
}

#[test]
fn a_session_file_that_comes_later_names_the_model() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    // The line with the call is written after the hook gave up.
    let (call, result) = session.begin_write("new.txt", "alpha\n");
    let text = std::fs::read_to_string(session.file()).unwrap();
    std::fs::write(session.file(), text.lines().next().unwrap().to_owned() + "\n").unwrap();
    session.hook(&session.payload("PostToolUse", &call, Some(&result)));
    let (_, rest) = text.split_once('\n').unwrap();
    session.append(rest);
    session.result(&call, &result);
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
            | work
            |
            | Model: Opus 5.5 (implementation)
            commit
            Opus 5.5 (implementation) observed +1 -0
            new.txt
              Opus 5.5: alpha
        "#]],
    );
}

#[test]
fn what_a_person_writes_between_and_after_is_nobody_s() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("g.txt", "a\nb\nc\n");
    sandbox.write("g.txt", "a\nby hand\nb\nc\n");
    session.edit("g.txt", "c\n", "c\nd\n");
    sandbox.write("g.txt", "a\nby hand\nb\nc\nd\nlast by hand\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +4 -0
        unknown +2 -0
        g.txt
          Opus 5.5: a
          unknown: by hand
          Opus 5.5: b
          Opus 5.5: c
          Opus 5.5: d
          unknown: last by hand
    "#]],
    );
    check(
        &sandbox.model(&["blame", "g.txt"]),
        &expect![[r#"
        <2> Opus 5.5  implementation  observed  1  a
        <2> unknown   -               -         2  by hand
        <2> Opus 5.5  implementation  observed  3  b
        <2> Opus 5.5  implementation  observed  4  c
        <2> Opus 5.5  implementation  observed  5  d
        <2> unknown   -               -         6  last by hand
        exit 0
    "#]],
    );
}

#[test]
fn a_person_who_writes_the_agent_s_file_anew_owns_none_of_it_for_the_agent() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("g.txt", "fn one() {}\nfn two() {}\n");
    sandbox.write("g.txt", "struct Entirely;\nstruct Different;\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        commit
        unknown +2 -0
        g.txt
          unknown: struct Entirely;
          unknown: struct Different;
    "#]],
    );
}

#[test]
fn a_formatter_after_the_edit_leaves_the_lines_with_the_agent() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("g.rs", "fn main() {\nlet value = compute( 1,2 );\nprintln!(\"{value}\");\n}\n");
    sandbox.write(
        "g.rs",
        "fn main() {\n    let value = compute(1, 2);\n    println!(\"{value}\");\n}\n",
    );
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +4 -0
        g.rs
          Opus 5.5: fn main() {
          Opus 5.5:     let value = compute(1, 2);
          Opus 5.5:     println!("{value}");
          Opus 5.5: }
    "#]],
    );
}

#[test]
fn two_models_of_one_session_have_their_own_lines() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("g.txt", "one of opus\n");
    session.switch(SONNET);
    session.edit("g.txt", "one of opus\n", "one of opus\ntwo of sonnet\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        Sonnet 5.5 (implementation) observed +1 -0
        g.txt
          Opus 5.5: one of opus
          Sonnet 5.5: two of sonnet
    "#]],
    );
}

#[test]
fn commit_all_of_tracked_files() {
    let sandbox = Sandbox::with_base();
    two_edits(&AgentSession::new(&sandbox, OPUS, Tells::Both));
    sandbox.ok(&["commit", "-q", "-a", "-m", "tracked alone"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | tracked alone
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -1
        f.txt
          Opus 5.5: 2
    "#]],
    );
    // What was left is still the agent's at the next commit.
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        new.txt
          Opus 5.5: alpha
          Opus 5.5: beta
    "#]],
    );
}

#[test]
fn commit_only_and_commit_without_hooks_of_the_message() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    two_edits(&session);
    sandbox.ok(&["add", "new.txt"]);
    sandbox.ok(&["commit", "-q", "--only", "-m", "only f", "--", "f.txt"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | only f
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -1
        f.txt
          Opus 5.5: 2
    "#]],
    );
    sandbox.ok(&["commit", "-q", "--no-verify", "-m", "no verify"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | no verify
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        new.txt
          Opus 5.5: alpha
          Opus 5.5: beta
    "#]],
    );
}

#[test]
fn a_part_of_a_file_is_committed_and_the_rest_stays_the_agent_s() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("long.txt", numbered(30), "long");
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("long.txt", "line 2\n", "line 2 by the agent\n");
    session.edit("long.txt", "line 28\n", "line 28 by the agent\n");
    sandbox.here().input("y\nn\n").ok(&["commit", "-q", "-p", "-m", "a part"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | a part
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -1
        long.txt
          Opus 5.5: line 2 by the agent
    "#]],
    );
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -1
        long.txt
          Opus 5.5: line 28 by the agent
    "#]],
    );
}

#[test]
fn a_commit_from_a_folder_below() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("src/deep/a.rs", "fn a() {}\n");
    sandbox.at("src/deep").ok(&["add", "."]);
    sandbox.at("src/deep").ok(&["commit", "-q", "-m", "from below"]);
    drawn(
        &sandbox,
        &expect![[r#"
        | from below
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        src/deep/a.rs
          Opus 5.5: fn a() {}
    "#]],
    );
}

#[test]
fn a_session_started_in_a_folder_below_is_told_by_its_hooks() {
    let sandbox = Sandbox::with_base();
    std::fs::create_dir(sandbox.path().join("src")).unwrap();
    let folder = sandbox.path().join("src");
    let session = AgentSession::at(&sandbox, &folder, 7, OPUS, Tells::Both);
    session.write("a.rs", "fn a() {}\n");
    session.shell("echo made by the shell > b.txt");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        src/a.rs
          Opus 5.5: fn a() {}
        src/b.txt
          Opus 5.5: made by the shell
    "#]],
    );
}

#[test]
fn a_linked_worktree_has_its_own_evidence() {
    let sandbox = Sandbox::with_base();
    let linked = sandbox.beside("linked");
    sandbox.ok(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let session = AgentSession::at(&sandbox, &linked, 2, SONNET, Tells::Both);
    session.edit("f.txt", "two", "2 in the worktree");
    // The same line by hand in the main one is not the agent's.
    sandbox.write("f.txt", "one\n2 in the worktree\nthree\n");
    commit(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        commit
        unknown +1 -1
        f.txt
          unknown: 2 in the worktree
    "#]],
    );
    sandbox.at(&linked).ok(&["commit", "-q", "-a", "-m", "linked"]);
    let id = sandbox.at(&linked).ok(&["rev-parse", "HEAD"]);
    expect![[r#"
        | linked
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) observed +1 -1
        f.txt
          Sonnet 5.5: 2 in the worktree
    "#]]
    .assert_eq(&sandbox.drawn(id.trim()));
}
