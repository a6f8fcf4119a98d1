//! `merge --squash`: the lines keep the models of the commits that they come from, and their trailers return.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// `topic` has a commit by Opus and one by Haiku; `main` is behind, and nothing is declared there.
fn topic_of_two() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    let message = "first\n\nModel: Fable 5.1 (architecture)";
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", message);
    sandbox.commit_by("claude-haiku-4-5", "f.txt", "one\nopus\nthree\nhaiku\n", "second");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox
}

#[test]
fn squashed_lines_keep_their_models() {
    let mut drawn = String::new();
    for way in [
        &["commit", "-q", "-m", "all in one"][..],
        &["commit", "-q", "--no-edit"],
        &["commit", "-q"],
        &["commit", "-q", "--no-verify", "-m", "all in one"],
    ] {
        let sandbox = topic_of_two();
        sandbox.today().ok(&["merge", "-q", "--squash", "topic"]);
        sandbox.today().editor("sed -i '1s/^/all of it\\n\\n/' \"$1\"").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    let dated = |line: &&str| !line.starts_with("|     Date:") && !line.starts_with("| Date:");
    let drawn = drawn.lines().filter(dated).collect::<Vec<_>>().join("\n");
    expect![[r#"
        $ git commit -q -m all in one
        | all in one
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        squash <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Haiku 4.5: haiku
        $ git commit -q --no-edit
        | Squashed commit of the following:
        |
        | commit <3>
        | Author: Ada Author <ada@example.org>
        |
        |     second
        |
        |     Model: Haiku 4.5 (implementation)
        |
        | commit <2>
        | Author: Ada Author <ada@example.org>
        |
        |     first
        |
        |     Model: Fable 5.1 (architecture)
        |     Model: Opus 5.5 (implementation)
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        squash <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Haiku 4.5: haiku
        $ git commit -q
        | all of it
        |
        | Squashed commit of the following:
        |
        | commit <3>
        | Author: Ada Author <ada@example.org>
        |
        |     second
        |
        |     Model: Haiku 4.5 (implementation)
        |
        | commit <2>
        | Author: Ada Author <ada@example.org>
        |
        |     first
        |
        |     Model: Fable 5.1 (architecture)
        |     Model: Opus 5.5 (implementation)
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        squash <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Haiku 4.5: haiku
        $ git commit -q --no-verify -m all in one
        | all in one
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        squash <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        Haiku 4.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Haiku 4.5: haiku"#]]
    .assert_eq(&drawn);
}

#[test]
fn what_is_added_to_a_squash_is_of_whom_is_declared() {
    let sandbox = topic_of_two();
    sandbox.today().ok(&["merge", "-q", "--squash", "topic"]);
    sandbox.stage("f.txt", "sonnet\none\nopus\nthree\nhaiku\n");
    sandbox.today().ok(&["commit", "-q", "-m", "all in one"]);
    expect![[r#"
        | all in one
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        squash <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        Haiku 4.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
          Opus 5.5: opus
          Haiku 4.5: haiku
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_squash_of_commits_without_records_is_unknown() {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit("f.txt", "one\n", "base");
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit("f.txt", "one\nold\n", "old");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.ok(&["model", "init"]);
    sandbox.today().ok(&["merge", "-q", "--squash", "topic"]);
    sandbox.today().ok(&["commit", "-q", "-m", "all in one"]);
    expect![[r#"
        | all in one
        squash <2>
        unknown +1 -0
        f.txt
          unknown: old
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_squash_with_a_conflict_keeps_what_was_not_resolved() {
    let sandbox = topic_of_two();
    sandbox.commit("f.txt", "one\nmain\nthree\n", "main");
    assert_eq!(sandbox.today().git(&["merge", "-q", "--squash", "topic"]).code, 1);
    sandbox.stage("f.txt", "one\nresolved\nopus\nthree\nhaiku\n");
    sandbox.today().ok(&["commit", "-q", "-m", "all in one"]);
    expect![[r#"
        | all in one
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        | Model: Haiku 4.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        squash <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        Haiku 4.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: resolved
          Opus 5.5: opus
          Haiku 4.5: haiku
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
