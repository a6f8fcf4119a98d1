//! Every way to make a plain commit.

use expect_test::expect;

use crate::sandbox::Sandbox;

const WRITES_SUBJECT: &str = "sed -i '1s/^/subject/' \"$1\"";

/// Commits one more line by Opus in each way, on top of a commit by Haiku, and draws what came of it.
fn each_way(ways: &[&[&str]]) -> String {
    let mut drawn = String::new();
    for way in ways {
        let sandbox = Sandbox::with_base();
        sandbox.commit_by("claude-haiku-4-5", "g.txt", "haiku\n", "of Haiku");
        sandbox.write("template", "area: \n\n# why\nWhy:\n");
        sandbox.write("message", "from a file\n\nSigned-off-by: Ada <ada@example.org>\n");
        sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
        let invocation = sandbox.here().env("GIT_MODEL", "claude-opus-5-5").editor(WRITES_SUBJECT);
        let output = invocation.git(way);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{way:?}");
        drawn += &format!("$ git {}\n{}\n", way.join(" "), sandbox.drawn("HEAD"));
    }
    drawn
}

#[test]
fn a_declared_model_gets_the_lines_of_its_commit() {
    let sandbox = Sandbox::with_base();
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("f.txt", "one\ntwo\nthree\nfour\n", "second");
    expect![[r#"
        | second
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    expect![[r#"
        | base
        commit
        unknown +3 -0
        f.txt
          unknown: one
          unknown: two
          unknown: three
    "#]]
    .assert_eq(&sandbox.drawn("HEAD~1"));
}

#[test]
fn a_message_on_the_command_line_gets_its_trailer() {
    let drawn = each_way(&[
        &["commit", "-q", "-m", "x"],
        &["commit", "-q", "-m", "x", "-m", "body"],
        &["commit", "-q", "-s", "-m", "x"],
        &["commit", "-q", "-F", "message"],
        &["commit", "-q", "--fixup=HEAD"],
        &["commit", "-q", "--fixup=HEAD", "-m", "more"],
        &["commit", "-q", "--squash=HEAD", "-m", "more"],
        &["commit", "-q", "-m", "x", "--trailer", "Reviewed-by: Ada"],
    ]);
    expect![[r#"
        $ git commit -q -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -m x -m body
        | x
        |
        | body
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -s -m x
        | x
        |
        | Signed-off-by: Cora Committer <cora@example.org>
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -F message
        | from a file
        |
        | Signed-off-by: Ada <ada@example.org>
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --fixup=HEAD
        | fixup! of Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --fixup=HEAD -m more
        | fixup! of Haiku
        |
        | more
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --squash=HEAD -m more
        | squash! of Haiku
        |
        | more
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -m x --trailer Reviewed-by: Ada
        | x
        |
        | Reviewed-by: Ada
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_message_from_an_editor_gets_its_trailer() {
    let drawn = each_way(&[
        &["commit", "-q"],
        &["commit", "-q", "-v"],
        &["commit", "-q", "-s"],
        &["commit", "-q", "-e", "-m", " was given"],
        &["commit", "-q", "-t", "template"],
        &["-c", "commit.template=template", "commit", "-q"],
        &["-c", "commit.verbose=true", "commit", "-q"],
        &["commit", "-q", "--fixup=amend:HEAD"],
        &["commit", "-q", "--squash=HEAD"],
    ]);
    expect![[r#"
        $ git commit -q
        | subject
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -v
        | subject
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -s
        | subject
        |
        | Signed-off-by: Cora Committer <cora@example.org>
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -e -m  was given
        | subject was given
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -t template
        | subjectarea:
        |
        | Why:
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git -c commit.template=template commit -q
        | subjectarea:
        |
        | Why:
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git -c commit.verbose=true commit -q
        | subject
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --fixup=amend:HEAD
        | subjectamend! of Haiku
        |
        | of Haiku
        |
        | Model: Haiku 4.5 (implementation)
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        Haiku 4.5 (implementation) declared +0 -0
        typed Haiku 4.5 (implementation)
        f.txt
          Opus 5.5: four

        $ git commit -q --squash=HEAD
        | subjectsquash! of Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_reused_message_loses_the_trailers_that_its_new_lines_do_not_earn() {
    let drawn = each_way(&[
        &["commit", "-q", "-C", "HEAD"],
        &["commit", "-q", "-c", "HEAD"],
        &["commit", "-q", "-C", "@"],
        &["commit", "-q", "--reuse-message=HEAD~0"],
    ]);
    expect![[r#"
        $ git commit -q -C HEAD
        | of Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -c HEAD
        | subjectof Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -C @
        | of Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --reuse-message=HEAD~0
        | of Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_commit_that_skips_the_hooks_keeps_its_record() {
    let drawn = each_way(&[
        &["commit", "-q", "--no-verify", "-m", "x"],
        &["commit", "-q", "-nm", "x"],
        &["commit", "-q", "--no-verify", "-F", "message"],
        &["commit", "-q", "--no-verify"],
        &["commit", "-q", "--no-verify", "-v"],
        &["commit", "-q", "--no-verify", "-C", "HEAD"],
    ]);
    expect![[r#"
        $ git commit -q --no-verify -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q -nm x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --no-verify -F message
        | from a file
        |
        | Signed-off-by: Ada <ada@example.org>
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --no-verify
        | subject
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --no-verify -v
        | subject
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git commit -q --no-verify -C HEAD
        | of Haiku
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn an_alias_is_seen_as_what_it_stands_for() {
    let drawn = each_way(&[
        &["-c", "alias.ci=commit --no-verify", "ci", "-q", "-m", "x"],
        &["-c", "alias.ci=!git commit -q -m", "ci", "x"],
        &["-c", "alias.undo=commit --amend -C HEAD", "undo", "-q"],
    ]);
    expect![[r#"
        $ git -c alias.ci=commit --no-verify ci -q -m x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git -c alias.ci=!git commit -q -m ci x
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four

        $ git -c alias.undo=commit --amend -C HEAD undo -q
        | of Haiku
        |
        | Model: Haiku 4.5 (implementation)
        | Model: Opus 5.5 (implementation)
        amend <2>
        Haiku 4.5 (implementation) declared +1 -0
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
        g.txt
          Haiku 4.5: haiku

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn nothing_staged_is_no_commit_and_no_record() {
    let sandbox = Sandbox::with_base();
    sandbox.declare("claude-opus-5-5");
    let output = sandbox.git(&["commit", "-m", "x"]);
    assert_eq!(output.code, 1);
    assert_eq!(sandbox.ok(&["rev-list", "--count", "HEAD"]), "1\n");
    assert_eq!(sandbox.ok(&["notes", "--ref=model", "list"]).lines().count(), 1);
}

#[test]
fn an_empty_commit_has_a_note_and_no_trailer() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-haiku-4-5", "g.txt", "haiku\n", "of Haiku");
    let mut drawn = String::new();
    for way in [
        &["commit", "-q", "--allow-empty", "-m", "x"][..],
        &["commit", "-q", "--allow-empty", "-C", "HEAD~1"],
        &["commit", "-q", "--allow-empty", "--no-verify", "-m", "x"],
    ] {
        sandbox.today().ok(way);
        drawn += &sandbox.drawn("HEAD");
    }
    expect![[r#"
        | x
        commit
        | of Haiku
        commit
        | x
        commit
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn the_very_first_commit_is_recorded() {
    let sandbox = Sandbox::new();
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("f.txt", "one\n}\n", "root");
    expect![[r#"
        | root
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +2 -0
        f.txt
          Opus 5.5: one
          Opus 5.5: }
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
