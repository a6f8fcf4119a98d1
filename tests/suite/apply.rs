//! Commits that no message hook sees: `am`, `stash`, `commit-tree`.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn a_patch_that_names_a_commit_here_keeps_its_models() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "of Opus");
    sandbox.ok(&["checkout", "-q", "main"]);
    let patch = sandbox.ok(&["format-patch", "--stdout", "main..topic"]);
    sandbox.today().input(&patch).ok(&["am", "-q"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        apply <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_patch_applied_by_three_ways_and_resolved_keeps_the_models() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "of Opus");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("f.txt", "one\ntwo\nthree\nmain\n", "main");
    let patch = sandbox.ok(&["format-patch", "--stdout", "topic~1..topic"]);
    let output = sandbox.today().input(&patch).git(&["am", "-q", "-3"]);
    assert_ne!(output.code, 0);
    sandbox.stage("f.txt", "one\ntwo\nthree\nmain\nopus\n");
    sandbox.today().ok(&["am", "--continue"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        apply <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_stash_records_nothing_and_what_is_popped_can_be_declared() {
    let sandbox = Sandbox::with_base();
    sandbox.write("f.txt", "one\ntwo\nthree\nfour\n");
    let before = sandbox.ok(&["rev-parse", "refs/notes/model"]);
    sandbox.today().ok(&["stash", "push", "-q"]);
    sandbox.today().ok(&["stash", "pop", "-q"]);
    assert_eq!(sandbox.ok(&["rev-parse", "refs/notes/model"]), before);
    sandbox.today().ok(&["commit", "-q", "-a", "-m", "popped"]);
    expect![[r#"
        | popped
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_commit_that_no_hook_saw_has_no_note_and_does_not_disturb_the_next() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let tree = sandbox.ok(&["write-tree"]);
    let commit = sandbox.today().ok(&["commit-tree", tree.trim(), "-p", "HEAD", "-m", "plumbing"]);
    sandbox.ok(&["reset", "-q", "--hard", commit.trim()]);
    let plumbing = sandbox.drawn("HEAD");
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\nfive\n");
    sandbox.today().ok(&["commit", "-q", "-m", "next"]);
    expect![[r#"
        | plumbing
        no note
        | next
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: five
    "#]]
    .assert_eq(&(plumbing + &sandbox.drawn("HEAD")));
}
