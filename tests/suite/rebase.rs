//! `rebase`: every line keeps the model that wrote it, wherever its commit goes.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// `topic`: a commit by Opus, one by Haiku, one more by Opus. `main` has gone on above their lines.
fn topic_of_three() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "A");
    sandbox.commit_by("claude-haiku-4-5", "g.txt", "haiku\n", "B");
    sandbox.commit_by("claude-opus-5-5", "g.txt", "haiku\nopus\n", "C");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("f.txt", "zero\none\ntwo\nthree\n", "main");
    sandbox.ok(&["checkout", "-q", "topic"]);
    sandbox
}

fn drawn(sandbox: &Sandbox, revisions: &[&str]) -> String {
    revisions.iter().map(|revision| sandbox.drawn(revision)).collect::<Vec<_>>().join("\n")
}

const THREE: &[&str] = &["HEAD~2", "HEAD~1", "HEAD"];

#[test]
fn a_rebase_carries_every_record() {
    let sandbox = topic_of_three();
    sandbox.today().ok(&["rebase", "-q", "main"]);
    let expected = drawn(&sandbox, THREE);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: haiku

        | C
        |
        | Model: Opus 5.5 (implementation)
        rebase <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&expected);
}

#[test]
fn every_backend_and_way_of_a_rebase_gives_the_same() {
    let merge = topic_of_three();
    merge.today().ok(&["rebase", "-q", "main"]);
    let expected = drawn(&merge, THREE);
    for way in [
        &["rebase", "-q", "--apply", "main"][..],
        &["rebase", "-q", "-i", "main"],
        &["rebase", "-q", "--force-rebase", "main"],
        &["rebase", "-q", "--exec", "true", "main"],
        &["rebase", "-q", "--rebase-merges", "main"],
        &["pull", "-q", "--rebase", ".", "main"],
    ] {
        let sandbox = topic_of_three();
        sandbox.today().todo(":").ok(way);
        assert_eq!(drawn(&sandbox, THREE), expected, "{way:?}");
    }
}

#[test]
fn a_reworded_commit_keeps_its_record() {
    let sandbox = topic_of_three();
    let invocation = sandbox.today().todo("sed -i 's/^pick/reword/' \"$1\"");
    invocation.editor("sed -i '1s/^/reworded /' \"$1\"").ok(&["rebase", "-q", "-i", "main"]);
    expect![[r#"
        | reworded A
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        | reworded B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: haiku

        | reworded C
        |
        | Model: Opus 5.5 (implementation)
        rebase <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn(&sandbox, THREE));
}

#[test]
fn a_commit_edited_at_a_stop_gets_its_new_lines_from_whom_is_declared() {
    let sandbox = topic_of_three();
    sandbox.today().todo("sed -i '1s/^pick/edit/' \"$1\"").ok(&["rebase", "-q", "-i", "main"]);
    sandbox.stage("f.txt", "zero\none\ntwo\nthree\nopus\nsonnet\n");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    sandbox.today().ok(&["rebase", "--continue"]);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Sonnet 5.5: sonnet

        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: haiku

        | C
        |
        | Model: Opus 5.5 (implementation)
        rebase <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn(&sandbox, THREE));
}

#[test]
fn a_commit_edited_and_continued_without_a_commit_is_nobodys_of_today() {
    let sandbox = topic_of_three();
    sandbox.today().todo("sed -i '1s/^pick/edit/' \"$1\"").ok(&["rebase", "-q", "-i", "main"]);
    sandbox.stage("f.txt", "zero\none\ntwo\nthree\nopus\nadded\n");
    sandbox.today().editor(":").ok(&["rebase", "--continue"]);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        unknown +1 -0
        f.txt
          Opus 5.5: opus
          unknown: added

        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: haiku

        | C
        |
        | Model: Opus 5.5 (implementation)
        rebase <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn(&sandbox, THREE));
}

#[test]
fn a_commit_split_at_a_stop_keeps_the_lines_of_both_halves() {
    let sandbox = topic_of_three();
    sandbox.today().todo("sed -i '3s/^pick/edit/' \"$1\"").ok(&["rebase", "-q", "-i", "main"]);
    sandbox.ok(&["reset", "-q", "--soft", "HEAD~1"]);
    sandbox.today().ok(&["commit", "-q", "-m", "again"]);
    sandbox.commit("h.txt", "new\n", "more");
    sandbox.today().ok(&["rebase", "--continue"]);
    expect![[r#"
        | again
        |
        | Model: Opus 5.5 (implementation)
        commit <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus

        | more
        rebase <4>
        unknown +1 -0
        h.txt
          unknown: new
    "#]]
    .assert_eq(&drawn(&sandbox, &["HEAD~1", "HEAD"]));
}

#[test]
fn of_a_resolved_step_the_unresolved_lines_keep_their_model() {
    let mut drawn = Vec::new();
    for backend in ["--merge", "--apply"] {
        let sandbox = Sandbox::with_base();
        sandbox.ok(&["checkout", "-q", "-b", "topic"]);
        let two = "one\nopus\nthree\nopus\n";
        sandbox.commit_by("claude-opus-5-5", "f.txt", two, "A");
        sandbox.ok(&["checkout", "-q", "main"]);
        sandbox.commit("f.txt", "one\nmain\nthree\n", "main");
        sandbox.ok(&["checkout", "-q", "topic"]);
        assert_eq!(sandbox.today().git(&["rebase", "-q", backend, "main"]).code, 1);
        sandbox.stage("f.txt", "one\nresolved\nthree\nopus\n");
        sandbox.today().editor(":").ok(&["rebase", "--continue"]);
        drawn.push(sandbox.drawn("HEAD"));
    }
    assert_eq!(drawn[0], drawn[1]);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -1
        unknown +1 -0
        f.txt
          unknown: resolved
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn[0]);
}

#[test]
fn a_resolved_step_that_a_person_commits_has_the_resolution_declared() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\nopus\n", "A");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("f.txt", "one\nmain\nthree\n", "main");
    sandbox.ok(&["checkout", "-q", "topic"]);
    assert_eq!(sandbox.today().git(&["rebase", "-q", "main"]).code, 1);
    sandbox.stage("f.txt", "one\nresolved\nthree\nopus\n");
    sandbox.today().ok(&["commit", "-q", "--no-edit"]);
    sandbox.today().ok(&["rebase", "--continue"]);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        unknown +0 -1
        f.txt
          Sonnet 5.5: resolved
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn squashed_steps_unite_their_records() {
    let mut shown = String::new();
    for step in ["squash", "fixup", "fixup -C", "fixup -c"] {
        let sandbox = topic_of_three();
        let script = format!("sed -i '2s/^pick/{step}/; 3s/^pick/{step}/' \"$1\"");
        sandbox.today().todo(&script).editor(":").ok(&["rebase", "-q", "-i", "main"]);
        shown += &format!("{step}\n{}", sandbox.drawn("HEAD"));
    }
    expect![[r#"
        squash
        | A
        |
        | Model: Opus 5.5 (implementation)
        |
        | B
        |
        | Model: Haiku 4.5 (implementation)
        |
        | C
        |
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        rebase <4> <3> <2>
        Opus 5.5 (implementation) declared +2 -0
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        g.txt
          Haiku 4.5: haiku
          Opus 5.5: opus
        fixup
        | A
        |
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        rebase <4> <3> <2>
        Opus 5.5 (implementation) declared +2 -0
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        g.txt
          Haiku 4.5: haiku
          Opus 5.5: opus
        fixup -C
        | C
        |
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        rebase <4> <3> <2>
        Opus 5.5 (implementation) declared +2 -0
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        g.txt
          Haiku 4.5: haiku
          Opus 5.5: opus
        fixup -c
        | C
        |
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        rebase <4> <3> <2>
        Opus 5.5 (implementation) declared +2 -0
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        g.txt
          Haiku 4.5: haiku
          Opus 5.5: opus
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_squash_after_a_conflict_unites_their_records() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", "A");
    sandbox.commit_by("claude-haiku-4-5", "f.txt", "one\nopus\nthree\nhaiku\n", "B");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("f.txt", "one\nmain\nthree\n", "main");
    sandbox.ok(&["checkout", "-q", "topic"]);
    let start = sandbox.today().todo("sed -i '2s/^pick/squash/' \"$1\"");
    assert_eq!(start.git(&["rebase", "-q", "-i", "main"]).code, 1);
    sandbox.stage("f.txt", "one\nmain\nopus\nthree\n");
    sandbox.today().editor(":").ok(&["rebase", "--continue"]);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        |
        | B
        |
        | Model: Haiku 4.5 (implementation)
        | Model: Opus 5.5 (implementation)
        rebase <3> <2>
        Haiku 4.5 (implementation) declared +1 -0
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Haiku 4.5: haiku
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn autosquash_gives_the_fixed_lines_to_whom_fixed_them() {
    let sandbox = topic_of_three();
    sandbox.declare("claude-haiku-4-5");
    sandbox.stage("f.txt", "one\ntwo\nthree\nopus\nfixed by haiku\n");
    sandbox.ok(&["commit", "-q", "--fixup=HEAD~2"]);
    sandbox.today().todo(":").ok(&["rebase", "-q", "-i", "--autosquash", "main"]);
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        rebase <6> <2>
        Haiku 4.5 (implementation) declared +1 -0
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Haiku 4.5: fixed by haiku

        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: haiku

        | C
        |
        | Model: Opus 5.5 (implementation)
        rebase <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn(&sandbox, THREE));
}

#[test]
fn commits_in_another_order_keep_their_records() {
    let sandbox = topic_of_three();
    sandbox.today().todo("sed -i '1{h;d};3G' \"$1\"").ok(&["rebase", "-q", "-i", "main"]);
    expect![[r#"
        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: haiku

        | C
        |
        | Model: Opus 5.5 (implementation)
        rebase <4>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus

        | A
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn(&sandbox, THREE));
}

#[test]
fn an_aborted_rebase_leaves_nothing_to_the_next_commit() {
    let sandbox = topic_of_three();
    sandbox.today().todo("sed -i '1s/^pick/edit/' \"$1\"").ok(&["rebase", "-q", "-i", "main"]);
    sandbox.ok(&["rebase", "--abort"]);
    sandbox.stage("h.txt", "sonnet\n");
    sandbox.today().ok(&["commit", "-q", "-m", "plain"]);
    expect![[r#"
        | plain
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        h.txt
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_root_rebase_carries_every_record() {
    let sandbox = Sandbox::new();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "opus\n", "root");
    sandbox.commit_by("claude-haiku-4-5", "f.txt", "opus\nhaiku\n", "next");
    let invocation = sandbox.today().todo("sed -i 's/^pick/reword/' \"$1\"");
    let invocation = invocation.editor("sed -i '1s/^/reworded /' \"$1\"");
    invocation.ok(&["rebase", "-q", "-i", "--root"]);
    expect![[r#"
        | reworded root
        |
        | Model: Opus 5.5 (implementation)
        rebase <1>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        | reworded next
        |
        | Model: Haiku 4.5 (implementation)
        rebase <2>
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Haiku 4.5: haiku
    "#]]
    .assert_eq(&drawn(&sandbox, &["HEAD~1", "HEAD"]));
}
