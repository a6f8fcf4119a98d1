//! Merges: only lines that are in no parent belong to whoever merges.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// `topic` and `main` each have a commit by Opus; they touch the same line where `conflict` says so.
fn diverged(conflict: bool) -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntopic\nthree\n", "topic");
    sandbox.ok(&["checkout", "-q", "main"]);
    let path = if conflict { "f.txt" } else { "g.txt" };
    sandbox.commit_by("claude-opus-5-5", path, "one\nmain\nthree\n", "main");
    sandbox
}

#[test]
fn a_clean_merge_has_a_note_and_no_trailer() {
    let mut drawn = String::new();
    for way in [
        &["merge", "-q", "--no-ff", "-m", "merged", "topic"][..],
        &["merge", "-q", "--no-edit", "topic"],
        &["merge", "-q", "--no-verify", "-m", "merged", "topic"],
        &["merge", "-q", "--edit", "topic"],
        &["pull", "-q", "--no-rebase", "--no-edit", ".", "topic"],
    ] {
        let sandbox = diverged(false);
        sandbox.today().editor(":").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git merge -q --no-ff -m merged topic
        | merged
        merge
        $ git merge -q --no-edit topic
        | Merge branch 'topic'
        merge
        $ git merge -q --no-verify -m merged topic
        | merged
        merge
        $ git merge -q --edit topic
        | Merge branch 'topic'
        merge
        $ git pull -q --no-rebase --no-edit . topic
        | Merge branch 'topic'
        merge
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_fast_forward_records_nothing_new() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntopic\nthree\n", "topic");
    sandbox.ok(&["checkout", "-q", "main"]);
    let before = sandbox.ok(&["rev-parse", "refs/notes/model"]);
    sandbox.today().ok(&["merge", "-q", "topic"]);
    assert_eq!(sandbox.ok(&["rev-parse", "refs/notes/model"]), before);
    expect![[r#"
        | topic
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -1
        f.txt
          Opus 5.5: topic
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn of_a_resolved_merge_only_the_resolution_is_declared() {
    let mut drawn = String::new();
    for way in [
        &["commit", "-q", "--no-edit"][..],
        &["commit", "-q", "-m", "resolved"],
        &["merge", "--continue"],
        &["commit", "-q", "--no-edit", "--no-verify"],
    ] {
        let sandbox = diverged(true);
        assert_eq!(sandbox.today().git(&["merge", "-q", "topic"]).code, 1);
        sandbox.stage("f.txt", "one\nmain\nresolved\ntopic\nthree\n");
        sandbox.today().editor(":").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git commit -q --no-edit
        | Merge branch 'topic'
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Sonnet 5.5 (implementation)
        merge
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
        $ git commit -q -m resolved
        | resolved
        |
        | Model: Sonnet 5.5 (implementation)
        merge
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
        $ git merge --continue
        | Merge branch 'topic'
        |
        | Model: Sonnet 5.5 (implementation)
        merge
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
        $ git commit -q --no-edit --no-verify
        | Merge branch 'topic'
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Sonnet 5.5 (implementation)
        merge
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_merge_resolved_to_one_side_has_no_trailer() {
    let sandbox = diverged(true);
    assert_eq!(sandbox.git(&["merge", "-q", "topic"]).code, 1);
    sandbox.ok(&["checkout", "--theirs", "f.txt"]);
    sandbox.ok(&["add", "f.txt"]);
    sandbox.today().ok(&["commit", "-q", "--no-edit"]);
    expect![[r#"
        | Merge branch 'topic'
        |
        | # Conflicts:
        | #	f.txt
        merge
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_merge_that_stops_before_its_commit_takes_what_is_added_then() {
    let sandbox = diverged(false);
    sandbox.ok(&["merge", "-q", "--no-commit", "--no-ff", "topic"]);
    sandbox.stage("h.txt", "by sonnet\n");
    sandbox.today().ok(&["commit", "-q", "-m", "merged"]);
    expect![[r#"
        | merged
        |
        | Model: Sonnet 5.5 (implementation)
        merge
        Sonnet 5.5 (implementation) declared +1 -0
        h.txt
          Sonnet 5.5: by sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn an_octopus_has_all_its_parents() {
    let sandbox = Sandbox::with_base();
    for branch in ["a", "b"] {
        sandbox.ok(&["checkout", "-q", "-b", branch, "main"]);
        sandbox.commit_by("claude-opus-5-5", &format!("{branch}.txt"), "opus\n", branch);
    }
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("m.txt", "main\n", "main");
    sandbox.today().ok(&["merge", "-q", "-m", "octopus", "a", "b"]);
    expect![[r#"
        | octopus
        merge
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn an_aborted_merge_leaves_nothing_to_the_next_commit() {
    let sandbox = diverged(true);
    assert_eq!(sandbox.git(&["merge", "-q", "topic"]).code, 1);
    sandbox.ok(&["merge", "--abort"]);
    sandbox.stage("f.txt", "one\nmain\nthree\nsonnet\n");
    sandbox.today().ok(&["commit", "-q", "-m", "plain"]);
    expect![[r#"
        | plain
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
