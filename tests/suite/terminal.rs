//! The line that a commit prints on a terminal, and its silence elsewhere.

use expect_test::expect;

use crate::sandbox::{Invocation, Sandbox};

/// Runs a command on a terminal and returns what stands there afterwards.
fn on_terminal(invocation: &Invocation<'_>, command: &str) -> String {
    let output = invocation.run("script", &["-qec", command, "/dev/null"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{command}: {}", output.stdout);
    output.stdout.replace("\r\n", "\n")
}

const COMMIT: &str = "git commit -q -m x";

#[test]
fn a_declared_commit_says_who_and_how_much() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    expect![[r#"
        recorded Sonnet 5.5, declared, 1 of 1 line
    "#]]
    .assert_eq(&on_terminal(&sandbox.today(), COMMIT));
    sandbox.stage("f.txt", "1\n2\nthree\nfour\n");
    let plan = sandbox.today().env("GIT_MODEL_PHASE", "planning");
    expect![[r#"
        recorded Sonnet 5.5 (architecture), declared, 4 of 4 lines
    "#]]
    .assert_eq(&on_terminal(&plan, COMMIT));
    sandbox.stage("f.txt", "1\n2\nthree\nfour\nfive\n");
    let human = sandbox.here().env("GIT_MODEL", "human");
    expect![[r#"
        recorded human, declared, 1 of 1 line
    "#]]
    .assert_eq(&on_terminal(&human, COMMIT));
    sandbox.stage("f.txt", "0\n1\n2\nthree\nfour\nfive\n");
    expect![[r#"
        recorded Sonnet 5.5, human, declared, 2 of 2 lines
    "#]]
    .assert_eq(&on_terminal(&sandbox.today(), "git commit -q --amend --no-edit"));
}

#[test]
fn an_unknown_commit_says_why_and_what_helps() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let nobody = on_terminal(&sandbox.here(), COMMIT);
    sandbox.declare("claude-opus-5-5");
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.stage("f.txt", "one\ntwo\nthree\n");
    let sleeping = on_terminal(&sandbox.here(), COMMIT);
    sandbox.ok(&["config", "model.useExpires", "0m"]);
    sandbox.declare("claude-opus-5-5");
    sandbox.stage("f.txt", "one\ntwo\n");
    let expired = on_terminal(&sandbox.here(), COMMIT);
    sandbox.ok(&["checkout", "-q", "--detach"]);
    sandbox.stage("f.txt", "one\n");
    let detached = on_terminal(&sandbox.here(), COMMIT);
    expect![[r#"
        recorded 1 line unknown: nobody was declared on main (git model use MODEL|human)
        recorded 1 line unknown: what was declared holds on main, not on topic (git model use MODEL|human)
        recorded 1 line unknown: what was declared on topic has expired (git model use MODEL|human)
        recorded 1 line unknown: what was declared holds on main, not on a detached HEAD (git model use MODEL|human)
    "#]].assert_eq(&[nobody, sleeping, expired, detached].concat());
}

#[test]
fn lines_without_a_record_are_said_to_be_so() {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit("f.txt", "one\n", "base");
    sandbox.commit("f.txt", "one\nold\n", "old");
    sandbox.ok(&["model", "init"]);
    let amend = on_terminal(&sandbox.today(), "git commit -q --amend --no-edit");
    let revert = on_terminal(&sandbox.today(), "git revert --no-edit HEAD > /dev/null");
    expect![[r#"
        recorded 1 line unknown: they come from a commit without a record
        recorded 1 line unknown: they come from commits without a record
    "#]]
    .assert_eq(&(amend + &revert));
}

#[test]
fn nothing_is_said_where_nobody_wants_it() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let output = sandbox.today().git(&["commit", "-q", "-m", "no terminal"]);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("", ""));
    assert_eq!(on_terminal(&sandbox.today(), "git commit -q --allow-empty -m x"), "");
    sandbox.ok(&["config", "model.quiet", "true"]);
    sandbox.stage("f.txt", "one\ntwo\nthree\n");
    assert_eq!(on_terminal(&sandbox.today(), COMMIT), "");
}

#[test]
fn a_rebase_says_nothing_of_its_steps() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "g.txt", "x\n", "x");
    sandbox.commit_by("claude-opus-5-5", "g.txt", "x\ny\n", "y");
    let shown = on_terminal(&sandbox.today(), "git rebase -q --force-rebase HEAD~2");
    assert_eq!(shown, "");
}
