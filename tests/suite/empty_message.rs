//! Messages that Git refuses must stay refused: no trailer of ours may fill them.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// Runs each way with Opus declared and something staged; says what Git did.
fn each_way(ways: &[(&str, &[&str])]) -> String {
    let mut shown = String::new();
    for (editor, way) in ways {
        let sandbox = Sandbox::with_base();
        sandbox.write("template", "area: \n\n# why\nWhy:\n");
        sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
        let invocation = sandbox.here().env("GIT_MODEL", "claude-opus-5-5").editor(editor);
        let output = invocation.git(way);
        shown += &format!("$ git {} ({editor})\n{}: {}", way.join(" "), output.code, output.stderr);
        let made = sandbox.ok(&["rev-list", "--count", "HEAD"]) != "1\n";
        let notes = sandbox.ok(&["notes", "--ref=model", "list"]).lines().count();
        shown += &if made { sandbox.drawn("HEAD") } else { format!("no commit, {notes} note\n") };
    }
    shown
}

#[test]
fn an_empty_message_stays_empty() {
    let shown = each_way(&[
        (":", &["commit", "-q"]),
        (":", &["commit", "-q", "-v"]),
        (":", &["commit", "-q", "-s"]),
        (":", &["commit", "-q", "--no-verify"]),
        ("> \"$1\"", &["commit", "-q"]),
        (":", &["commit", "-q", "-m", ""]),
        (":", &["commit", "-q", "-m", "", "-s"]),
        (":", &["commit", "-q", "-m", "", "--no-verify"]),
        (":", &["commit", "-q", "-m", "", "--cleanup=verbatim"]),
        (":", &["commit", "-q", "--cleanup=scissors"]),
    ]);
    expect![[r#"
        $ git commit -q (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q -v (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q -s (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q --no-verify (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q (> "$1")
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q -m  (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q -m  -s (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q -m  --no-verify (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q -m  --cleanup=verbatim (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
        $ git commit -q --cleanup=scissors (:)
        1: Aborting commit due to empty commit message.
        no commit, 1 note
    "#]]
    .assert_eq(&shown);
}

#[test]
fn an_untouched_template_stays_one() {
    let shown = each_way(&[
        (":", &["commit", "-q", "-t", "template"]),
        (":", &["commit", "-q", "-t", "template", "-s"]),
        (":", &["commit", "-q", "-t", "template", "--no-verify"]),
        (":", &["-c", "commit.template=template", "commit", "-q"]),
        (":", &["commit", "-q", "-v", "-t", "template"]),
        ("sed -i 's/Why:/Why: so/' \"$1\"", &["commit", "-q", "-t", "template"]),
    ]);
    expect![[r#"
        $ git commit -q -t template (:)
        1: Aborting commit; you did not edit the message.
        no commit, 1 note
        $ git commit -q -t template -s (:)
        1: Aborting commit; you did not edit the message.
        no commit, 1 note
        $ git commit -q -t template --no-verify (:)
        1: Aborting commit; you did not edit the message.
        no commit, 1 note
        $ git -c commit.template=template commit -q (:)
        1: Aborting commit; you did not edit the message.
        no commit, 1 note
        $ git commit -q -v -t template (:)
        1: Aborting commit; you did not edit the message.
        no commit, 1 note
        $ git commit -q -t template (sed -i 's/Why:/Why: so/' "$1")
        0: | area:
        |
        | Why: so
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_message_that_may_be_empty_stays_empty_and_is_recorded() {
    let shown = each_way(&[
        (":", &["commit", "-q", "--allow-empty-message", "-m", ""]),
        (":", &["commit", "-q", "--allow-empty-message"]),
        (":", &["commit", "-q", "--allow-empty-message", "--no-verify", "-m", ""]),
    ]);
    expect![[r#"
        $ git commit -q --allow-empty-message -m  (:)
        0: |
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
        $ git commit -q --allow-empty-message (:)
        0: |
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
        $ git commit -q --allow-empty-message --no-verify -m  (:)
        0: |
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&shown);
}

#[test]
fn an_editor_that_fails_makes_no_commit() {
    let shown = each_way(&[("false", &["commit", "-q"]), ("exit 1", &["commit", "-q", "--amend"])]);
    // Git 2.39 words it otherwise.
    let shown = shown.replace("There was", "there was").replace("editor'.\n", "editor'\n");
    expect![[r#"
        $ git commit -q (false)
        1: error: there was a problem with the editor 'sh -c 'false' editor'
        Please supply the message using either -m or -F option.
        no commit, 1 note
        $ git commit -q --amend (exit 1)
        1: error: there was a problem with the editor 'sh -c 'exit 1' editor'
        Please supply the message using either -m or -F option.
        no commit, 1 note
    "#]]
    .assert_eq(&shown);
}
