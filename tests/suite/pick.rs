//! `cherry-pick`: the picked lines keep the models that wrote them.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// `topic` has a commit by Opus; `main` is checked out.
fn topic_by_opus(main: Option<&str>) -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "of Opus");
    sandbox.ok(&["checkout", "-q", "main"]);
    match main {
        Some(content) => sandbox.commit("f.txt", content, "main"),
        None => sandbox.commit("g.txt", "main\n", "main"),
    }
    sandbox
}

#[test]
fn picked_lines_keep_their_model() {
    let mut drawn = String::new();
    for way in [
        &["cherry-pick", "topic"][..],
        &["cherry-pick", "-x", "topic"],
        &["cherry-pick", "-s", "topic"],
        &["cherry-pick", "-e", "topic"],
        &["cherry-pick", "--edit", "-x", "topic"],
    ] {
        let sandbox = topic_by_opus(None);
        sandbox.today().editor(":").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git cherry-pick topic
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        $ git cherry-pick -x topic
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | (cherry picked from commit <2>)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        $ git cherry-pick -s topic
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | Signed-off-by: Cora Committer <cora@example.org>
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        $ git cherry-pick -e topic
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        $ git cherry-pick --edit -x topic
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | (cherry picked from commit <2>)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn lines_move_with_what_stands_above_them() {
    let sandbox = topic_by_opus(Some("zero\none\ntwo\nthree\n"));
    let output = sandbox.today().git(&["cherry-pick", "topic"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_pick_without_a_commit_names_no_model_of_today() {
    let sandbox = topic_by_opus(None);
    sandbox.today().ok(&["cherry-pick", "-n", "topic"]);
    sandbox.today().ok(&["commit", "-q", "-m", "by hand"]);
    expect![[r#"
        | by hand
        cherry-pick
        unknown +1 -0
        f.txt
          unknown: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn of_a_resolved_pick_only_the_resolution_is_declared() {
    let mut drawn = String::new();
    for way in [
        &["cherry-pick", "--continue"][..],
        &["commit", "-q", "--no-edit"],
        &["commit", "-q", "-m", "resolved"],
        &["commit", "-q", "--no-edit", "--no-verify"],
    ] {
        let sandbox = topic_by_opus(Some("one\ntwo\nthree\nmain\n"));
        assert_eq!(sandbox.today().git(&["cherry-pick", "topic"]).code, 1);
        sandbox.stage("f.txt", "one\ntwo\nthree\nmain\nresolved\nopus\n");
        sandbox.today().editor(":").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git cherry-pick --continue
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
          Opus 5.5: opus
        $ git commit -q --no-edit
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
          Opus 5.5: opus
        $ git commit -q -m resolved
        | resolved
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
          Opus 5.5: opus
        $ git commit -q --no-edit --no-verify
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
          Opus 5.5: opus
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_pick_of_a_commit_without_a_note_is_unknown() {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit("f.txt", "one\n", "base");
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit("f.txt", "one\nold\n", "old\n\nModel: Opus 5.5 (implementation)");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.ok(&["model", "init"]);
    sandbox.commit("g.txt", "main\n", "main");
    sandbox.today().ok(&["cherry-pick", "topic"]);
    expect![[r#"
        | old
        |
        | Model: Opus 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +0 -0
        unknown +1 -0
        typed Opus 5.5 (implementation)
        f.txt
          unknown: old
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_range_of_picks_keeps_each_record() {
    let sandbox = topic_by_opus(None);
    sandbox.ok(&["checkout", "-q", "topic"]);
    sandbox.commit_by("claude-haiku-4-5", "h.txt", "haiku\n", "of Haiku");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.today().ok(&["cherry-pick", "topic~2..topic"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        cherry-pick <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        | of Haiku
        |
        | Model: Haiku 4.5 (implementation)
        cherry-pick <4>
        Haiku 4.5 (implementation) declared +1 -0
        h.txt
          Haiku 4.5: haiku
    "#]]
    .assert_eq(&(sandbox.drawn("HEAD~1") + &sandbox.drawn("HEAD")));
}

#[test]
fn a_pick_that_fast_forwards_needs_no_new_record() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "of Opus");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.today().ok(&["cherry-pick", "--ff", "topic"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
