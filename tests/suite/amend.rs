//! `commit --amend` in all its forms: what was recorded stays with its lines.

use expect_test::expect;

use crate::sandbox::Sandbox;

const EDITS_SUBJECT: &str = "sed -i '1s/^/edited /' \"$1\"";

/// A commit by Opus on the base.
fn by_opus() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "of Opus");
    sandbox
}

/// Amends in each way while Sonnet is declared, and draws what came of it.
fn each_way(content: Option<&str>, ways: &[&[&str]]) -> String {
    let mut drawn = String::new();
    for way in ways {
        let sandbox = by_opus();
        if let Some(content) = content {
            sandbox.stage("f.txt", content);
        }
        let output = sandbox.today().editor(EDITS_SUBJECT).input("from input\n").git(way);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{way:?}");
        drawn += &format!("$ git {}\n{}\n", way.join(" "), sandbox.drawn("HEAD"));
        assert_eq!(sandbox.ok(&["notes", "--ref=model", "list"]).lines().count(), 3, "{way:?}");
    }
    drawn
}

#[test]
fn amending_the_message_alone_keeps_the_record() {
    let drawn = each_way(
        None,
        &[
            &["commit", "-q", "--amend", "--no-edit"],
            &["commit", "-q", "--amend"],
            &["commit", "-q", "--amend", "-m", "new text"],
            &["commit", "-q", "--amend", "-F", "-"],
        ],
    );
    expect![[r#"
        $ git commit -q --amend --no-edit
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend
        | edited of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend -m new text
        | new text
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend -F -
        | from input
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn amending_in_less_usual_ways_keeps_the_record() {
    let drawn = each_way(
        None,
        &[
            &["commit", "-q", "--amend", "--no-edit", "--reset-author"],
            &["commit", "-q", "--amend", "-m", "new text", "--reset-author"],
            &["commit", "-q", "--amend", "-m", "new text", "--date=2020-02-02T02:02:02Z"],
            &["commit", "-q", "--amend", "--no-edit", "--no-verify"],
            &["commit", "-q", "--amend", "-m", "new text", "--no-verify"],
            &["commit", "-q", "--amend", "--no-verify"],
            &["commit", "-q", "--amend", "-C", "HEAD~1"],
            &["commit", "-q", "--amend", "--only", "-m", "new text"],
        ],
    );
    expect![[r#"
        $ git commit -q --amend --no-edit --reset-author
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend -m new text --reset-author
        | new text
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend -m new text --date=2020-02-02T02:02:02Z
        | new text
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend --no-edit --no-verify
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend -m new text --no-verify
        | new text
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend --no-verify
        | edited of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend -C HEAD~1
        | base
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

        $ git commit -q --amend --only -m new text
        | new text
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn new_lines_of_an_amend_are_of_whom_is_declared_now() {
    let drawn = each_way(
        Some("sonnet\none\ntwo\nthree\nopus\n"),
        &[
            &["commit", "-q", "--amend", "--no-edit"],
            &["commit", "-q", "--amend", "-m", "new text"],
            &["commit", "-q", "--amend", "--no-edit", "--no-verify"],
            &["commit", "-q", "--amend", "--no-verify"],
        ],
    );
    expect![[r#"
        $ git commit -q --amend --no-edit
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
          Opus 5.5: opus

        $ git commit -q --amend -m new text
        | new text
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
          Opus 5.5: opus

        $ git commit -q --amend --no-edit --no-verify
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
          Opus 5.5: opus

        $ git commit -q --amend --no-verify
        | edited of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
          Opus 5.5: opus

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_model_whose_lines_an_amend_replaces_loses_its_trailer() {
    let drawn = each_way(
        Some("one\ntwo\nthree\nsonnet\n"),
        &[
            &["commit", "-q", "--amend", "--no-edit"],
            &["commit", "-q", "--amend", "-m", "new text"],
            &["commit", "-q", "--amend", "--no-edit", "--no-verify"],
        ],
    );
    expect![[r#"
        $ git commit -q --amend --no-edit
        | of Opus
        |
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet

        $ git commit -q --amend -m new text
        | new text
        |
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet

        $ git commit -q --amend --no-edit --no-verify
        | of Opus
        |
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: sonnet

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn amend_all_takes_the_work_tree() {
    let sandbox = by_opus();
    sandbox.write("f.txt", "one\ntwo\nthree\nopus\nsonnet\n");
    sandbox.today().ok(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn amending_a_commit_without_a_note_makes_nobody_its_author() {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit("f.txt", "one\n", "base");
    sandbox.commit("f.txt", "one\nold\n", "before us\n\nModel: Opus 5.5 (implementation)");
    sandbox.commit("g.txt", "older\n", "no trailer");
    sandbox.ok(&["model", "init"]);
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    let without_trailer = sandbox.drawn("HEAD");
    sandbox.ok(&["reset", "-q", "--hard", "HEAD~1"]);
    sandbox.stage("f.txt", "one\nold\nnew\n");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | no trailer
        amend <3>
        unknown +1 -0
        g.txt
          unknown: older
        | before us
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Sonnet 5.5 (implementation) declared +1 -0
        Opus 5.5 (implementation) declared +0 -0
        unknown +1 -0
        typed Opus 5.5 (implementation)
        f.txt
          unknown: old
          Sonnet 5.5: new
    "#]]
    .assert_eq(&(without_trailer + &sandbox.drawn("HEAD")));
}

#[test]
fn a_trailer_that_a_person_typed_stays_until_the_person_removes_it() {
    let sandbox = Sandbox::with_base();
    let message = "planned\n\nModel: Fable 5.1 (architecture)";
    sandbox.stage("f.txt", "one\ntwo\nthree\nopus\n");
    sandbox.here().env("GIT_MODEL", "claude-opus-5-5").ok(&["commit", "-q", "-m", message]);
    let typed = sandbox.drawn("HEAD");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    let kept = sandbox.drawn("HEAD");
    sandbox.today().ok(&["commit", "-q", "--amend", "-m", "other text"]);
    let renamed = sandbox.drawn("HEAD");
    let removes = sandbox.today().editor("sed -i '/Fable/d' \"$1\"");
    removes.ok(&["commit", "-q", "--amend"]);
    expect![[r#"
        | planned
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        commit
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -0
        typed Fable 5.1 (architecture)
        f.txt
          Opus 5.5: opus

        | planned
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        amend <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -0
        typed Fable 5.1 (architecture)
        f.txt
          Opus 5.5: opus

        | other text
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        amend <3>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -0
        typed Fable 5.1 (architecture)
        f.txt
          Opus 5.5: opus

        | other text
        |
        | Model: Opus 5.5 (implementation)
        amend <4>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&[typed, kept, renamed, sandbox.drawn("HEAD")].join("\n"));
}

#[test]
fn a_trailer_of_ours_that_a_person_removes_comes_back_while_its_lines_are_there() {
    let sandbox = by_opus();
    sandbox.today().editor("sed -i '/Model:/d' \"$1\"").ok(&["commit", "-q", "--amend"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn amending_twice_in_a_row_keeps_each_line_with_its_model() {
    let sandbox = by_opus();
    sandbox.stage("f.txt", "sonnet\none\ntwo\nthree\nopus\n");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    sandbox.stage("f.txt", "sonnet\none\ntwo\nthree\nhuman\nopus\n");
    let human = sandbox.here().env("GIT_MODEL", "human");
    human.ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | of Opus
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <3>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        human declared +1 -0
        f.txt
          Sonnet 5.5: sonnet
          human: human
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn amending_the_root_commit_works() {
    let sandbox = Sandbox::new();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "opus\n", "root");
    sandbox.stage("f.txt", "opus\nsonnet\n");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | root
        |
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        amend <1>
        Opus 5.5 (implementation) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn amending_a_merge_keeps_its_resolution() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit("f.txt", "one\ntopic\nthree\n", "topic");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("f.txt", "one\nmain\nthree\n", "main");
    assert_eq!(sandbox.git(&["merge", "-q", "topic"]).code, 1);
    sandbox.stage("f.txt", "one\nboth\nthree\n");
    let opus = sandbox.here().env("GIT_MODEL", "claude-opus-5-5");
    opus.ok(&["commit", "-q", "-m", "merged"]);
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | merged
        |
        | Model: Opus 5.5 (implementation)
        amend <4>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: both
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
